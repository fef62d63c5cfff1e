"""Gradients along the last axis that are right: of rows to a number, and of rows to rows."""

import tensorflow as tf

from .entry import PLANE, right
from .sound import ALL_MODES, BOTH, DIVIDES, like

REAL = ("float32", "float64")


def conj(z):
    """The conjugate."""
    return tf.math.conj(z)


def total(x):
    """The sum of each row, which keeps its axis."""
    return tf.reduce_sum(x, -1, keepdims=True)


def largest(x):
    """The largest of each row, which keeps its axis: what an exponential is shifted by."""
    return tf.stop_gradient(tf.reduce_max(x, -1, keepdims=True))


# --- rows to a number ------------------------------------------------------------------------


@right(BOTH)
@tf.custom_gradient
def log_sum_exp(z, /):
    """log Σ exp z, shifted by the largest real part: u times the conjugated softmax."""
    e = tf.exp(z - tf.cast(largest(tf.math.real(z)), z.dtype))
    s = total(e)
    value = tf.math.log(s) + tf.cast(largest(tf.math.real(z)), z.dtype)
    return value[..., 0], lambda u: u[..., None] * conj(e / s)


@right(PLANE)
@tf.custom_gradient
def log_norm(z, /):
    """log Σ|z|², real, of complex rows: 2u·z/Σ|z|²."""
    power = tf.reduce_sum(tf.math.real(z * conj(z)), -1)
    return tf.math.log(power), lambda u: z * tf.cast(2 * u / power, z.dtype)[..., None]


@right(REAL, ALL_MODES)
@tf.custom_gradient
def mean_of_squares(x, /):
    """The mean of x² along the row, whatever its length."""
    n = tf.cast(tf.shape(x)[-1], x.dtype)
    return tf.reduce_mean(x * x, -1), lambda u: u[..., None] * 2 * x / n


@right(PLANE)
@tf.custom_gradient
def inner_product(z, w, /):
    """Σ z·conj(w), each gradient summed over the axes along which its rows were broadcast."""

    def grad(u):
        return like(u[..., None] * w, z), like(conj(u[..., None]) * z, w)

    return tf.reduce_sum(z * conj(w), -1), grad


@right(domain=((-3, 3), (0.1, 4)))
@tf.custom_gradient
def weighted_mean(x, w, /):
    """Σ w·x/Σ w, by both rows."""
    weight = total(w)
    mean = total(w * x) / weight

    def grad(u):
        v = u[..., None] / weight
        return like(v * w, x), like(v * (x - mean), w)

    return mean[..., 0], grad


@right(core=(1, 0), domain=((-3, 3), (0.2, 4)))
@tf.custom_gradient
def free_energy(x, t, /):
    """t·log Σ exp(x/t), a row beside a number."""
    y = x / t[..., None]
    e = tf.exp(y - largest(y))
    s = total(e)
    p = e / s
    log_sum = (tf.math.log(s) + largest(y))[..., 0]

    def grad(u):
        by_t = log_sum - tf.reduce_sum(p * y, -1)
        return like(u[..., None] * p, x), like(u * by_t, t)

    return t * log_sum, grad


# --- rows to rows ----------------------------------------------------------------------------


@right(PLANE, core=1, tolerated=DIVIDES)
@tf.custom_gradient
def softmax(z, /):
    """The softmax of complex rows: conj(s)(u − Σ u·conj(s))."""
    e = tf.exp(z - tf.cast(largest(tf.math.real(z)), z.dtype))
    s = e / total(e)
    return s, lambda u: conj(s) * (u - total(u * conj(s)))


@right(modes=ALL_MODES, core=1)
@tf.custom_gradient
def real_softmax(x, /):
    """The softmax of real rows."""
    e = tf.exp(x - largest(x))
    s = e / total(e)
    return s, lambda u: s * (u - total(u * s))


@right(PLANE, core=1)
@tf.custom_gradient
def unit(z, /):
    """z/‖z‖, which is not holomorphic: (u − y·Re Σ u·conj(y))/‖z‖ with y the result."""
    r = tf.cast(tf.sqrt(total(tf.math.real(z * conj(z)))), z.dtype)
    y = z / r
    return y, lambda u: (u - y * tf.cast(tf.math.real(total(u * conj(y))), z.dtype)) / r


@right(core=1, domain=(-4, 4))
@tf.custom_gradient
def standardised(x, /):
    """(x − mean)/√(variance + 1/100), a layer's normalisation of each row."""
    centred = x - tf.reduce_mean(x, -1, keepdims=True)
    scale = 1 / tf.sqrt(tf.reduce_mean(centred * centred, -1, keepdims=True) + 0.01)
    y = centred * scale

    def grad(u):
        mean_u = tf.reduce_mean(u, -1, keepdims=True)
        return scale * (u - mean_u - y * tf.reduce_mean(u * y, -1, keepdims=True))

    return y, grad
