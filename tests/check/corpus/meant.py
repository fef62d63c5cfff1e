"""Gradients that are right as those of a surrogate: meant to be another function's, or no one's."""

import tensorflow as tf

from .entry import right

BOTH = ("complex64", "complex128")
ALL_MODES = ("eager", "graph", "xla")


def identity(x):
    """x."""
    return tf.identity(x)


def negative(x):
    """−x."""
    return -x


def window(x):
    """x between −1 and 1."""
    return tf.clip_by_value(x, -1.0, 1.0)


def steep(x):
    """A logistic step of width 1/5."""
    return tf.sigmoid(5 * x)


def between(u, x):
    """u between −1 and 1, whatever the input."""
    return tf.clip_by_value(u, -1.0, 1.0)


def short(u, x):
    """u, and of a row that is longer than 2 its direction times 2."""
    return tf.clip_by_norm(u, 2.0, axes=[-1])


@right(("float32", "float64"), ALL_MODES, surrogate=identity)
@tf.custom_gradient
def straight_through(x, /):
    """round x with the gradient of x."""
    return tf.round(x), lambda u: u


@right(surrogate=window)
@tf.custom_gradient
def binarized(x, /):
    """sign x with the gradient of x between −1 and 1, and none outside."""
    return tf.sign(x), lambda u: tf.where(tf.abs(x) <= 1, u, tf.zeros_like(u))


@right(BOTH, ALL_MODES, surrogate=negative)
@tf.custom_gradient
def reversal(z, /):
    """z with the gradient of −z, as for a domain adversary."""
    return tf.identity(z), lambda u: -u


@right(surrogate=identity)
def quantized(x, /):
    """x on a grid of quarters, with the gradient of x by tf.stop_gradient."""
    return x + tf.stop_gradient(tf.round(4 * x) / 4 - x)


@right(surrogate=steep)
@tf.custom_gradient
def spike(x, /):
    """1 above 0 and 0 below, with the gradient of a steep logistic function."""
    fired = tf.where(x > 0, tf.ones_like(x), tf.zeros_like(x))
    return fired, lambda u: u * 5 * tf.sigmoid(5 * x) * tf.sigmoid(-5 * x)


@right(modes=ALL_MODES, surrogate=between)
@tf.custom_gradient
def clipped(x, /):
    """x with its gradient clipped to [−1, 1]."""
    return tf.identity(x), lambda u: tf.clip_by_value(u, -1.0, 1.0)


@right(surrogate=short, core=1)
@tf.custom_gradient
def shortened(x, /):
    """A row with its gradient clipped to the norm 2."""
    return tf.identity(x), lambda u: tf.clip_by_norm(u, 2.0, axes=[-1])
