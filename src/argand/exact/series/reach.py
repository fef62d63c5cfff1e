"""On which elements of the inputs each element of a value depends, however it does."""

from __future__ import annotations

from typing import Any

import numpy as np

from argand.exact.balls import Balls, as_array
from argand.exact.evaluate import Evaluation
from argand.exact.partials import left_padded
from argand.exact.rules.shaped import BITS
from argand.program import Operation, Program

_NONE: frozenset[int] = frozenset()


class Reach(Evaluation):
    """One pass over a Program with sets of directions as values."""

    def __init__(self, program: Program) -> None:
        super().__init__(program, derivatives=False, careful=False, order=1)

    def operation(self, op: Operation, operands: list[Any]) -> list[Balls]:
        """The outputs of one operation; one on bits depends on all of its operands."""
        if op.type not in BITS:
            return super().operation(op, operands)
        every = _NONE.union(*(_set(v) for o in operands for v in getattr(o, "value", o).flat))
        return [Balls(_filled(every, (1, *self.program.shapes[o]))) for o in op.outputs]

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        """The unions of the operands' sets."""
        rank = max(o.value.ndim for o in operands)
        arrays = np.broadcast_arrays(*(left_padded(o.value, rank) for o in operands))
        columns = zip(*(a.ravel().tolist() for a in arrays), strict=True)
        unions = [_NONE.union(*map(_set, column)) for column in columns]
        return Balls(as_array(unions, arrays[0].shape))

    def is_complex(self, x: Balls) -> bool:
        """Of sets it does not matter."""
        return False


def _set(v: Any) -> frozenset[int]:
    return v if isinstance(v, frozenset) else _NONE


def _filled(of: frozenset[int], shape: tuple[int, ...]) -> np.ndarray:
    return as_array([of] * int(np.prod(shape)), shape)


def reached(program: Program) -> dict[int, np.ndarray]:
    """Of each value that the Program computes the set of directions for each element, of shape
    (1, *shape); the elements of the inputs are numbered through all of them."""
    run = Reach(program)
    values: dict[int, Any] = {i: run.given(c) for i, c in program.constants.items()}
    first = 0
    for index in program.inputs:
        shape = (1, *program.shapes[index])
        size = int(np.prod(shape))
        values[index] = Balls(as_array([frozenset([first + k]) for k in range(size)], shape))
        first += size
    for op in program.operations:
        outs = run.operation(op, [values[i] for i in op.inputs])
        values.update(zip(op.outputs, outs, strict=True))
    return {o: values[o].value for op in program.operations for o in op.outputs}
