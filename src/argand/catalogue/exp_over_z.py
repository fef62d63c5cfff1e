"""eᶻ/z, as in exponential integrals and the Yukawa potential: in range where eᶻ is not."""

import tensorflow as tf

from argand.catalogue._numerics.complex_exp import exp_of
from argand.catalogue._numerics.holomorphic import exp_in_double, holomorphic
from argand.catalogue._numerics.scaled import Scaled, scaled
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT
from argand.subject import plane, subject


@subject(
    r"f(z) = \frac{e^{z}}{z}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 0 (pole; the gradient is out of range for |z| < 7.5e-155 or 5.4e-20)",
        "z = 1 (zero of the gradient)",
        "Re z = 709.78 … 716.36 (complex128) or 88.72 … 93.3 (complex64): eᶻ overflows, f does not",
    ),
)
def exp_over_z(z):
    """∂f/∂z = (z − 1)·eᶻ/z², ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return tf.exp(z) / z


@exp_over_z.variant
@tf.custom_gradient
def published(z, /):
    """The quotient rule as it stands in textbooks, u·(z·eᶻ − eᶻ)/z²: z·eᶻ − eᶻ loses the digits
    beside z = 1, z² leaves the range long before f, and the conjugate is missing."""
    e = tf.exp(z)

    def grad(upstream):
        return upstream * ((z * e - e) / (z * z))

    return e / z, grad


@exp_over_z.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj(f·(z − 1)/z): no further exponential."""
    value = tf.exp(z) / z

    def grad(upstream):
        return upstream * tf.math.conj(value * ((z - 1) / z))

    return value, grad


@exp_over_z.variant(
    limits=(
        f"{SUBNORMAL_LIMIT}: there f and its gradient are NaN, as they are at 0.",
        "In complex128 the value is off by up to 4.5 ulp, the gradient by up to 7.9 ulp, beyond 4 "
        "in one of 100,000 and of 250 samples: after the exponential come three quotients.",
        "In complex64, eager and graph, the value is off by up to 3.1 ulp, beyond 3 in one of some "
        "40,000 samples: Exp is off by 1.6 ε there.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """eᶻ = cis(Im z)·e·4ⁿ, and z and z − 1 likewise apart from their powers of four: quotients of
    what is of the order of one, and only the last step, the scaling, overflows or vanishes.
    Where all z are ordinary, and in complex64, ``custom``'s algebra, the latter in complex128."""
    # f′ of the smallest |z| is 2^400, of the largest upstream too.
    return holomorphic(z, _wide, _careful, _plain, at_least=2.0**-200)


def _wide(z):
    wide = tf.cast(z, tf.complex128)
    value = exp_in_double(z) / wide
    return value, lambda: value * ((wide - 1) / wide)


def _plain(z):
    value = tf.exp(z) / z
    return value, value * ((z - 1) / z)


def _careful(x, y, ordinary):
    inverse = scaled(x, y).inverse()
    exp = exp_of(x, y).whole

    def slope():
        # eᶻ·(z − 1) is −1 + z²/2 + …: its imaginary part is the rounding of two terms else.
        near = tf.less(tf.maximum(tf.abs(x), tf.abs(y)), 2.0**-30)
        product = exp.times(scaled(x - 1.0, y))
        one, zero = tf.ones_like(x), tf.zeros_like(x)
        numerator = zip(product, (-one, zero, zero), strict=True)
        return Scaled(*(tf.where(near, b, a) for a, b in numerator)).times(inverse.times(inverse))

    return exp.times(inverse), slope
