"""Operations that move elements: each element of the result is one of an operand, or zero.

TensorFlow itself says which, for it runs the operation on numbered elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import Balls, as_array
from argand.exact.edges.zeros import Signed
from argand.exact.partials import NO_DERIVATIVE, some
from argand.exact.rules.run import Run
from argand.frontend.operation import run_operation
from argand.program import Operation

STRUCTURAL = frozenset({
    "BroadcastTo", "Concat", "ConcatV2", "DeepCopy", "Diag", "DiagPart", "ExpandDims", "Fill",
    "Gather", "GatherNd", "GatherV2", "InvertPermutation", "MatrixDiag", "MatrixDiagPart",
    "MirrorPad", "Pack", "Pad", "ParallelConcat", "Reshape", "Reverse", "ReverseV2", "Roll",
    "Slice", "Split", "SplitV", "Squeeze", "StridedSlice", "StridedSliceGrad", "Tile",
    "Transpose", "Unpack",
})  # fmt: skip


def structural(run: Run, op: Operation, operands: list[Any]) -> list[Balls]:
    """The outputs of an operation that moves elements."""
    data = [x for x in operands if isinstance(x, Balls)]
    places = run_operation(op, _numbered(operands))
    shapes = [x.value.shape[1:] for x in data]
    samples = max(len(x.value) for x in data)
    zero = _zero(run, run.program.dtypes[op.outputs[0]])
    value = _table([x.value for x in data], shapes, samples, zero)

    def moved(derivatives: Iterable[tuple[np.ndarray | None, ...]], where: np.ndarray) -> Any:
        tables = (_derivatives(parts, shapes, samples) for parts in derivatives)
        return tuple(None if d is None else some(_taken(d, where)) for d in tables)

    return [
        Balls(
            _taken(value, where),
            moved(zip(*(x.dz for x in data), strict=True), where),
            moved(zip(*(x.dzbar for x in data), strict=True), where),
        )
        for where in places
    ]


def _numbered(operands: list[Any]) -> list[Any]:
    """The operands with their elements numbered from 1, for element 0 of the table is zero;
    constants stay as they are."""
    numbered, first = [], 1
    for x in operands:
        if isinstance(x, Balls):
            shape = x.value.shape[1:]
            size = int(np.prod(shape))
            x = np.arange(first, first + size, dtype=np.int32).reshape(shape)
            first += size
        numbered.append(x)
    return numbered


def _zero(run: Run, dtype: str) -> Any:
    if dtype == "bool":
        return False
    zero = acb(0) if dtype.startswith("complex") else arb(0)
    return Signed(zero) if run.careful else zero


def _table(
    parts: Sequence[np.ndarray], shapes: list[tuple[int, ...]], samples: int, zero: Any
) -> np.ndarray:
    """All elements of the operands in a row, for each sample; the first one is ``zero``."""
    columns = [as_array([zero] * samples, (samples, 1))]
    for part, shape in zip(parts, shapes, strict=True):
        columns.append(
            np.broadcast_to(part, (samples, *shape)).reshape(samples, int(np.prod(shape)))
        )
    return np.concatenate(columns, axis=1)


def _derivatives(
    parts: tuple[np.ndarray | None, ...], shapes: list[tuple[int, ...]], samples: int
) -> np.ndarray | None:
    """The table of the operands' derivatives by one direction."""
    if all(p is None for p in parts):
        return None
    return _table([NO_DERIVATIVE if p is None else p for p in parts], shapes, samples, None)


def _taken(table: np.ndarray, where: np.ndarray) -> np.ndarray:
    return table[:, where.ravel()].reshape(len(table), *where.shape)
