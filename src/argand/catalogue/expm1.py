"""eᶻ − 1: the plain form loses the digits of a small z, and TensorFlow's expm1 some of them."""

import tensorflow as tf

from argand.catalogue._numerics.complex_exp import NO_EXPM1_ON_A_GPU, exp_in_planes, exp_of
from argand.catalogue._numerics.holomorphic import holomorphic
from argand.subject import plane, subject


@subject(
    r"f(z) = e^{z} - 1",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 0, ±6.283185307179586j and other multiples of 2πi (zeros)",
        "Re z > 709.78 (complex128) or 88.72 (complex64): eᶻ overflows, parts of it may not",
    ),
)
def expm1(z):
    """∂f/∂z = eᶻ, ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return tf.exp(z) - 1


@expm1.variant
def published(z):
    """tf.math.expm1, whose gradient u·conj(eᶻ) is right; the value, NumPy's algorithm for
    complex numbers in Eigen, is not everywhere."""
    return tf.math.expm1(z)


@expm1.variant(limits=(NO_EXPM1_ON_A_GPU,))
@tf.custom_gradient
def custom(z, /):
    """u·conj(eᶻ): the exponential is shared by value and gradient."""
    e = tf.exp(z)

    def grad(upstream):
        return upstream * tf.math.conj(e)

    return e - 1, grad


@expm1.variant(
    limits=(
        "The value in complex64, eager and graph, is off by more than 3 ulp in one of 6,000 "
        "samples of the window, by 4.0 at most: Exp is off by 1.6 ε there.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """(eˣ − 1)·cos y − 2sin²(y/2) + i·eˣ·sin y at z = x + iy: neither term of the real part is
    larger than |eᶻ − 1|, so no digit is lost (Kahan 1987). Right of x = 40 the 1 is too small to
    count, and eᶻ = cis(y)·e·4ⁿ; only the scaling by 4ⁿ overflows. In complex64 cis(y) is Exp's,
    and the rest is formed in float64."""
    return holomorphic(z, _wide, _careful)


def _wide(z):
    exp = exp_in_planes(z)
    return exp.minus_one().number(), lambda: exp.whole.number()


def _careful(x, y, ordinary):
    exp = exp_of(x, y, ordinary)
    return exp.minus_one(), lambda: exp.whole
