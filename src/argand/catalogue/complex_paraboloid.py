"""f(x, y) = (x² − y) + i·x·y: a complex value of two real inputs."""

import tensorflow as tf

from argand.catalogue._exponential import two_product
from argand.subject import real, subject


@subject(
    r"f(x, y) = (x^2 - y) + i\,x y",
    real("x", -10.0, 10.0),
    real("y", -10.0, 10.0),
    hard_points=("y = x² (the real part cancels)", "|x| > 2⁵¹² (x² out of range)"),
)
def complex_paraboloid(x, y):
    """The gradient of a real input is real: Re(u·conj ∂f/∂x), Re(u·conj ∂f/∂y)."""
    return tf.complex(x * x - y, x * y)


@complex_paraboloid.variant
@tf.custom_gradient
def published(x, y):
    """As printed: a complex gradient for real inputs, and 1j times a real tensor raises."""

    def grad(upstream):
        a, b = tf.math.real(upstream), tf.math.imag(upstream)
        by_x = a * 2 * x + b * y + 1j * (a * y + b * x)
        by_y = -a + b * x + 1j * (a * x + b * y)
        return by_x, by_y

    return tf.complex(x * x - y, x * y), grad


@complex_paraboloid.variant
@tf.custom_gradient
def custom(x, y):
    """(Re u·2x + Im u·y, −Re u + Im u·x), real."""

    def grad(upstream):
        a, b = tf.math.real(upstream), tf.math.imag(upstream)
        return a * 2 * x + b * y, b * x - a

    return tf.complex(x * x - y, x * y), grad


@complex_paraboloid.variant
@tf.custom_gradient
def stable(x, y):
    """The same sums with every product exact in two parts, so that cancellation (y near x², or
    Re u·2x near −Im u·y) costs no digits."""
    square, square_error = two_product(x, x)

    def grad(upstream):
        a, b = tf.math.real(upstream), tf.math.imag(upstream)
        ax, ax_error = two_product(a, 2 * x)
        by, by_error = two_product(b, y)
        bx, bx_error = two_product(b, x)
        return (ax + by) + (ax_error + by_error), (bx - a) + bx_error

    return tf.complex((square - y) + square_error, x * y), grad
