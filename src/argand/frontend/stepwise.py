"""A Program run by TensorFlow one operation at a time: the floats of each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.python.framework import op_def_library, op_def_registry

from argand.frontend.operation import run_operation
from argand.program import Operation, Program

LANES = 8  # copies of the sample: kernels take their vector path, as in an array


class Stepwise:
    """``values`` has the array of each of the Program's values at one sample: what its operation
    gives on the arrays before it.

    Where an operation raises, its values and those that depend on them are missing. ``compiled``
    runs each operation alone through XLA.
    """

    def __init__(self, program: Program, inputs: Sequence[NDArray[Any]], compiled: bool) -> None:
        self.values: dict[int, NDArray[Any]] = dict(program.constants)
        self.values.update(
            (i, np.asarray(x).reshape(program.shapes[i]))
            for i, x in zip(program.inputs, inputs, strict=True)
        )
        for op in program.operations:
            if not all(i in self.values for i in op.inputs):
                continue
            try:
                outs = run_alone(program, op, [self.values[i] for i in op.inputs], compiled)
            except Exception:
                continue  # it does not run alone, so it cannot be blamed
            self.values.update(zip(op.outputs, outs, strict=True))


def run_alone(
    program: Program, op: Operation, operands: Sequence[NDArray[Any]], compiled: bool
) -> list[NDArray[Any]]:
    """What one operation of ``program`` gives on the arrays of one sample."""
    alike = all(x.shape in ((1,), ()) and x.dtype.kind in "fcb" for x in operands)
    alike &= all(program.shapes[o] == (1,) for o in op.outputs)
    if alike:
        operands = [np.repeat(x, LANES) if x.shape else x for x in operands]
    outs = _compiled(op, operands) if compiled else run_operation(op, operands)
    return [x[:1] if x.shape else x for x in outs] if alike else outs


def _compiled(op: Operation, operands: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """What ``run_operation`` returns, through XLA, which needs integers such as shapes as
    constants."""
    floats = [tf.constant(x) for x in operands if _fed(x)]
    return [t.numpy() for t in _executable(_Alone(op, operands))(*floats)]


class _Alone:
    """One operation with its operands; equal to another where XLA compiles the same for both."""

    def __init__(self, op: Operation, operands: Sequence[NDArray[Any]]) -> None:
        self.op, self.operands = op, operands
        given = [(x.dtype.str, x.shape, b"" if _fed(x) else x.tobytes()) for x in operands]
        self._key = repr((op.type, sorted(op.attributes.items()), given))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alone) and self._key == other._key


@lru_cache(maxsize=4096)  # compiling takes a hundred times as long as a call
def _executable(alone: _Alone) -> Callable[..., list[tf.Tensor]]:
    """What computes the operation from the floats among its operands."""

    def call(*floats: tf.Tensor) -> list[tf.Tensor]:
        given = iter(floats)
        tensors = [next(given) if _fed(x) else tf.constant(x) for x in alone.operands]
        return _build(alone.op, tensors)

    specs = [tf.TensorSpec(x.shape, x.dtype) for x in alone.operands if _fed(x)]
    compiled = tf.function(call, jit_compile=True, autograph=False)
    concrete: Callable[..., list[tf.Tensor]] = compiled.get_concrete_function(*specs)
    return concrete


def _fed(operand: NDArray[Any]) -> bool:
    """Whether the compiled operation takes ``operand`` as an argument: floats it does."""
    return operand.dtype.kind in "fc"


def _build(op: Operation, tensors: list[tf.Tensor]) -> list[tf.Tensor]:
    """``op`` in the graph that is being built."""
    arguments: dict[str, Any] = {}
    inferred = set()
    rest = list(tensors)
    for argument in op_def_registry.get(op.type).input_arg:
        inferred |= {argument.type_attr, argument.number_attr, argument.type_list_attr}
        if argument.number_attr:
            count = op.attributes[argument.number_attr]
            arguments[argument.name], rest = rest[:count], rest[count:]
        else:
            arguments[argument.name] = rest.pop(0)
    arguments |= {k: v for k, v in op.attributes.items() if k not in inferred}
    return list(op_def_library._apply_op_helper(op.type, **arguments)[2].outputs)
