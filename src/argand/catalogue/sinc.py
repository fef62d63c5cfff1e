"""f(z) = sin(z)/z, unnormalised: 0/0 at the origin, and a gradient that cancels around it."""

import math

import tensorflow as tf

from argand.catalogue._numerics.exponential import FARTHEST, cis, reduced_exp
from argand.catalogue._numerics.scaled import Scaled, scaled_complex
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, power
from argand.subject import plane, subject

_NEAR = 4.0  # |z|² below which the derivative is summed as its series
_TERMS = 13  # at |z| = 2 the next is below 2⁻⁵⁷ of the sum


@subject(
    r"f(z) = \frac{\sin z}{z}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 0 (0/0; the limit is 1)",
        "|z| < 1: the gradient cos z/z - sin z/z² cancels",
        "z = 4.4934, 7.7253, … (zeros of the gradient on the real axis)",
        "|Im z| > 710.5 (complex128) or 89.4 (complex64): sin z overflows, sin z/z later",
    ),
)
def sinc(z):
    """∂f/∂z = (cos z − sin z/z)/z, ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return tf.sin(z) / z


@sinc.variant
@tf.custom_gradient
def published(z, /):
    """NumPy's way (numpy.sinc): a zero z is replaced by 1e-20; the gradient is the plain one
    there, and cancels around 0 as it does for every z."""
    z = tf.where(tf.equal(z, 0), tf.constant(1e-20, z.dtype), z)
    value = tf.sin(z) / z

    def grad(upstream):
        return upstream * tf.math.conj((tf.cos(z) - value) / z)

    return value, grad


@sinc.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj((cos z − f)/z)."""
    value = tf.sin(z) / z

    def grad(upstream):
        return upstream * tf.math.conj((tf.cos(z) - value) / z)

    return value, grad


@sinc.variant(
    limits=(
        "complex128: near the gradient's zeros (4.4934, 7.7253, …) cos z and sin z/z cancel, each "
        "known to 53 bits: 1,120 ulp at -4.49333376. Elsewhere both are off by up to 7 ulp.",
        SUBNORMAL_LIMIT,
    )
)
@tf.custom_gradient
def stable(z, /):
    """sin x·cosh y + i·cos x·sinh y, with e^|y| = e·4ʰ and sinh by its series for |y| < 1, over z;
    the derivative by its series for |z| < 2: it would cancel. Only the last step, a scaling,
    overflows or vanishes; f(0) = 1. In complex64 all is formed in complex128."""
    wide = tf.cast(z, tf.complex128)
    whole = scaled_complex(wide)
    zero = tf.zeros_like(whole.n)
    x, y = tf.math.real(wide), tf.math.imag(wide)
    one = tf.maximum(tf.abs(x), tf.abs(y)) < 2.0**-30  # f there
    a = whole._replace(re=tf.where(one, tf.ones_like(x), whole.re))
    cosh, sinh, h = _hyperbolic(y)
    cos, sin = cis(x)
    sine = Scaled(sin * cosh, cos * sinh, h)
    quotient = sine.divided_by(a)
    quotient = quotient._replace(
        re=tf.where(one, tf.ones_like(x), quotient.re),
        im=tf.where(one, zero, quotient.im),
        n=tf.where(one, zero, quotient.n),
    )

    def grad(upstream):
        near = x * x + y * y < _NEAR
        small = tf.where(near, wide, tf.zeros_like(wide))
        series = _series(small * small)
        # (cos z − sin z/z)/z, both apart from 4ʰ; z is at least 2.
        to_h = power(2 * tf.clip_by_value(quotient.n - h, -500.0, 8.0))
        re, im = cos * cosh - quotient.re * to_h, -sin * sinh - quotient.im * to_h
        far = Scaled(re, im, h).divided_by(a)
        product = Scaled(tf.math.real(series), tf.math.imag(series), zero).times(whole)
        derivative = Scaled(
            tf.where(near, product.re, far.re),
            tf.where(near, product.im, far.im),
            tf.where(near, product.n, far.n),
        )
        u = scaled_complex(tf.cast(upstream, tf.complex128))
        return tf.cast(u.times_conj(derivative).number(), z.dtype)

    return tf.cast(quotient.number(), z.dtype), grad


def _hyperbolic(y):
    """(cosh y, sinh y) apart from a power of four, and its exponent."""
    below = y < 0
    size = tf.where(below, -y, y)  # not abs, which has no derivative at 0
    e, h = reduced_exp(tf.minimum(size, FARTHEST))
    inverse = power(tf.maximum(-4 * h, -1000.0)) / e
    small = tf.where(size < 1, size, tf.zeros_like(size))
    series = tf.ones_like(y)
    for k in range(9, 0, -1):
        series = 1 + series * (small * small) / (2 * k * (2 * k + 1))
    sinh = tf.where(size < 1, small * series * power(tf.maximum(-2 * h, -4.0)), 0.5 * (e - inverse))
    # The smallest sin x times it must not vanish.
    return 2.0**31 * (e + inverse), 2.0**32 * tf.where(below, -sinh, sinh), h - 16


def _series(square):
    """f′(z)/z as a series in z²: Σ (−1)ᵏ·2k/(2k + 1)!·z^(2k−2)."""
    total = tf.zeros_like(square)
    for k in range(_TERMS, 0, -1):
        total = total * square + (-1) ** k * 2 * k / math.factorial(2 * k + 1)
    return total
