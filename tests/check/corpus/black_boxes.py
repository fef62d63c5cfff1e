"""Functions that balls cannot follow, held to a reference: loops, NumPy, kernels without a rule."""

import numpy as np
import tensorflow as tf

import argand

from .entry import PLANE, defect, right

TF_ONLY = dict.fromkeys(("PyTorch", "JAX"), "the loop or call of NumPy is TensorFlow's own")
BOTH = ("eager", "graph")
TWICE = ("second_order",)  # TensorFlow cannot differentiate what NumPy computes: advice


def _root(x):
    """Newton's iteration for √x."""

    def closer(k, y):
        return k + 1, 0.5 * (y + x / y)

    return tf.while_loop(lambda k, y: k < 12, closer, (0, 0.5 * (1 + x)))[1]


def _numpy(fn, x):
    return tf.ensure_shape(tf.numpy_function(fn, [x], x.dtype), x.shape)


def _scaled_bessel(n, x):
    """exp(−|x|)·Iₙ(x) by its power series."""
    term = (x / 2) ** n * np.exp(-np.abs(x))
    total = np.zeros_like(x)
    for k in range(1, 40):
        total = total + term
        term = term * (x / 2) ** 2 / (k * (k + n))
    return total


# --- wrong ---------------------------------------------------------------------------------------


@defect("formula", says="factor 2", domain=(0.5, 8), reference=tf.sqrt, modes=BOTH,
        unported=TF_ONLY)  # fmt: skip
@tf.custom_gradient
def root_without_half(x, /):
    """√x by a loop, whose gradient lacks the 1/2."""
    y = _root(x)
    return y, lambda u: u / y


@defect("formula", says="sign is reversed", domain=(-2, 2), reference=tf.cos, modes=BOTH,
        unported=TF_ONLY)  # fmt: skip
@tf.custom_gradient
def cosine_of_numpy_with_plus(x, /):
    """cos x by NumPy, whose gradient has not the sign."""
    return _numpy(np.cos, x), lambda u: u * _numpy(np.sin, x)


@defect("formula", says="conjugate", dtypes=PLANE, domain=(-2, 2), reference=tf.sinh,
        unported=TF_ONLY)  # fmt: skip
@tf.custom_gradient
def sinh_of_numpy_unconjugated(z, /):
    """sinh z by NumPy, whose gradient lacks the conjugate."""
    return _numpy(np.sinh, z), lambda u: u * _numpy(np.cosh, z)


@defect("wrong", domain=(0.5, 6), reference=argand.functions.bessel_ie(0), unported=TF_ONLY)
@tf.custom_gradient
def scaled_bessel_of_unscaled_slope(x, /):
    """exp(−|x|)·I₀, whose gradient forgets that the factor has a slope."""
    y = _numpy(lambda t: _scaled_bessel(0, t), x)
    return y, lambda u: u * _numpy(lambda t: _scaled_bessel(1, t), x)


@defect("wrong", domain=(0.5, 6), reference=argand.functions.bessel_k(0), unported=TF_ONLY)
def kernel_of_another_order(x):
    """K₁ of TensorFlow's where K₀ is meant: value and gradient are another function's."""
    return tf.math.bessel_k1(x)


# --- right ---------------------------------------------------------------------------------------


@right(domain=(0.5, 8), reference=tf.sqrt, modes=BOTH)
@tf.custom_gradient
def root_by_a_loop(x, /):
    """√x by a loop, with its gradient."""
    y = _root(x)
    return y, lambda u: 0.5 * u / y


@right(domain=(0.5, 8), reference=tf.sqrt, modes=BOTH)
def root_by_a_loop_alone(x):
    """√x by a loop, differentiated by TensorFlow."""
    return _root(x)


@right(domain=(-2, 2), reference=tf.sinh, modes=("eager", "graph", "xla"),
       tolerated=TWICE)  # fmt: skip
@tf.custom_gradient
def sinh_of_numpy(x, /):
    """sinh x and its gradient by NumPy: XLA has no such operation, and that is no defect."""
    return _numpy(np.sinh, x), lambda u: u * _numpy(np.cosh, x)


@right(dtypes=PLANE, domain=(-2, 2), reference=tf.sinh)
@tf.custom_gradient
def sinh_of_numpy_conjugated(z, /):
    """sinh z by NumPy, with its conjugate."""
    return _numpy(np.sinh, z), lambda u: u * tf.math.conj(tf.cosh(z))


@right(domain=(0.5, 6), reference=argand.functions.bessel_ie(0), tolerated=TWICE)
@tf.custom_gradient
def scaled_bessel(x, /):
    """exp(−|x|)·I₀ by its series, with its gradient."""
    y = _numpy(lambda t: _scaled_bessel(0, t), x)
    return y, lambda u: u * (_numpy(lambda t: _scaled_bessel(1, t), x) - y)


@right(domain=(0.5, 6), reference=argand.functions.bessel_ie(0))
def scaled_bessel_of_tensorflow(x):
    """TensorFlow's own exp(−|x|)·I₀."""
    return tf.math.bessel_i0e(x)
