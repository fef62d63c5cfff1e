"""Wrong functions that balls cannot follow: a reference tells."""

import numpy as np
import tensorflow as tf

import argand

from .entry import PLANE, defect
from .sound_black_boxes import BOTH, bessel_series, of_numpy, root

TF_ONLY = dict.fromkeys(("PyTorch", "JAX"), "the loop or call of NumPy is TensorFlow's own")


@defect("formula", says="factor 2", domain=(0.5, 8), reference=tf.sqrt, modes=BOTH,
        unported=TF_ONLY)  # fmt: skip
@tf.custom_gradient
def root_without_half(x, /):
    """√x by a loop, whose gradient lacks the 1/2."""
    y = root(x)
    return y, lambda u: u / y


@defect("formula", says="sign is reversed", domain=(-2, 2), reference=tf.cos, modes=BOTH,
        unported=TF_ONLY)  # fmt: skip
@tf.custom_gradient
def cosine_of_numpy_with_plus(x, /):
    """cos x by NumPy, whose gradient has not the sign."""
    return of_numpy(np.cos, x), lambda u: u * of_numpy(np.sin, x)


@defect("formula", says="conjugate", dtypes=PLANE, domain=(-2, 2), reference=tf.sinh,
        unported=TF_ONLY)  # fmt: skip
@tf.custom_gradient
def sinh_of_numpy_unconjugated(z, /):
    """sinh z by NumPy, whose gradient lacks the conjugate."""
    return of_numpy(np.sinh, z), lambda u: u * of_numpy(np.cosh, z)


@defect("wrong", domain=(0.5, 6), reference=argand.functions.bessel_ie(0), unported=TF_ONLY)
@tf.custom_gradient
def scaled_bessel_of_unscaled_slope(x, /):
    """exp(−|x|)·I₀, whose gradient forgets that the factor has a slope."""
    y = of_numpy(lambda t: bessel_series(0, t), x)
    return y, lambda u: u * of_numpy(lambda t: bessel_series(1, t), x)


@defect("wrong", domain=(0.5, 6), reference=argand.functions.bessel_k(0), unported=TF_ONLY)
def kernel_of_another_order(x):
    """K₁ of TensorFlow's where K₀ is meant: value and gradient are another function's."""
    return tf.math.special.bessel_k1(x)
