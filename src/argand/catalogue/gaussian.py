"""e^(−z²): the wave packet's envelope, whose exponent loses as many ulp as |z|² is large."""

import tensorflow as tf

from argand.catalogue._numerics.exponential import FARTHEST, cis
from argand.catalogue._numerics.holomorphic import exp_of_double, holomorphic
from argand.catalogue._numerics.real_exp import exponential
from argand.catalogue._numerics.scaled import Scaled, scaled
from argand.catalogue._numerics.scaling import parts, power, product, two_sum
from argand.subject import plane, subject


@subject(
    r"f(z) = e^{-z^2}",
    plane("z", (-5.0, 5.0), (-5.0, 5.0)),
    hard_points=(
        "z = 0 (zero of the gradient)",
        "|Re z| = 26.64 (complex128) or 9.42 (complex64) on the real axis: f vanishes",
        "|Im z| = 26.64 (complex128) or 9.42 (complex64) on the imaginary axis: f overflows",
        "Re z = ±Im z = 1e3: the exponent is -2e6i, and its rounding turns f by 1e-10",
    ),
)
def gaussian(z):
    """∂f/∂z = −2z·e^(−z²), ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return tf.exp(-z * z)


@gaussian.variant
@tf.custom_gradient
def published(z, /):
    """u·(−2z·f): the real line's formula, without the conjugate."""
    value = tf.exp(-z * z)

    def grad(upstream):
        return upstream * (-2 * z * value)

    return value, grad


@gaussian.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj(−2z·f): one exponential, shared by value and gradient."""
    value = tf.exp(-z * z)

    def grad(upstream):
        return upstream * tf.math.conj(-2 * z * value)

    return value, grad


@gaussian.variant(
    limits=(
        "In complex128, where |2·Re z·Im z| exceeds 2e307 the phase of f is not computed: f and "
        "its gradient are right where they vanish, and infinite with parts of any sign, or on "
        "|Re z| = |Im z| of any phase, where they do not.",
        "In complex128 the gradient is off by up to 4.2 ulp, beyond 4 in one of a million samples: "
        "a product of two phases, and of f and -2z, follows the exponential.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """At z = x + iy, −z² = (y − x)(y + x) − 2ixy with both products and sums exact in two floats
    (Dekker 1971, Knuth 1969): an error of the exponent is one of f. e to the first, cis of both
    floats of the second, and only the scaling by a power of four overflows or vanishes."""
    return holomorphic(z, _wide, _careful, _plain, at_most=8.0)


def _wide(z):
    x, y = (tf.cast(part(z), tf.float64) for part in (tf.math.real, tf.math.imag))
    value = exp_of_double((y - x) * (y + x), -2.0 * x * y)  # the products are exact
    return value, lambda: -2 * tf.cast(z, tf.complex128) * value


def _plain(z):
    """Re z and Im z as multiples of 2⁻²³ and rests, so that products of the first are exact."""
    x, y = tf.math.real(z), tf.math.imag(z)
    a, b = (tf.round(part * 2.0**23) * 2.0**-23 for part in (x, y))
    of_a, of_b = x - a, y - b
    re, minus_rest = two_sum(b * b - a * a, of_b * (b + y) - of_a * (a + x))
    im, minus_turn = two_sum(2.0 * a * b, 2.0 * (x * of_b + of_a * b))
    value = tf.exp(tf.complex(re, -im))
    value -= value * tf.complex(minus_rest, -minus_turn)
    return value, -2 * z * value


def _careful(x, y, ordinary):
    exponent, small = _difference_of_squares(y, x)
    e, n = exponential(exponent, small).scaled()
    twice_xy = product(parts(x), parts(y))
    scale = power(tf.clip_by_value(twice_xy.n + 1.0, -1000.0, 1019.0))
    cos, sin = cis(twice_xy.value * scale)
    low_cos, low_sin = cis(twice_xy.error * scale)
    phase = Scaled(cos, -sin, n).times(Scaled(low_cos, -low_sin, 0.0))
    value = phase._replace(re=e * phase.re, im=e * phase.im)
    return value, lambda: Scaled(-2.0, 0.0, 0.0).times(scaled(x, y)).times(value)


def _difference_of_squares(y, x):
    """y² − x² in two floats, at most FARTHEST in size."""
    # Their sum must not overflow.
    k = tf.where(
        tf.greater(tf.maximum(tf.abs(x), tf.abs(y)), 2.0**1000),
        30.0 * tf.ones_like(x),
        tf.zeros_like(x),
    )
    x, y = x * power(-k), y * power(-k)
    plus, minus_plus_error = two_sum(y, x)
    minus, minus_minus_error = two_sum(y, -x)
    exact = product(parts(plus), parts(minus))
    scale = power(tf.clip_by_value(exact.n + 2.0 * k, -1000.0, 900.0))
    # Where these are out of bounds so is the result.
    terms = [
        tf.clip_by_value(a, -1e100, 1e100)
        for a in (plus, minus, minus_plus_error, minus_minus_error)
    ]
    cross = -(terms[0] * terms[3] + terms[1] * terms[2])
    small = tf.clip_by_value(exact.error * scale + cross, -0.25, 0.25)
    return tf.clip_by_value(exact.value * scale, -FARTHEST, FARTHEST), small
