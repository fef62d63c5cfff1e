"""Where a function of several numbers has partial derivatives, and yet no derivative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import arb, ctx

from argand.exact.balls import as_array, to_signed
from argand.exact.edges.kinks import OneSided, Token
from argand.exact.evaluate import Evaluation, values_of
from argand.program import Program

PRECISION = 128
DIRECTIONS = 6
KNOWN = 40  # bits of a slope that is compared
FAR = 2.0**-16  # a relative difference that rounding of the gradient to any dtype does not make


def bent(
    program: Program,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    gradients: Sequence[np.ndarray],
) -> np.ndarray:
    """Samples (n,) at which ``gradients`` are no derivative: along some direction the slope on one
    side is another than theirs, as that of max + min at three equal numbers, each of whose partial
    derivatives is 1. All arrays real, (n, *core); a necessary condition is tried, in a few
    directions.
    """
    n = len(upstream)
    columns = np.concatenate([g.reshape(n, -1) for g in gradients], axis=1).astype(np.float64)
    found = np.zeros(n, bool)
    rng = np.random.default_rng(columns.shape[1])
    signed = [to_signed(x) for x in inputs]
    for k in range(DIRECTIONS):
        direction = np.ones(columns.shape[1])
        if k:  # the first keeps ties
            direction = np.exp2(rng.integers(-1, 2, columns.shape[1]))
            direction *= rng.choice([-1.0, 1.0], columns.shape[1])
        with ctx.workprec(PRECISION):
            out = values_of(program, signed, _Along(program, direction))[program.output]
        if out.dz[0] is None:
            continue
        slopes = np.broadcast_to(out.dz[0], (n, *out.value.shape[1:])).reshape(n, -1)
        weights = upstream.reshape(n, -1).astype(np.float64)
        for side in ("left", "right"):
            numbers = np.array([[_number(s, side) for s in row] for row in slopes])
            with np.errstate(all="ignore"):
                terms, mine = weights * numbers, columns * direction
                size = np.abs(terms).sum(1) + np.abs(mine).sum(1)
                found |= np.abs(terms.sum(1) - mine.sum(1)) > FAR * size
    return found


class _Along(Evaluation):
    """A careful pass that takes one derivative: along ``direction``, a number for each entry."""

    def __init__(self, program: Program, direction: np.ndarray) -> None:
        super().__init__(program, derivatives=False, careful=True, order=1)
        self._direction = direction
        self.real, self.none = [True], (None,)

    def seeds(self, balls: np.ndarray, first: int) -> tuple[np.ndarray | None, ...]:
        size = int(np.prod(balls.shape[1:]))
        steps = [arb(float(d)) for d in self._direction[first : first + size]]
        return (as_array(steps * len(balls), balls.shape),)


def _number(slope: Any, side: str) -> float:
    """The slope on one side; NaN where it is not known."""
    if slope is None:
        return 0.0
    if isinstance(slope, Token):
        return float("nan")
    slope = getattr(slope, side) if isinstance(slope, OneSided) else slope
    if slope == 0:
        return 0.0
    known = slope.is_finite() and slope.real.rel_accuracy_bits() > KNOWN
    return float(slope.real.mid()) if known else float("nan")
