"""Where an operand may jump: what a constant, a comparison or a selection makes of that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np

from argand.exact.balls import UNDECIDED, Balls
from argand.exact.edges.kinks import Jump
from argand.exact.edges.truth import Edge

Shape = tuple[int, ...]


def _no_limit(d: np.ndarray | None, shape: Shape) -> np.ndarray | None:
    """Where a derivative is not finite, so that its value may jump; None for nowhere."""
    if d is None:
        return None
    flags = [
        v is not None and not getattr(v, "ball", v).is_finite()
        for v in np.broadcast_to(d, shape).ravel().tolist()
    ]
    return np.array(flags, bool) if any(flags) else None


def jumps_undecided(
    out: Balls, partials: Sequence[Any], operands: Sequence[Balls], shape: Shape
) -> Balls:
    """``out`` with UNDECIDED derivatives where it is a constant of what may jump: floor(floor(x)),
    or the lesser operand of a maximum.

    ``partials`` holds for each element the pairs of partial derivatives by the operands.
    """
    for k, operand in enumerate(operands):
        if not operand.moves:
            continue
        flat = np.array([p[k][0] is None and p[k][1] is None for p in partials], bool)
        if flat.any():
            dz = map(_undecided_at_jumps, out.dz, operand.dz, repeat(flat), repeat(shape))
            dzbar = map(_undecided_at_jumps, out.dzbar, operand.dzbar, repeat(flat), repeat(shape))
            out = Balls(out.value, tuple(dz), tuple(dzbar))
    return out


def _undecided_at_jumps(
    d: np.ndarray | None, of_operand: np.ndarray | None, flat: np.ndarray, shape: Shape
) -> np.ndarray | None:
    where = _no_limit(of_operand, shape)
    if where is None or not (where & flat).any():
        return d
    return np.asarray(np.where((where & flat).reshape(shape), UNDECIDED, d), object)


def jumps_are_edges(out: Balls, operands: Sequence[Balls], directions: int) -> Balls:
    """The comparison ``out`` with an Edge where an operand may jump: the truth may change beside
    that point, though nothing is equal there.

    The Edges tell their sides for the first ``directions`` directions (all, or none).
    """
    shape = out.value.shape
    jumps = [_may_jump(operands, i, shape) for i in range(len(out.dz))]
    value = out.value.ravel().copy()
    for k in np.flatnonzero(np.any(jumps, axis=0)):
        if isinstance(value[k], bool):
            here = [j[k] for j in jumps[:directions]]
            sides = tuple(None if j else value[k] for j in here)
            value[k] = Edge(value[k], sides, sides, tuple(False if j else None for j in here))
    return Balls(value.reshape(shape), out.dz, out.dzbar)


# Of different operands these give different results, real or complex, and these if real: a jump
# of the operand is one of theirs. (Of extrema and selections: where they take that operand.)
_FAITHFUL = frozenset({
    "AddV2", "Complex", "Conj", "Maximum", "Minimum", "Mul", "Neg", "RealDiv", "Reciprocal", "Relu",
    "Relu6", "SelectV2", "Sub",
})  # fmt: skip
_FAITHFUL_IF_REAL = frozenset({
    "Asinh", "Atan", "Erf", "Erfc", "Exp", "ExpMinusOne", "Expm1", "Log", "Log1p", "LogOnePlus",
    "LogOnePlusExp", "OneOverOnePlusExp", "Rsqrt", "Sigmoid", "Sinh", "Softplus", "Sqrt", "Tanh",
})  # fmt: skip


def jumps_kept(name: str, operand: Balls, is_complex: bool) -> Balls:
    """The ``operand`` as the chain rule of the rule ``name`` may take it: with UNDECIDED
    derivatives for jumps that may go under in the result."""
    if name in _FAITHFUL or (name in _FAITHFUL_IF_REAL and not is_complex):
        return operand
    return Balls(operand.value, *(tuple(map(_no_jumps, d)) for d in (operand.dz, operand.dzbar)))


def _no_jumps(d: np.ndarray | None) -> np.ndarray | None:
    if d is None or not any(isinstance(v, Jump) for v in d.flat):
        return d
    return np.asarray(_undecided_jumps(d), object)


_undecided_jumps = np.frompyfunc(lambda v: UNDECIDED if isinstance(v, Jump) else v, 1, 1)


def _may_jump(operands: Sequence[Balls], i: int, shape: Shape) -> np.ndarray:
    """For each element, whether an operand may jump along direction i."""
    found = [_no_limit(d, shape) for o in operands for d in (o.dz[i], o.dzbar[i])]
    out = np.zeros(int(np.prod(shape)), bool)
    for where in found:
        if where is not None:
            out |= where
    return out


def edges_undecided(out: Balls, conditions: list[Any]) -> Balls:
    """The selection ``out`` with UNDECIDED derivatives where its condition is an Edge: the careful
    pass finds them. Even a selection from constants may jump there."""
    edges = [k for k, c in enumerate(conditions) if isinstance(c, Edge)]
    if not edges:
        return out

    def undecided(d: np.ndarray | None) -> np.ndarray:
        shape = out.value.shape
        full = np.full(shape, None, object) if d is None else np.broadcast_to(d, shape).copy()
        full.flat[edges] = UNDECIDED
        return full

    return Balls(out.value, tuple(map(undecided, out.dz)), tuple(map(undecided, out.dzbar)))
