"""tanh(z): TensorFlow's gradient 1 − tanh² is nothing but rounding from |Re z| = 12 on."""

import tensorflow as tf

from argand.catalogue._numerics.holomorphic import holomorphic, on_the_left
from argand.catalogue._numerics.hyperbolic import at
from argand.subject import plane, subject


@subject(
    r"f(z) = \tanh z",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = ±1.5707963267948966j and other odd multiples of πi/2 (poles)",
        "|Re z| > 12 (complex128) or 5 (complex64): 1 − tanh² cancels",
        "|Re z| > 355: cosh² z is out of range, 1/cosh² z is not",
    ),
)
def tanh(z):
    """∂f/∂z = 1/cosh² z, ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return tf.tanh(z)


@tanh.variant
@tf.custom_gradient
def published(z, /):
    """The textbook's quotient (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ) with gradient 1 − tanh²: ∞/∞ beyond
    |Re z| = 710, and no conjugate, as in real-valued tutorials on back-propagation."""
    up, down = tf.exp(z), tf.exp(-z)
    value = (up - down) / (up + down)

    def grad(upstream):
        return upstream * (1 - value * value)

    return value, grad


@tanh.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj(1 − tanh² z): no further function, and TensorFlow's own formula."""
    value = tf.tanh(z)

    def grad(upstream):
        return upstream * tf.math.conj(1 - value * value)

    return value, grad


@tanh.variant(
    limits=(
        "In complex128 the value is off by up to 6.1 ulp, the gradient by up to 8.3 ulp, beyond 4 "
        "in one of 20,000 and of 250 samples: the cosine, the sine and t are good to 1 ulp, and "
        "ten products, sums and quotients follow.",
        "In complex64, eager and in a graph, the value on a GPU is the processor's: TensorFlow has "
        "no kernel there.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """With t = e^(−2|Re z|) and C = 2e^(−|x|)·cosh z, 1/cosh² z = 4t/C², and
    tanh z = (±(1 − t²) + 4i·t·s·c)/|C|², where s, c are sine and cosine of Im z: no part cancels,
    not even beside the poles (hyperbolic.py)."""
    return holomorphic(z, _wide, _careful)


def _wide(z):
    z = tf.cast(z, tf.complex128)

    def slope():
        _, left = on_the_left(2 * z)
        w = tf.exp(left)
        inverse = 2 / (1 + w)
        return w * inverse * inverse

    return tf.tanh(z), slope


def _careful(x, y, ordinary):
    pieces = at(x, y, ordinary)
    return pieces.tanh(), lambda: pieces.inverse_square(4.0)
