"""f(z) = z·eᶻ, holomorphic: the gradient needs a conjugate that is easy to forget."""

import tensorflow as tf

from argand.catalogue._numerics.exponential import FARTHEST, cis, reduced_exp
from argand.catalogue._numerics.fast_path import UP, either, last, within
from argand.catalogue._numerics.holomorphic import exp_in_double
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, halves, quartered
from argand.subject import plane, subject


@subject(
    r"f(z) = z\,e^{z}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 0 (zero of f)",
        "z = -1 (zero of the gradient)",
        "Re z = 709.78 (complex128) or 88.72 (complex64): overflow",
        "Re z = -708 … -716: eᶻ is subnormal, z·eᶻ is not",
    ),
)
def z_exp_z(z):
    """∂f/∂z = (1 + z)·eᶻ, ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return z * tf.exp(z)


@z_exp_z.variant
@tf.custom_gradient
def published(z):
    """u·(eᶻ + z·eᶻ), as printed: the conjugate is forgotten."""
    exp_z = tf.exp(z)

    def grad(upstream):
        return upstream * (exp_z + z * exp_z)

    return z * exp_z, grad


@z_exp_z.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj((1 + z)·eᶻ): one exponential, shared by value and gradient."""
    exp_z = tf.exp(z)

    def grad(upstream):
        return upstream * tf.math.conj((1 + z) * exp_z)

    return z * exp_z, grad


@z_exp_z.variant(
    limits=(
        f"{SUBNORMAL_LIMIT}: at 2270+5e-324j the imaginary part is 0, the exact one inf.",
        "The value is off by up to 3.5 ulp, beyond 3 in some of 10⁶ samples of the window, in "
        "complex64 (eager, graph) and in the careful form in complex128 (XLA has no other): Exp "
        "is off by 1.6 and 1.2 ε there.",
        "The gradient in complex128, eager and graph, is off by up to 4.5 ulp in the careful form, "
        "beyond 4 in one of some 60,000 samples: Exp is Eigen's there (1 ulp), and two complex "
        "products follow it.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """Ordinarily ``custom``'s algebra, its gradient's products 2⁶⁴ times as large, so that none
    vanishes. Else eᶻ = cis(Im z)·e·4ʰ with e in [1/2, 2]; only the last step, the scaling by 4ʰ,
    can overflow or vanish, so |z·eᶻ| may be in range though eᶻ is not.

    In complex64 the products are formed in complex128, where none leaves the range.
    """
    return _in_double(z) if z.dtype == tf.complex64 else _scaled(z)


def _in_double(z):
    wide, exp_z = tf.cast(z, tf.complex128), exp_in_double(z)
    value = wide * exp_z

    def grad(upstream):
        # Beside z = -1 this sum of float64 cancels to no fewer digits than float32 has.
        product = tf.cast(upstream, tf.complex128) * tf.math.conj(exp_z + value)
        return tf.cast(product, tf.complex64)

    return tf.cast(value, tf.complex64), grad


def _scaled(z):
    ordinary = within(20.0, z)

    def plain():
        exp_z = tf.exp(z)
        return z * exp_z, exp_z

    value, exp_z = either(ordinary, plain, lambda: (_careful(z)[0], z))

    def grad(upstream):
        def plain():
            derivative = (UP + UP * z) * exp_z
            return last(upstream * tf.math.conj(derivative), 1 / UP)

        return either(
            ordinary & within(2.0**400, upstream), plain, lambda: _careful(z)[1](upstream)
        )

    return value, grad


def _careful(z):
    x, y = tf.math.real(z), tf.math.imag(z)
    e, h = reduced_exp(tf.clip_by_value(x, -FARTHEST, FARTHEST))
    cos, sin = cis(y)
    # A product with the largest z must not overflow before its parts cancel.
    large = tf.maximum(tf.abs(x), tf.abs(y)) > 2.0**1000
    one = tf.where(large, tf.constant(2.0**-32, x.dtype), tf.constant(1.0, x.dtype))
    h += tf.where(large, tf.constant(16.0, x.dtype), tf.constant(0.0, x.dtype))
    x, y = x * one, y * one
    # e first: sin(y)·e would vanish for the smallest y, though x·e·sin(y) may be large.
    y_cos, y_sin = y * e * cos, y * e * sin

    def times_exp(x):
        x = x * e
        return x * cos - y_sin, x * sin + y_cos

    def grad(upstream):
        a, b = tf.math.real(upstream), tf.math.imag(upstream)
        unit, k = quartered(tf.maximum(tf.abs(a), tf.abs(b)))
        a, b = a * unit, b * unit
        re, im = times_exp(one + x)
        half = halves(h + k)
        by_x, by_y = a * re + b * im, b * re - a * im
        return tf.complex(by_x * half * half, by_y * half * half)

    re, im = times_exp(x)
    half = halves(h)
    return tf.complex(re * half * half, im * half * half), grad
