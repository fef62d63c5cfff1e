"""A Program: a flat list of TensorFlow's operations, named, with their source lines."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context, execute
from tensorflow.python.framework import op_def_registry

from argand.subject import TargetError


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
    """Operations in the order of evaluation, for one sample (a batch of length 1); calls of
    functions are inlined, and integers such as shapes, axes and indices are constants. Of a
    conditional both branches are there, and SelectV2 takes the results of one.

    ``dtypes`` and ``shapes`` are given per value, ``constants`` hold exact floats. ``reads`` says
    which constants are what a variable held: (value, handle of the variable), ``conditions``
    which values choose the branch of a conditional.
    """

    inputs: tuple[int, ...]
    outputs: tuple[int | None, ...]
    operations: tuple[Operation, ...]
    constants: dict[int, np.ndarray]
    dtypes: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    reads: tuple[tuple[int, Any], ...] = ()
    conditions: tuple[int, ...] = ()

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


def run_operation(operation: Operation, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
    """TensorFlow's own result of one operation on integers, such as shapes and indices; the
    types that it is told of are the inputs' own."""
    tensors = [tf.convert_to_tensor(x) for x in inputs]
    attributes = {
        k: v.as_datatype_enum if isinstance(v, tf.DType) else v
        for k, v in operation.attributes.items()
    }
    rest = list(tensors)
    for argument in op_def_registry.get(operation.type).input_arg:
        count = attributes[argument.number_attr] if argument.number_attr else 1
        if argument.type_attr and rest:
            attributes[argument.type_attr] = rest[0].dtype.as_datatype_enum
        rest = rest[count:]
    flat = tuple(x for pair in attributes.items() for x in pair)
    try:
        with tf.device("CPU"):
            outs = execute.execute(
                operation.type, len(operation.outputs), tensors, flat, context.context()
            )
    except tf.errors.OpError as error:
        raise TargetError(
            f"the operation {operation.type} ({operation.name}, {operation.source}) fails: "
            f"{error.message.splitlines()[0]}"
        ) from error
    return [o.numpy() for o in outs]
