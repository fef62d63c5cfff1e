"""A Program beside a point: the germs of all its values along lines through samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import acb, fmpq

from argand.exact.balls import Balls, as_array
from argand.exact.evaluate import Evaluation
from argand.exact.partials import left_padded
from argand.exact.rules.shaped import BITS
from argand.exact.series.germ import Germ, constant, plus
from argand.exact.series.reach import reached
from argand.exact.series.steps import stepped
from argand.program import Operation, Program

# A real step is t², so that the root of what it is has a series in t; a complex one is t.
REAL_STEP, COMPLEX_STEP = 2, 1


class Neighbourhood(Evaluation):
    """One pass over a Program with germs as values, which all move along ``straight`` lines, or
    all around points of the plane."""

    def __init__(self, program: Program, straight: bool) -> None:
        super().__init__(program, derivatives=False, careful=False, order=1)
        self.straight = straight

    def operation(self, op: Operation, operands: list[Any]) -> list[Balls]:
        """The outputs of one operation; of one on bits nothing is known."""
        if op.type in BITS:
            shapes = [self.program.shapes[o] for o in op.outputs]
            return [Balls(np.full((1, *shape), None, object)) for shape in shapes]
        return super().operation(op, operands)

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        """The result of the rule ``name`` on germs that broadcast together."""
        rank = max(o.value.ndim for o in operands)
        arrays = np.broadcast_arrays(*(left_padded(o.value, rank) for o in operands))
        columns = [a.ravel().tolist() for a in arrays]
        results = [stepped(name, [*v], self.straight) for v in zip(*columns, strict=True)]
        return Balls(as_array(results, arrays[0].shape))

    def is_complex(self, x: Balls) -> bool:
        """Whether the tensor's elements are complex."""
        known = (v for v in x.value.flat if isinstance(v, Germ | acb))
        first = next(known, None)
        return first.whole if isinstance(first, Germ) else first is not None


def germs(
    program: Program, inputs: Sequence[np.ndarray], moved: int, sign: int
) -> dict[int, np.ndarray]:
    """Of each value that the Program computes its germs, of shape (samples, *shape), where the
    element ``moved`` (counted through all inputs) of each sample moves on.

    ``inputs``: balls, of shape (samples, *core). ``sign``: ±1, the side of a real element to which
    it goes; 0 around a complex one. Where nothing is known a germ is None.
    """
    run = Neighbourhood(program, straight=sign != 0)
    values: dict[int, Any] = {i: run.given(c) for i, c in program.constants.items()}
    first = 0
    for index, balls in zip(program.inputs, inputs, strict=True):
        flat = as_array([constant(b) for b in balls.flat], balls.shape).reshape(len(balls), -1)
        if 0 <= moved - first < flat.shape[1]:
            column = flat[:, moved - first]
            flat[:, moved - first] = as_array([_moving(g, sign) for g in column], column.shape)
        first += flat.shape[1]
        values[index] = Balls(flat.reshape(len(balls), *program.shapes[index]))
    for op in program.operations:
        outs = run.operation(op, [values[i] for i in op.inputs])
        values.update(zip(op.outputs, outs, strict=True))
    return {o: values[o].value for op in program.operations for o in op.outputs}


def _moving(start: Any, sign: int) -> Any:
    power = REAL_STEP if sign else COMPLEX_STEP
    return plus(start, Germ(power, (fmpq(sign or 1),), None, start.whole))


class Neighbours:
    """The germs of a Program's values beside samples, each kept once it is computed, and on which
    elements of its inputs each element depends. ``inputs``: balls, of shape (samples, *core)."""

    def __init__(self, program: Program, inputs: Sequence[np.ndarray]) -> None:
        self.program, self.inputs = program, inputs
        self._germs: dict[tuple[int, int], dict[int, np.ndarray]] = {}
        self._reached: dict[int, np.ndarray] = {}

    def germ(self, value: int, moved: int, sign: int, k: int) -> Any:
        """That of element k of the value, counted through all samples, as ``germs`` gives it."""
        if (moved, sign) not in self._germs:
            self._germs[moved, sign] = germs(self.program, self.inputs, moved, sign)
        found = self._germs[moved, sign][value]
        samples = len(self.inputs[0])
        return np.broadcast_to(found, (samples, *found.shape[1:])).reshape(-1)[k]

    def sources(self, value: int, k: int) -> frozenset[int]:
        """The elements of the inputs, numbered through all of them, on which it depends."""
        self._reached = self._reached or reached(self.program)
        sets = self._reached[value].ravel()
        return frozenset(sets[k % len(sets)])
