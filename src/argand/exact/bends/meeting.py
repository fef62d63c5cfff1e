"""Where an operation is exactly at a kink, and how many numbers meet there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from argand.exact.balls import Balls
from argand.exact.edges.truth import Edge
from argand.exact.edges.zeros import Signed
from argand.exact.evaluate import Evaluation
from argand.exact.partials import left_padded
from argand.program import Program

_CORNERS: dict[str, tuple[float, ...]] = {
    "Abs": (0,), "ComplexAbs": (0,), "Relu": (0,), "Relu6": (0, 6),
}  # fmt: skip
_EXTREMA = frozenset({"Maximum", "Minimum"})
KINKED = frozenset({*_CORNERS, *_EXTREMA, "SelectV2"})


def places(name: str, columns: Sequence[Sequence[Any]]) -> list[int]:
    """The elements at which the rule ``name`` (of ``KINKED``) has a kink;
    ``columns`` holds the elements of each operand."""
    if name in _CORNERS:
        points = _CORNERS[name]
        return [k for k, v in enumerate(columns[0])
                if isinstance(v, Signed) and any(bool(v.ball == p) for p in points)]  # fmt: skip
    if name in _EXTREMA:
        pairs = enumerate(zip(*columns, strict=True))
        return [k for k, (a, b) in pairs if equal(a, b)]
    return [k for k, c in enumerate(columns[0]) if isinstance(c, Edge)]


def equal(a: Any, b: Any) -> bool:
    """Whether two values are surely the same number."""
    return isinstance(a, Signed) and isinstance(b, Signed) and bool(a.ball == b.ball)


def aligned(operands: Sequence[Balls]) -> tuple[list[Balls], list[list[Any]], tuple[int, ...]]:
    """The operands with as many axes each, the elements of each, and the shape that they share."""
    rank = max(o.value.ndim for o in operands)
    padded = [o.each(lambda a: left_padded(a, rank)) for o in operands]
    arrays = np.broadcast_arrays(*(o.value for o in padded))
    return padded, [a.ravel().tolist() for a in arrays], arrays[0].shape


def element(a: np.ndarray | None, k: int, shape: tuple[int, ...]) -> Any:
    """Element k of the array broadcast to ``shape``, counted in one row; None of None."""
    return None if a is None else np.broadcast_to(a, shape)[np.unravel_index(k, shape)]


def decides(edge: Edge, directions: int) -> set[int]:
    """The directions on which the truth may depend."""
    if not edge.crosses:
        return set(range(directions))
    return {i for i, crosses in enumerate(edge.crosses) if crosses is not None}


class Watched(Evaluation):
    """The careful pass, which counts the kinks of each sample: ``kinks`` holds how many there
    are, ``several`` whether more than one direction moves the operands of one of them."""

    def __init__(self, program: Program, samples: int) -> None:
        super().__init__(program, derivatives=True, careful=True, order=1)
        self.kinks = np.zeros(samples, int)
        self.several = np.zeros(samples, bool)

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        """The result of the rule ``name``, its kinks counted."""
        if name in KINKED and len(self.real) > 1:
            self._count(name, operands)
        return super().elementwise(name, *operands)

    def _count(self, name: str, operands: Sequence[Balls]) -> None:
        padded, columns, shape = aligned(operands)
        for k in places(name, columns):
            moving = {
                i for i in range(len(self.real))
                if any(_moves(element(d[i], k, shape)) for o in padded for d in (o.dz, o.dzbar))
            }  # fmt: skip
            if name == "SelectV2":
                moving |= decides(columns[0][k], len(self.real))
            at: Any = slice(None) if shape[0] == 1 else k // int(np.prod(shape[1:]))
            self.kinks[at] += 1
            self.several[at] |= len(moving) > 1


def _moves(d: Any) -> bool:
    return d is not None and not bool(d == 0)
