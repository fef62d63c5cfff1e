"""Functions made from a function: its gradient, its values along lines, and its value of a whole
tensor as one sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import tensorflow as tf
from numpy.typing import NDArray


def gradient_of(fn: Callable[..., Any], upstream: NDArray[Any]) -> Callable[[tf.Tensor], tf.Tensor]:
    """TensorFlow's gradient of ``fn``, a function of one input, as a function of that input.

    ``upstream`` has the shape of the value. The gradient is 0 where TensorFlow gives none. It can
    be differentiated again; where it does not depend on the input, its own gradient is None.
    """

    def gradient(z: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(z)
            value = fn(z)
        found = tape.gradient(value, z, output_gradients=tf.constant(upstream))
        # A gradient that needs no input is a constant, whose own gradient is None.
        return tf.zeros_like(z) if found is None else tf.identity(found)

    return gradient


def along(
    fn: Callable[..., Any],
    points: Sequence[NDArray[Any]],
    directions: Sequence[NDArray[Any]],
) -> Callable[[tf.Tensor], Any]:
    """``fn`` along lines: the function t ↦ fn(p + (t − 1)·d), with t = 1 at the points.

    ``points`` p and ``directions`` d hold one array for each input, both of its dtype and shape
    [n, …]; t is real, of shape [n].
    """

    def line(t: tf.Tensor) -> Any:
        moved = (
            _times(tf.cast(t, d.dtype), d) + (p - d)
            for p, d in zip(points, directions, strict=True)
        )
        return fn(*moved)

    return line


def of_one_sample(fn: Callable[..., Any]) -> Callable[..., Any]:
    """``fn``, a function of whole tensors, as a function of one sample [1, …] of each."""

    @wraps(fn)
    def one(*inputs: tf.Tensor) -> Any:
        value = fn(*(x[0] for x in inputs))
        return tf.expand_dims(value, 0) if tf.is_tensor(value) else value

    return one


def _times(t: tf.Tensor, direction: NDArray[Any]) -> tf.Tensor:
    """t·d: the number t of each sample times all entries of its direction."""
    return tf.reshape(t, [-1] + [1] * (direction.ndim - 1)) * direction


def cast_attributes(source: str, target: str) -> dict[str, tf.DType]:
    """The attributes of TensorFlow's operation Cast from dtype ``source`` to dtype ``target``."""
    return {"SrcT": tf.as_dtype(source), "DstT": tf.as_dtype(target)}
