"""Right functions that balls cannot follow, held to a reference: loops, NumPy, unknown kernels."""

import numpy as np
import tensorflow as tf

import argand

from .entry import PLANE, right

BOTH = ("eager", "graph")
TWICE = ("second_order",)  # TensorFlow cannot differentiate what NumPy computes: advice


def root(x):
    """Newton's iteration for √x."""

    def closer(k, y):
        return k + 1, 0.5 * (y + x / y)

    return tf.while_loop(lambda k, y: k < 12, closer, (0, 0.5 * (1 + x)))[1]


def of_numpy(fn, x):
    return tf.ensure_shape(tf.numpy_function(fn, [x], x.dtype), x.shape)


def bessel_series(n, x):
    """exp(−|x|)·Iₙ(x) by its power series."""
    term = (x / 2) ** n * np.exp(-np.abs(x))
    total = np.zeros_like(x)
    for k in range(1, 40):
        total = total + term
        term = term * (x / 2) ** 2 / (k * (k + n))
    return total


@right(domain=(0.5, 8), reference=tf.sqrt, modes=BOTH)
@tf.custom_gradient
def root_by_a_loop(x, /):
    """√x by a loop, with its gradient."""
    y = root(x)
    return y, lambda u: 0.5 * u / y


@right(domain=(0.5, 8), reference=tf.sqrt, modes=BOTH)
def root_by_a_loop_alone(x):
    """√x by a loop, differentiated by TensorFlow."""
    return root(x)


@right(domain=(-2, 2), reference=tf.sinh, modes=("eager", "graph", "xla"),
       tolerated=TWICE)  # fmt: skip
@tf.custom_gradient
def sinh_of_numpy(x, /):
    """sinh x and its gradient by NumPy: XLA has no such operation, and that is no defect."""
    return of_numpy(np.sinh, x), lambda u: u * of_numpy(np.cosh, x)


@right(dtypes=PLANE, domain=(-2, 2), reference=tf.sinh)
@tf.custom_gradient
def sinh_of_numpy_conjugated(z, /):
    """sinh z by NumPy, with its conjugate."""
    return of_numpy(np.sinh, z), lambda u: u * tf.math.conj(tf.cosh(z))


@right(domain=(0.5, 6), reference=argand.functions.bessel_ie(0), tolerated=TWICE)
@tf.custom_gradient
def scaled_bessel(x, /):
    """exp(−|x|)·I₀ by its series, with its gradient."""
    y = of_numpy(lambda t: bessel_series(0, t), x)
    return y, lambda u: u * (of_numpy(lambda t: bessel_series(1, t), x) - y)


@right(domain=(0.5, 6), reference=argand.functions.bessel_ie(0))
def scaled_bessel_of_tensorflow(x):
    """TensorFlow's own exp(−|x|)·I₀."""
    return tf.math.bessel_i0e(x)
