"""f(z) = log|z·eᶻ|: a log-amplitude, a real value of a complex input; |z·eᶻ| itself overflows."""

import tensorflow as tf

from argand.catalogue._numerics.fast_path import beyond, either, within
from argand.catalogue._numerics.log_size import log_size
from argand.catalogue._numerics.scaled import scaled, scaled_complex
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, two_sum
from argand.subject import plane, subject


@subject(
    r"f(z) = \log\left|z\,e^{z}\right|",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "Re z > 709.78 or < -745 (complex128), > 88.72 or < -104 (complex64): eᶻ is out of range",
        "|z|·e^(Re z) = 1, as at z = 0.5671 (zero of f)",
        "z = -1 (zero of the gradient)",
        "z = 0 (pole)",
    ),
)
def log_modulus(z):
    """∂f/∂z = (1 + 1/z)/2, and ∂f/∂z̄ its conjugate; the gradient is u·conj(1 + 1/z)."""
    return tf.math.log(tf.abs(z * tf.exp(z)))


@log_modulus.variant
@tf.custom_gradient
def custom(z, /):
    """log|z| + Re z, with gradient u·conj(1 + 1/z): no exponential is left."""

    def grad(upstream):
        return tf.cast(upstream, z.dtype) * tf.math.conj(1 + 1 / z)

    return tf.math.log(tf.abs(z)) + tf.math.real(z), grad


@log_modulus.variant(
    limits=(
        "complex128: near the curve |z|·e^(Re z) = 1 the sum of Re z and log|z| is small "
        "and loses the digits that cancel: log|z| is known to some 60 bits. At a distance of 1e-3 "
        "it is off by up to 6 ulp.",
        SUBNORMAL_LIMIT,
    )
)
@tf.custom_gradient
def stable(z, /):
    """Re z + log|z|, with log|z| to 60 digits since both may cancel, and u·conj((1 + z)/z), whose
    small 1 + z near the zero is exact. Quotients are scaled by powers of two.
    In complex64 both are formed in complex128."""
    return _in_double(z) if z.dtype == tf.complex64 else _careful(z)


def _in_double(z):
    wide = tf.cast(z, tf.complex128)
    x, y = tf.math.real(wide), tf.math.imag(wide)

    def grad(upstream):
        slope = (1 + wide) / wide
        return tf.cast(tf.cast(upstream, wide.dtype) * tf.math.conj(slope), z.dtype)

    return tf.cast(x + 0.5 * tf.math.log(x * x + y * y), tf.float32), grad


def _careful(z):
    x = tf.math.real(z)
    a = scaled_complex(z)
    log_z, rest = log_size(a)
    total, minus_error = two_sum(x, log_z)
    value = tf.where(tf.math.is_inf(log_z), log_z, total + (rest - minus_error))
    ordinary = within(2.0**400, z) & beyond(2.0**-400, z)

    def careful(upstream):
        u = scaled(upstream, tf.zeros_like(upstream))
        quotient = scaled_complex(tf.math.conj(1 + z)).divided_by_conj(a)
        return u.times(quotient).number()

    def grad(upstream):
        return either(
            ordinary & within(2.0**400, upstream),
            lambda: tf.cast(upstream, z.dtype) * tf.math.conj((1 + z) / z),
            lambda: careful(upstream),
        )

    return value, grad
