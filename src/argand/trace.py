"""A TensorFlow function as a Program: a flat list of named operations with their source lines."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from argand.subject import TargetError

_PASS_THROUGH = {"Identity", "IdentityN", "StopGradient", "PreventGradient", "Snapshot"}
_OURS = os.path.dirname(os.path.abspath(__file__))
_CATALOGUE = os.path.join(_OURS, "catalogue")
_TENSORFLOW = os.path.dirname(os.path.abspath(tf.__file__))


@dataclass(frozen=True)
class Operation:
    """One TensorFlow operation; ``inputs`` and ``outputs`` index the Program's values."""

    type: str
    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    attributes: dict[str, Any]
    source: str


@dataclass(frozen=True)
class Program:
    """Operations in the order of evaluation, for one sample (a batch of length 1).

    ``dtypes`` and ``shapes`` are given per value, ``constants`` hold exact floats.
    """

    inputs: tuple[int, ...]
    outputs: tuple[int | None, ...]
    operations: tuple[Operation, ...]
    constants: dict[int, np.ndarray]
    dtypes: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]

    def op_types(self) -> set[str]:
        """The types of the operations that it holds."""
        return {op.type for op in self.operations}

    def fingerprint(self) -> str:
        """A hash of what it computes, whatever the names and the places in the source."""
        operations = [
            (op.type, op.inputs, op.outputs, sorted(op.attributes.items()))
            for op in self.operations
        ]
        constants = [(i, c.dtype.str, c.shape, c.tobytes()) for i, c in self.constants.items()]
        parts = (self.inputs, self.outputs, operations, constants, self.dtypes, self.shapes)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def trace_value(fn: Callable[..., Any], dtypes: Sequence[str]) -> Program:
    """The forward computation of ``fn``; a custom gradient's body is inlined there.

    Raises TargetError when ``fn`` refuses these dtypes.
    """
    return _trace(fn, dtypes, "value")


def trace_gradient(fn: Callable[..., Any], dtypes: Sequence[str]) -> Program:
    """The backward computation of ``fn``: inputs (upstream, *inputs), one output per input.

    An output is None where TensorFlow gives no gradient. Raises TargetError as above.
    """
    out = trace_value(fn, dtypes)
    assert out.outputs[0] is not None
    upstream_dtype = out.dtypes[out.outputs[0]]

    def backward(upstream: tf.Tensor, *inputs: tf.Tensor) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            value = fn(*inputs)
        return tape.gradient(value, inputs, output_gradients=upstream)

    return _trace(backward, (upstream_dtype, *dtypes), "gradient")


def _trace(fn: Callable[..., Any], dtypes: Sequence[str], what: str) -> Program:
    specs = [tf.TensorSpec([1], dtype, name=f"argand_input_{i}") for i, dtype in enumerate(dtypes)]
    nested = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)  # a tf.function called inside is inlined
    try:
        concrete = tf.function(fn, autograph=False).get_concrete_function(*specs)
    except TargetError:
        raise
    except Exception as error:
        raise TargetError(
            f"the {what} cannot be traced for {', '.join(dtypes)}: {describe(error)}"
            f"{_raised_at(error)}"
        ) from error
    finally:
        tf.config.run_functions_eagerly(nested)
    outputs = concrete.structured_outputs
    if outputs is None or (what == "value" and not isinstance(outputs, tf.Tensor)):
        raise TargetError(
            f"the function returns {type(outputs).__name__}, not one tensor; return one tensor"
        )
    if isinstance(outputs, tf.Tensor):
        outputs = (outputs,)
    return _flatten(concrete.graph, concrete.graph.inputs, outputs)


def _flatten(graph: Any, inputs: Sequence[Any], outputs: Sequence[Any]) -> Program:
    index: dict[str, int] = {}
    dtypes: list[str] = []
    shapes: list[tuple[int, ...]] = []
    constants: dict[int, np.ndarray] = {}
    operations: list[Operation] = []

    def add(tensor: Any) -> int:
        index[tensor.name] = len(dtypes)
        dtypes.append(tensor.dtype.base_dtype.name)
        shapes.append(tuple(tensor.shape.as_list()) if tensor.shape.rank is not None else ())
        return index[tensor.name]

    for tensor in inputs:
        add(tensor)
    for op in _needed(graph, outputs):
        if op.type == "Placeholder":
            continue
        if op.type in _PASS_THROUGH:
            for into, out in zip(op.inputs, op.outputs, strict=False):
                index[out.name] = index[into.name]
            continue
        # Shapes and axes are integers that tracing knows already.
        outs = tuple(add(out) for out in op.outputs)
        known = {
            i: c for i, out in zip(outs, op.outputs, strict=True) if (c := _known(out)) is not None
        }
        if known and len(known) == len(outs):
            constants.update(known)
            continue
        operations.append(
            Operation(
                op.type,
                op.name,
                tuple(index[i.name] for i in op.inputs),
                outs,
                {k: op.get_attr(k) for k in op.node_def.attr if not k.startswith("_")},
                source_line(op),
            )
        )
    return Program(
        tuple(index[t.name] for t in inputs),
        tuple(None if t is None else index[t.name] for t in outputs),
        tuple(operations),
        constants,
        tuple(dtypes),
        tuple(shapes),
    )


def _needed(graph: Any, outputs: Sequence[Any]) -> list[Any]:
    """The operations on which ``outputs`` depend, in the graph's (topological) order."""
    todo = [t.op for t in outputs if t is not None]
    seen: set[str] = set()
    while todo:
        op = todo.pop()
        if op.name not in seen:
            seen.add(op.name)
            todo.extend(i.op for i in op.inputs)
    return [op for op in graph.get_operations() if op.name in seen]


def _known(tensor: Any) -> np.ndarray | None:
    if tensor.op.type != "Const" and not tensor.dtype.is_integer:
        return None
    value = tf.get_static_value(tensor)
    return None if value is None else np.asarray(value)


def source_line(op: Any) -> str:
    """``file:line`` of the user's code that made ``op``: the innermost frame that is neither
    TensorFlow's nor argand's own."""
    frames = [(f.filename, f.lineno) for f in op.traceback or ()]
    return _users_line(frames) or "TensorFlow's own gradient"


def _raised_at(error: BaseException) -> str:
    frames = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    line = _users_line(frames)
    return f" ({line})" if line else ""


def _users_line(frames: Sequence[tuple[str, int | None]]) -> str:
    """The innermost of ``frames`` (outermost first) that is the user's; what lies outside
    argand's frames only called it."""
    for name, number in reversed(frames):
        file = os.path.abspath(name)
        if file.startswith(_OURS) and not file.startswith(_CATALOGUE):
            return ""
        if not file.startswith(_TENSORFLOW):
            return f"{file}:{number}"
    return ""


def describe(error: BaseException) -> str:
    """The error on one line: its type and the message's first informative line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else "no message"
    if text.startswith(("in user code", "Exception encountered")) and len(lines) > 1:
        text = lines[-1]
    return f"{type(error).__name__}: {text}"
