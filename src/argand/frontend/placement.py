"""Which operations TensorFlow places on the processor, though it is told to use a GPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.python.framework.kernels import get_registered_kernels_for_op


def left_to_processor(
    fn: Callable[..., Any], mode: str, inputs: Sequence[NDArray[Any] | tf.Tensor], device: str
) -> str:
    """The sentence that names the operations of ``fn`` and its gradient that ``device`` leaves to
    the processor; "" where there are none.

    TensorFlow places an operation there, without a word, where the device has no kernel for its
    dtypes. XLA needs no kernels, and the processor has all. Raises what ``fn`` raises.
    """
    kind = device.partition(":")[0]
    if kind == "CPU" or mode == "xla":
        return ""
    definition = _graph(fn, [tf.TensorSpec(x.shape, x.dtype) for x in inputs])
    lacking = sorted({node.op for node in _nodes(definition) if _lacks_kernel(node, kind)})
    if not lacking:
        return ""
    return (
        f"TensorFlow has no kernel for {', '.join(lacking)} on {device}, and computes it on the "
        "processor"
    )


def _graph(fn: Callable[..., Any], specs: Sequence[tf.TensorSpec]) -> Any:
    """The graph of value and gradient of ``fn``, as TensorFlow writes it down."""

    @partial(tf.function, autograph=False)
    def value_and_gradient(*inputs: tf.Tensor) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            value = fn(*inputs)
        return value, *(g for g in tape.gradient(value, inputs) if g is not None)

    return value_and_gradient.get_concrete_function(*specs).graph.as_graph_def()


def _nodes(definition: Any) -> Iterator[Any]:
    """The operations of the graph, and of its branches and loops."""
    yield from definition.node
    for function in definition.library.function:
        yield from function.node_def


def _lacks_kernel(node: Any, kind: str) -> bool:
    """Whether the operation has kernels, but none for its dtypes on this kind of device."""
    registered = get_registered_kernels_for_op(node.op).kernel
    return bool(registered) and not any(
        kernel.device_type in (kind, "DEFAULT")
        and all(node.attr[c.name].type in c.allowed_values.list.type for c in kernel.constraint)
        for kernel in registered
    )
