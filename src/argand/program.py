"""A Program: a flat list of TensorFlow's operations, named, with their source lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np


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

    Calls of functions are inlined. Integers such as shapes, axes and indices are constants. Of a
    conditional both branches are there, and SelectV2 takes the results of one.

    ``dtypes`` and ``shapes`` are given for each value; ``constants`` hold exact floats. ``reads``
    says which constants a variable held: (value, handle of the variable). ``conditions`` are the
    values that choose the branch of a conditional.
    """

    inputs: tuple[int, ...]
    outputs: tuple[int | None, ...]
    operations: tuple[Operation, ...]
    constants: dict[int, np.ndarray]
    dtypes: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    reads: tuple[tuple[int, Any], ...] = ()
    conditions: tuple[int, ...] = ()

    @property
    def output(self) -> int:
        """The first output's value. Raises ValueError where there is none."""
        (first, *_) = self.outputs
        if first is None:
            raise ValueError("the Program has no output: TensorFlow gives no gradient there")
        return first

    @property
    def output_dtype(self) -> str:
        """The dtype of the first output."""
        return self.dtypes[self.output]

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the first output at one sample, the axis of samples included."""
        return self.shapes[self.output]

    @property
    def core(self) -> tuple[int, ...]:
        """The shape of one sample of the first output: without the axis of samples."""
        return self.output_shape[1:]

    @property
    def cores(self) -> tuple[tuple[int, ...], ...]:
        """The shape of one sample of each input."""
        return tuple(self.shapes[i][1:] for i in self.inputs)

    @property
    def floats(self) -> list[int]:
        """The float values that operations make, in the order of evaluation."""
        made = (o for op in self.operations for o in op.outputs)
        return [o for o in made if self.dtypes[o].startswith(("float", "complex"))]

    @cached_property
    def _makers(self) -> dict[int, Operation]:
        return {o: op for op in self.operations for o in op.outputs}

    def maker(self, value: int | None, *types: str) -> Operation | None:
        """The operation that makes ``value``, if it is of one of ``types`` (any without); None
        for an input, a constant, and no value."""
        found = None if value is None else self._makers.get(value)
        return found if found is None or not types or found.type in types else None

    def to(self, values: Sequence[int | None]) -> Program:
        """The Program with ``values`` as its outputs and only the operations that these need."""
        return replace(self, outputs=tuple(values), operations=needed(self.operations, values))

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


@runtime_checkable
class Untraced(Protocol):
    """A function that says itself which Program it is."""

    def program(self, dtypes: Sequence[str], cores: Sequence[tuple[int, ...]]) -> Program:
        """It for inputs of ``dtypes``, one sample of each of the shapes ``cores``."""


def needed(operations: Sequence[Operation], values: Iterable[int | None]) -> tuple[Operation, ...]:
    """Those of ``operations`` on which ``values`` depend, in their order."""
    wanted, kept = {*values}, []
    for op in reversed(operations):
        if wanted & {*op.outputs}:
            kept.append(op)
            wanted |= {*op.inputs}
    return tuple(reversed(kept))
