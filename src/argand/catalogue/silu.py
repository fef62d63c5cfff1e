"""z·σ(z), SiLU or swish: TensorFlow's tf.nn.silu does not conjugate its gradient."""

import tensorflow as tf

from argand.catalogue._numerics.holomorphic import holomorphic, on_the_left
from argand.catalogue._numerics.hyperbolic import at_half
from argand.catalogue._numerics.scaled import scaled
from argand.subject import plane, subject


@subject(
    r"f(z) = \frac{z}{1 + e^{-z}}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = ±3.141592653589793j and other odd multiples of πi (poles)",
        "z = -1.2784645 (zero of the gradient)",
        "Re z < -709.78 (complex128) or -88.72 (complex64): e⁻ᶻ overflows, f is about z·eᶻ",
    ),
)
def silu(z):
    """∂f/∂z = σ(z)·(1 + z·σ(−z)), ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return z / (1 + tf.exp(-z))


@silu.variant
def published(z):
    """tf.nn.silu (Elfwing et al. 2017, Ramachandran et al. 2017), whose custom gradient
    u·σ·(1 + z·(1 − σ)) is written for real z: it is not conjugated."""
    return tf.nn.silu(z)


@silu.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj(σ·(1 + z·(1 − σ))): one exponential, shared by value and gradient."""
    s = 1 / (1 + tf.exp(-z))

    def grad(upstream):
        return upstream * tf.math.conj(s * (1 + z * (1 - s)))

    return z * s, grad


@silu.variant(
    limits=(
        "In complex128 the value is off by up to 7.3 ulp, the gradient by up to 12.2 ulp: the "
        "cosine, the sine and t are good to 1 ulp, and ten products, sums and quotients follow.",
        "In complex128 the gradient loses more beside its zeros, -1.27846 and complex ones: the "
        "error of its two terms stays while they cancel, 632 ulp at -1.27968.",
        "Where |Im z| > 1e22 beside the imaginary axis and the upstream is so large that both "
        "parts of the gradient overflow, that of the smaller, 16 digits below, may stay finite or "
        "have the other sign.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """z·σ(z) and σ(z) + z·σ′(z), where σ = e^(iy)·conj(C)/|C|² and σ′ = t/C² at half of z keep
    their digits beside the poles (sigmoid.py); all apart from their powers of four, so that only
    the last step, the scaling, vanishes or overflows."""
    return holomorphic(z, _wide, _careful)


def _wide(z):
    right, left = on_the_left(z)
    w = tf.exp(left)
    inverse = 1 / (1 + w)
    other = w * inverse
    s = tf.where(right, inverse, other)
    z = tf.cast(z, tf.complex128)

    def slope():
        return tf.where(right, s + z * (inverse * other), other * (1 + z * inverse))

    return z * s, slope


def _careful(x, y, ordinary):
    half, z = at_half(x, y, ordinary), scaled(x, y, ordinary)
    s = half.logistic()
    return z.times(s), lambda: s.plus(z.times(half.inverse_square()))
