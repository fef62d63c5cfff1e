"""f(z) = log z, the principal logarithm: near |z| = 1 and for large z the plain one loses it."""

import tensorflow as tf

from argand.catalogue._numerics.fast_path import beyond, either, within
from argand.catalogue._numerics.log_size import log_size
from argand.catalogue._numerics.scaled import scaled_complex
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT
from argand.subject import plane, subject


@subject(
    r"f(z) = \log z",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 1 (zero of f: |z|² rounds to 1)",
        "Im z = ±0 with Re z < 0 (branch cut: the sign of the zero is the side)",
        "z = 0 (pole)",
        "|z| > 1.8e19 (complex64): from length 4 on, TensorFlow's value is NaN",
        "|z| < 1e-154 (complex64: 1e-19): |z|² vanishes",
    ),
)
def log(z):
    """∂f/∂z = 1/z, ∂f/∂z̄ = 0; the gradient is u·conj(1/z)."""
    return tf.math.log(z)


@log.variant
@tf.custom_gradient
def custom(z, /):
    """u/z̄, with Log's own value."""

    def grad(upstream):
        return upstream / tf.math.conj(z)

    return tf.math.log(z), grad


@log.variant(
    limits=(
        f"{SUBNORMAL_LIMIT}: at 5e-324 the value is −inf, the exact one −744.4.",
        "The value in complex128, eager and graph, is off by up to 4.0 ulp, beyond 3 in one of "
        "200,000 samples: TensorFlow's Atan2 is so at 0.6998-0.7143j.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """Ordinarily u/z̄, and log1p(|z|² − 1)/2 for log|z| near |z| = 1 (Hull, Fairgrieve and Tang
    1994). Else log|z| is 2·artanh((m − 1)/(m + 1)) of |z|² = m·2ʲ in two parts, and the gradient
    u·z/|z|² is scaled by powers of four, last. In complex64 the plain algebra in complex128."""
    return _in_double(z) if z.dtype == tf.complex64 else _in_range(z)


def _in_double(z):
    # Of a float32 nothing here leaves float64's range, nor loses more digits than float64 has.
    wide = tf.cast(z, tf.complex128)
    x, y = tf.math.real(wide), tf.math.imag(wide)
    value = tf.complex(0.5 * tf.math.log(x * x + y * y), tf.atan2(y, x))

    def grad(upstream):
        return tf.cast(tf.cast(upstream, tf.complex128) / tf.math.conj(wide), tf.complex64)

    return tf.cast(value, tf.complex64), grad


def _in_range(z):
    ordinary = within(2.0**400, z) & beyond(2.0**-400, z)
    x, y = tf.math.real(z), tf.math.imag(z)
    size = either(ordinary, lambda: _size(x, y), lambda: tf.add(*log_size(scaled_complex(z))))

    def grad(upstream):
        return either(
            ordinary & within(2.0**400, upstream),
            lambda: upstream / tf.math.conj(z),
            lambda: _careful_gradient(z, upstream),
        )

    return tf.complex(size, tf.atan2(y, x)), grad


def _size(x, y):
    """log|z|; log1p(|z|² − 1)/2 near |z| = 1 (Hull, Fairgrieve and Tang 1994)."""
    a, b = tf.abs(x), tf.abs(y)
    p, q = tf.maximum(a, b), tf.minimum(a, b)
    above = (p - 1) * (p + 1) + q * q
    near = tf.abs(above) < 0.5
    return 0.5 * tf.where(
        near, tf.math.log1p(tf.where(near, above, 0 * p)), tf.math.log(p * p + q * q)
    )


def _careful_gradient(z, upstream):
    return scaled_complex(upstream).divided_by_conj(scaled_complex(z)).number()
