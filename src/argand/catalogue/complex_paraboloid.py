"""f(x, y) = (x² − y) + i·x·y: a complex value of two real inputs."""

import tensorflow as tf

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
