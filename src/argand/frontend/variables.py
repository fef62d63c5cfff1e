"""The variables that a function reads, and its gradients by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from argand import watchdog
from argand.frontend.runner import in_mode


def watched(fn: Callable[..., Any], inputs: Sequence[NDArray[Any]]) -> tuple[Any, ...]:
    """The trainable variables that TensorFlow's tape sees while ``fn`` runs eagerly on ``inputs``.

    Raises what ``fn`` raises.
    """
    with tf.GradientTape() as tape:
        fn(*(tf.constant(x) for x in inputs))
    variables: tuple[Any, ...] = tape.watched_variables()
    return variables


def gradients(
    fn: Callable[..., Any],
    mode: str,
    variables: Sequence[Any],
    inputs: Sequence[NDArray[Any]],
    upstream: NDArray[Any],
) -> list[list[NDArray[Any] | None]]:
    """The gradients of ``fn`` by ``variables``, on the processor.

    ``inputs`` and ``upstream`` hold n samples along their first axis. Each sample is a call of its
    own. Returns one list for each variable: its n gradients, each of the variable's shape, or None
    where TensorFlow gives none. Raises what ``fn`` or its gradient raises.
    """

    def gradient(u: Any, *samples: Any) -> Any:
        with tf.GradientTape() as tape:
            value = fn(*samples)
        return tape.gradient(value, variables, output_gradients=u)

    run = in_mode(gradient, mode)
    with tf.device("CPU:0"), watchdog.call(f"the gradient by its variables in mode {mode}"):
        rows = [
            run(*(tf.constant(x[k : k + 1]) for x in (upstream, *inputs)))
            for k in range(len(upstream))
        ]
    return [[_array(g) for g in column] for column in zip(*rows, strict=True)]


def _array(gradient: Any) -> NDArray[Any] | None:
    """``gradient`` as an array; one of tf.IndexedSlices has its zeros filled in."""
    return None if gradient is None else np.asarray(tf.convert_to_tensor(gradient).numpy())
