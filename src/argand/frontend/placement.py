"""Which operations TensorFlow computes on the processor though it is told to on a GPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.framework.kernels import get_registered_kernels_for_op


def left_to_processor(
    fn: Callable[..., Any], mode: str, inputs: Sequence[np.ndarray | tf.Tensor], device: str
) -> str:
    """Why value and gradient of ``fn`` are not what ``device`` computes: operations that have no
    kernel there in their dtypes are given to the processor, without a word. "" where all have
    one, in XLA, which needs none, and for the processor. Raises what ``fn`` raises."""
    kind = device.partition(":")[0]
    if kind == "CPU" or mode == "xla":
        return ""
    definition = _traced(fn, [tf.TensorSpec(x.shape, x.dtype) for x in inputs])
    lacking = sorted({node.op for node in _nodes(definition) if _lacks_kernel(node, kind)})
    if not lacking:
        return ""
    return f"TensorFlow has no kernel for {', '.join(lacking)} on {device}: it is the processor's"


def _traced(fn: Callable[..., Any], specs: Sequence[tf.TensorSpec]) -> Any:
    @partial(tf.function, autograph=False)
    def value_and_gradient(*inputs: tf.Tensor) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            value = fn(*inputs)
        return value, *(g for g in tape.gradient(value, inputs) if g is not None)

    return value_and_gradient.get_concrete_function(*specs).graph.as_graph_def()


def _nodes(definition: Any) -> Iterator[Any]:
    """Those of the graph, and of its branches and loops."""
    yield from definition.node
    for function in definition.library.function:
        yield from function.node_def


def _lacks_kernel(node: Any, kind: str) -> bool:
    """Whether there are kernels for the operation, and none for its dtypes on this kind."""
    registered = get_registered_kernels_for_op(node.op).kernel
    return bool(registered) and not any(
        kernel.device_type in (kind, "DEFAULT")
        and all(node.attr[c.name].type in c.allowed_values.list.type for c in kernel.constraint)
        for kernel in registered
    )
