"""Derivatives at points where the chain rule has none: found from both sides by series.

A value that depends on one element of the inputs alone has the derivative that its series gives,
if its own value at the point is exactly what they go to: by Riemann's theorem where that element
is complex, on both sides of it where it is real. So a removable singularity gets its derivative
where it arises, and the chain rule goes on from there, with as many inputs as there are. Of a
value that depends on several, what one line shows is that there is no derivative.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import ctx

from argand.exact.balls import Balls, no_number
from argand.exact.edges.kinks import JUMP, VERTICAL, OneSided, Token, one_sided
from argand.exact.edges.zeros import Signed
from argand.exact.partials import unless_zero
from argand.exact.series.germ import NOWHERE, Germ, ball_of, exact_number, is_zero, nonzero
from argand.exact.series.neighbourhood import COMPLEX_STEP, REAL_STEP, germs
from argand.exact.series.reach import reached
from argand.program import Program

_NOTHING = -1  # the direction in which nothing moves
_ENOUGH = 512  # bits: what is wide at fewer may just need more


class Mending:
    """Mends the derivatives of a Program's values at samples; the germs are computed once."""

    def __init__(
        self, program: Program, inputs: Sequence[np.ndarray], real: Sequence[bool]
    ) -> None:
        self.program, self.real = program, real
        self.inputs = [_balls(x) for x in inputs]
        self.known: dict[tuple[int, int], dict[int, np.ndarray]] = {}
        self.reached: dict[int, np.ndarray] = {}

    def mended(self, value: int, found: Balls) -> Balls:
        """The Program's ``value`` as the chain rule ``found`` it, with derivatives by series."""
        directions = [i for i in range(len(self.real)) if _moves(found, i)]
        if not directions:
            return found
        dz, dzbar = list(found.dz), list(found.dzbar)
        for i in directions:
            columns = [_full(d[i], found.value.shape) for d in (found.dz, found.dzbar)]
            bad = [k for k, pair in enumerate(zip(*columns, strict=True)) if any(map(lost, pair))]
            for k in bad:
                own = self._own(value, k, found.value.flat[k])
                if own is not None:
                    derivative = self._derivative(value, i, k, own)
                    if derivative is not None:
                        columns[0][k], columns[1][k] = derivative, None
            if bad:
                dz[i], dzbar[i] = (unless_zero(c, found.value.shape) for c in columns)
        return Balls(found.value, tuple(dz), tuple(dzbar))

    def _derivative(self, value: int, i: int, k: int, own: Any) -> Any:
        """The derivative along direction i of element k, None where not known; a Token where there
        is surely none."""
        step = REAL_STEP if self.real[i] else COMPLEX_STEP
        signs = (-1, 1) if self.real[i] else (0,)
        slopes = [_slope(self._germ(value, i, s, k), own, step) for s in signs]
        proof = next((s for s in slopes if isinstance(s, Token)), None)
        if proof is not None:
            return proof
        if any(s is None for s in slopes):
            return None
        derivative = one_sided(-slopes[0], slopes[1]) if self.real[i] else slopes[0]
        if self._alone(value, k):
            return derivative
        return derivative if isinstance(derivative, OneSided) and derivative.apart() else None

    def _own(self, value: int, k: int, found: Any) -> Any:
        """The value of element k at the point, rational if it can be; None for none."""
        if not isinstance(found, Signed) or not found.ball.is_finite():
            return None
        still = self._germ(value, _NOTHING, 1, k)
        return still.at(0) if isinstance(still, Germ) and still.fixed else found.ball

    def _alone(self, value: int, k: int) -> bool:
        """Whether element k depends on one direction only."""
        if not self.reached:
            self.reached = reached(self.program)
        sets = self.reached[value].ravel()
        return len(sets[k % len(sets)]) == 1

    def _germ(self, value: int, i: int, sign: int, k: int) -> Any:
        if (i, sign) not in self.known:
            self.known[i, sign] = germs(self.program, self.inputs, i, sign)
        found = self.known[i, sign][value]
        samples = len(self.inputs[0])
        return np.broadcast_to(found, (samples, *found.shape[1:])).reshape(-1)[k]


def _balls(x: np.ndarray) -> np.ndarray:
    out = np.empty(x.shape, object)
    out[...] = np.frompyfunc(lambda v: getattr(v, "ball", v), 1, 1)(x)
    return out


def _moves(found: Balls, i: int) -> bool:
    return found.dz[i] is not None or found.dzbar[i] is not None


def _full(d: np.ndarray | None, shape: tuple[int, ...]) -> list[Any]:
    whole = np.full(shape, None, object) if d is None else np.broadcast_to(d, shape)
    return list(whole.ravel().tolist())


def lost(d: Any) -> bool:
    """Whether a derivative may be there, but is not known: it is no number, or an interval that
    holds those of two sides. A Token is a proof that there is none."""
    if d is None or isinstance(d, Token):
        return False
    return not d.is_finite() or (ctx.prec >= _ENOUGH and no_number(getattr(d, "ball", d)))


def _slope(germ: Any, own: Any, step: int) -> Any:
    """The derivative by the step from the point of what has the value ``own`` there: a Token
    where there is none, None where not known."""
    if germ is NOWHERE:
        return JUMP
    if not isinstance(germ, Germ):
        return None
    if germ.low < 0:
        return JUMP if germ.leads else None
    limit, own = germ.at(0), exact_number(own)
    if limit is None:
        return None
    if nonzero(ball_of(limit) - ball_of(own)):
        return JUMP
    if not is_zero(limit - own):
        return None
    for k in range(1, step):
        between = germ.at(k)
        if between is None or not is_zero(between):
            return VERTICAL if between is not None and nonzero(between) else None
    slope = germ.at(step)
    return None if slope is None else ball_of(slope)
