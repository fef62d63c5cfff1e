"""eᶻ/(1 + eᶻ)², the density of the logistic distribution: it decays on both sides."""

import tensorflow as tf

from argand.catalogue._numerics.holomorphic import holomorphic
from argand.catalogue._numerics.hyperbolic import at_half, half_angle
from argand.catalogue._numerics.scaled import scaled
from argand.subject import plane, subject


@subject(
    r"f(z) = \frac{e^{z}}{(1 + e^{z})^2}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 0 (zero of the gradient)",
        "Re z > 354.9 (complex128) or 44.4 (complex64): (1 + eᶻ)² overflows, f is about e⁻ᶻ",
        "Re z > 709.78 (complex128) or 88.72 (complex64): eᶻ overflows",
        "z = ±3.141592653589793j and other odd multiples of πi (double poles)",
    ),
)
def logistic_density(z):
    """∂f/∂z = −f·tanh(z/2), ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    e = tf.exp(z)
    return e / (1 + e) ** 2


@logistic_density.variant
@tf.custom_gradient
def published(z, /):
    """s·(1 − s) with gradient u·s·(1 − s)·(1 − 2s), as hand-written for real networks: 1 − s
    cancels on the right, and the conjugate is missing."""
    s = tf.sigmoid(z)
    value = s * (1 - s)

    def grad(upstream):
        return upstream * (value * (1 - 2 * s))

    return value, grad


@logistic_density.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj(f·(1 − eᶻ)/(1 + eᶻ)): the exponential is shared by value and gradient."""
    e = tf.exp(z)
    whole = 1 + e
    value = e / (whole * whole)

    def grad(upstream):
        return upstream * tf.math.conj(value * ((1 - e) / whole))

    return value, grad


@logistic_density.variant(
    limits=(
        "In complex128 the value is off by up to 8.3 ulp, the gradient by up to 13.5 ulp, beyond 4 "
        "in one of 100 and of 15 samples: the cosine, the sine and t are good to 1 ulp, and the "
        "second and the third power of a quotient follow.",
        "In complex64, eager and graph, the value is off by up to 4.5 ulp, the gradient by up to "
        "6.7 ulp, beyond 4 in one of 200 samples: so do they follow a cosine and a sine that are "
        "good to 1.2 ulp there.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """f = 1/(2 cosh(z/2))² = t/C² and f′ = −t/C²·S/C with t = e^(−|Re z|), where C and S,
    2e^(−|x|) times cosh and sinh at z/2, have no part that cancels (hyperbolic.py)."""
    return holomorphic(z, _wide, _careful)


def _wide(z):
    half = half_angle(z)
    inverse = 1 / half.cosh()
    value = half.inverse_square(inverse)
    return value, lambda: -value * half.sinh() * inverse


def _careful(x, y, ordinary):
    half = at_half(x, y, ordinary)
    return half.inverse_square(), lambda: _slope(half, ordinary)


def _slope(w, ordinary):
    # −tanh(z/2) first apart from its power of four: at the smallest z its eighth is subnormal.
    re, im = w.tanh_numerator()
    tanh = scaled(re, w.t * im, ordinary)
    c_re, c_im = w.cosh()
    inverse = -1 / (c_re * c_re + c_im * c_im)
    return w.inverse_square().times(tanh._replace(re=tanh.re * inverse, im=tanh.im * inverse))
