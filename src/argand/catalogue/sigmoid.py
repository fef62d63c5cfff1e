"""σ(z) = 1/(1 + e⁻ᶻ), the logistic function: automatic differentiation loses it on the left."""

import tensorflow as tf

from argand.catalogue._numerics.holomorphic import holomorphic
from argand.catalogue._numerics.hyperbolic import at_half, half_angle
from argand.subject import plane, subject


@subject(
    r"\sigma(z) = \frac{1}{1 + e^{-z}}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = ±3.141592653589793j and other odd multiples of πi (poles)",
        "Re z = -709.78 … -710.48 (complex128) or -88.72 (complex64): e⁻ᶻ overflows, σ is e^-710",
        "Re z > 37 (complex128) or 17 (complex64): 1 - σ(z) is 0, the derivative e⁻ᶻ is not",
    ),
)
def sigmoid(z):
    """∂f/∂z = σ(z)·σ(−z) = e⁻ᶻ/(1 + e⁻ᶻ)², ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return 1 / (1 + tf.exp(-z))


@sigmoid.variant
def published(z):
    """tf.sigmoid, whose gradient is u·conj(s·(1 − s)): 1 − s is 0 right of Re z = 37."""
    return tf.sigmoid(z)


@sigmoid.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj(s·(1 − s)) with s the value: no further exponential."""
    s = 1 / (1 + tf.exp(-z))

    def grad(upstream):
        return upstream * tf.math.conj(s * (1 - s))

    return s, grad


@sigmoid.variant(
    limits=(
        "In complex128 the value is off by up to 6.1 ulp, the gradient by up to 9.1 ulp, beyond 4 "
        "in one of 5,000 and of 250 samples: the cosine, the sine and t are good to 1 ulp, and "
        "ten products, sums and quotients follow.",
        "In complex64, eager and graph, the gradient is off by up to 4.5 ulp, beyond 4 in one of "
        "30,000 samples of |Im z| > 1e4: cosine and sine are good to 1.2 ulp there.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """With t = e^(−|Re z|) and C = 2e^(−|x|)·cosh(x + iy) at half of z, σ′ = t/C² for both signs
    of Re z, and σ = e^(iy)·conj(C)/|C|², times t on the left. No part of C cancels, not even
    beside the poles (hyperbolic.py)."""
    return holomorphic(z, _wide, _careful)


def _wide(z):
    half = half_angle(z)
    inverse = 1 / half.cosh()
    return half.logistic(inverse), lambda: half.inverse_square(inverse)


def _careful(x, y, ordinary):
    half = at_half(x, y, ordinary)
    return half.logistic(), half.inverse_square
