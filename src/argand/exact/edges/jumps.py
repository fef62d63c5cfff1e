"""Where a function may jump: what is constant there, compared there or selected there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from argand.exact.balls import Balls
from argand.exact.rule import UNDECIDED, Edge


def _no_limit(d: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray | None:
    """Where a derivative is not finite: what it belongs to may jump; None for nowhere."""
    if d is None:
        return None
    flags = [
        v is not None and not getattr(v, "ball", v).is_finite()
        for v in np.broadcast_to(d, shape).ravel().tolist()
    ]
    return np.array(flags, bool) if any(flags) else None


def jumps_undecided(
    out: Balls, partials: Any, operands: Sequence[Balls], shape: tuple[int, ...]
) -> None:
    """A constant of what may jump may jump too: floor(floor(x)), or the lesser of a maximum."""
    for k, operand in enumerate(operands):
        flat = np.array([p[k][0] is None and p[k][1] is None for p in partials], bool)
        if not (operand.moves and flat.any()):
            continue
        for name in ("dz", "dzbar"):
            derivatives = list(getattr(out, name))
            for i, d in enumerate(getattr(operand, name)):
                where = _no_limit(d, shape)
                if where is not None and (where & flat).any():
                    here = (where & flat).reshape(shape)
                    derivatives[i] = np.asarray(np.where(here, UNDECIDED, derivatives[i]), object)
            object.__setattr__(out, name, tuple(derivatives))


def jumps_are_edges(out: Balls, operands: Sequence[Balls], directions: int) -> Balls:
    """A comparison of what may jump may change beside the point, though nothing is equal."""
    shape = out.value.shape
    found = [
        [_no_limit(o.dz[i], shape) for o in operands]
        + [_no_limit(o.dzbar[i], shape) for o in operands]
        for i in range(len(out.dz))
    ]
    if all(w is None for ws in found for w in ws):
        return out
    jumps = np.array(
        [
            np.any([w for w in ws if w is not None], axis=0)
            if any(w is not None for w in ws)
            else np.zeros(out.value.size, bool)
            for ws in found
        ]
    )
    value = out.value.copy().ravel()
    for k in np.flatnonzero(jumps.any(axis=0)):
        if isinstance(value[k], bool):
            sides = tuple(None if j else value[k] for j in jumps[:directions, k])
            value[k] = Edge(
                value[k], sides, sides, tuple(False if j else None for j in jumps[:directions, k])
            )
    return Balls(value.reshape(shape), out.dz, out.dzbar)


def edges_undecided(out: Balls, conditions: list[Any]) -> Balls:
    """A selection at an Edge is left to the careful pass: no derivative is known here, not even
    that of constants."""
    edges = [k for k, c in enumerate(conditions) if isinstance(c, Edge)]
    if not edges:
        return out

    def undecided(d: np.ndarray | None) -> np.ndarray:
        shape = out.value.shape
        full = np.full(shape, None, object) if d is None else np.broadcast_to(d, shape).copy()
        full.flat[edges] = UNDECIDED
        return full

    return Balls(out.value, tuple(map(undecided, out.dz)), tuple(map(undecided, out.dzbar)))
