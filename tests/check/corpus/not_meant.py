"""Gradients that are not those of the surrogate that is declared; and of which none is."""

import tensorflow as tf

from .entry import PLANE, defect
from .meant import between, identity, negative, short, steep, window


@defect("formula", says="off by the factor 2", surrogate=identity)
@tf.custom_gradient
def straight_through(x):
    """round x with twice the gradient of x."""
    return tf.round(x), lambda u: 2 * u


@defect("formula", says="sign is reversed", surrogate=negative)
@tf.custom_gradient
def reversal(x):
    """x, whose gradient is to be that of −x and is not turned."""
    return tf.identity(x), lambda u: u


@defect("formula", says="whole gradient is conjugated", dtypes=PLANE, surrogate=negative)
@tf.custom_gradient
def reversal_conjugated(z):
    """z with the gradient of −z, conjugated."""
    return tf.identity(z), lambda u: -tf.math.conj(u)


@defect("formula", says="in a region", surrogate=window)
@tf.custom_gradient
def binarized(x):
    """sign x, whose gradient is to be that of x between −1 and 1: the window is as wide again."""
    return tf.sign(x), lambda u: tf.where(tf.abs(x) <= 2, u, tf.zeros_like(u))


@defect("formula", says="off by the factor 0.2", surrogate=steep)
@tf.custom_gradient
def spike(x):
    """1 above 0 and 0 below, with the gradient of σ(5x) without the inner derivative."""
    fired = tf.where(x > 0, tf.ones_like(x), tf.zeros_like(x))
    return fired, lambda u: u * tf.sigmoid(5 * x) * tf.sigmoid(-5 * x)


@defect("formula", surrogate=between)
@tf.custom_gradient
def clipped(x):
    """x, whose gradient is to be clipped to [−1, 1] and is clipped to [0, 1]."""
    return tf.identity(x), lambda u: tf.clip_by_value(u, 0.0, 1.0)


@defect("formula", surrogate=short, core=1)
@tf.custom_gradient
def shortened(x):
    """A row, whose gradient is to be clipped to the norm 2: each entry is clipped by itself."""
    return tf.identity(x), lambda u: tf.clip_by_value(u, -2.0, 2.0)


@defect("formula", says="declare surrogate=tf.identity")
@tf.custom_gradient
def rounded(x):
    """round x with the gradient of x, which nobody has said to be meant."""
    return tf.round(x), lambda u: u


@defect("formula", says="stop_gradient .* is the cause")
def self_normalized(x):
    """exp(x)/(1 + exp(x)) with the denominator held constant by tf.stop_gradient."""
    e = tf.exp(x)
    return e / tf.stop_gradient(1 + e)
