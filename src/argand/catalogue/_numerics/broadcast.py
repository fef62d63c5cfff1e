"""Gradients of inputs that were broadcast together."""

import tensorflow as tf


def reduced_to(gradient: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
    """``gradient``, summed over the axes along which ``x`` was broadcast, in the shape of ``x``."""
    if x.shape.is_fully_defined() and x.shape == gradient.shape:
        return gradient
    axes, _ = tf.raw_ops.BroadcastGradientArgs(s0=tf.shape(x), s1=tf.shape(gradient))
    return tf.reshape(tf.reduce_sum(gradient, axes), tf.shape(x))
