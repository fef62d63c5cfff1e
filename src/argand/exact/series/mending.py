"""Derivatives at points where the chain rule has none: found from both sides by series.

A value that depends on one element of the inputs alone has the derivative that its series gives,
if its own value at the point is exactly what they go to: by Riemann's theorem where that element
is complex, on both sides of it where it is real. So a removable singularity gets its derivative
where it arises, and the chain rule goes on from there, with as many inputs as there are. So it is
with a value that depends on one element w of a value before it, if w has derivatives; where w is
never negative and 0 at the point, what is beside it on the left does not matter. Of a value that
depends on several elements, one line shows at most that there is no derivative; that there is one,
what is true all around the point (``several``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import arb, ctx

from argand.exact.balls import Balls, no_number
from argand.exact.dual import times
from argand.exact.edges.kinks import JUMP, VERTICAL, OneSided, Token, no_derivative, one_sided
from argand.exact.edges.kinks import NOWHERE as NO_LINE
from argand.exact.edges.zeros import Signed
from argand.exact.partials import unless_zero
from argand.exact.series.bottleneck import candidates, cut_at, never_negative
from argand.exact.series.germ import NOWHERE, Germ, ball_of, exact_number, is_zero, nonzero
from argand.exact.series.neighbourhood import COMPLEX_STEP, REAL_STEP, Neighbours
from argand.exact.series.several import Several
from argand.program import Program

Pair = tuple[Any, Any]  # ∂ and ∂̄

_NOTHING = -1  # the direction in which nothing moves
_ENOUGH = 2048  # bits: what is wide or no number at fewer may just need more


class Mending:
    """Mends the derivatives of a Program's values at samples; the germs are computed once."""

    def __init__(
        self, program: Program, inputs: Sequence[np.ndarray], real: Sequence[bool]
    ) -> None:
        self.program, self.real = program, real
        self.whole = Neighbours(program, [_balls(x) for x in inputs])
        self.found: dict[int, Balls] = {}
        self.cuts: dict[int, Neighbours] = {}
        self.several = Several(program, self.whole, self.found)

    def mended(self, value: int, found: Balls) -> Balls:
        """The Program's ``value`` as the chain rule ``found`` it, with derivatives by series."""
        directions = [i for i in range(len(found.dz)) if _moves(found, i)]
        shape = found.value.shape
        columns = {i: (_full(found.dz[i], shape), _full(found.dzbar[i], shape)) for i in directions}
        bad = sorted({
            k for pair in columns.values() for d in pair for k, v in enumerate(d) if lost(v)
        })  # fmt: skip
        for k in bad:
            own = self._own(value, k, found.value.flat[k])
            if own is None:
                continue
            for i, pair in self._derivatives(value, k, own, directions).items():
                if pair[0] is not NO_LINE or not _continuous(columns[i][0][k]):
                    columns[i][0][k], columns[i][1][k] = pair
        if bad:
            dz, dzbar = list(found.dz), list(found.dzbar)
            for i, pair in columns.items():
                dz[i], dzbar[i] = (unless_zero(d, shape) for d in pair)
            found = Balls(found.value, tuple(dz), tuple(dzbar))
        fine = [all(map(_continuous, ds)) for ds in zip(*sum(columns.values(), ()), strict=True)]
        if any(fine):
            self.found[value] = found
        return found

    def _derivatives(self, value: int, k: int, own: Any, directions: list[int]) -> dict[int, Pair]:
        """∂ and ∂̄ of element k by those directions by which they can be told."""
        lines = {i: self._line(value, i, k, own) for i in directions if i < len(self.real)}
        known = {i: (d, None) for i, d in lines.items() if d is not None}
        sources = self.whole.sources(value, k)
        if len(sources) == 1 and sources <= known.keys():
            return dict.fromkeys(directions, (None, None)) | known
        through = self._through(value, k, own, directions)
        if through is not None:
            return through
        # What one line shows of several elements is no derivative to go on with: √(x² + y²) is |x|
        # and |y| along the axes, but not their sum. What kinks have made of them has its symbols.
        nowhere = {i: (d if isinstance(d, Token) else NO_LINE, None)
                   for i, d in lines.items() if no_derivative(d)}  # fmt: skip
        return nowhere or self.several.derivatives(value, k, own, directions) or {}

    def _line(self, value: int, i: int, k: int, own: Any) -> Any:
        """The derivative along direction i of element k, None where not known; a Token where there
        is surely none."""
        if not self.real[i]:
            return _slope(self.whole.germ(value, i, 0, k), own, COMPLEX_STEP)
        left, right = (
            _slope(self.whole.germ(value, i, s, k), own, REAL_STEP) for s in (-1, 1)
        )  # fmt: skip
        return _joined(left, right)

    def _through(
        self, value: int, k: int, own: Any, directions: list[int]
    ) -> dict[int, Pair] | None:
        """The derivatives of element k where it depends on one element of one value w before it,
        which itself has derivatives: those of w times that by w. None where there is no such w."""
        for w in candidates(self.program):
            if w == value or w not in self.found:
                continue
            element = self._only(w, value, k)
            if element is None:
                continue
            at = (k // self._size(value)) * self._size(w) + element
            shape = self.found[w].value.shape
            dz, dzbar = ([_full(d[i], shape)[at] for i in directions]
                         for d in (self.found[w].dz, self.found[w].dzbar))  # fmt: skip
            if not all(map(_continuous, [*dz, *dzbar])):
                continue
            slope = self._by(w, element, at, value, k, own)
            if slope is not None:
                pairs = zip(dz, dzbar, strict=True)
                scaled = [(times(slope, d), times(slope, e)) for d, e in pairs]
                return dict(zip(directions, scaled, strict=True))
        return None

    def _only(self, w: int, value: int, k: int) -> int | None:
        """The element of w on which alone element k of the value depends."""
        if w not in self.cuts:
            cut, balls = cut_at(self.program, w), _balls(self.found[w].value)
            self.cuts[w] = Neighbours(cut, [*self.whole.inputs, balls])
        sources = self.cuts[w].sources(value, k)
        first = len(self.real)
        return min(sources) - first if len(sources) == 1 and min(sources) >= first else None

    def _by(self, w: int, element: int, at: int, value: int, k: int, own: Any) -> Any:
        """The derivative of element k by that element of w; None where not known."""
        i = len(self.real) + element
        if self.program.dtypes[w].startswith("complex"):
            slope = _slope(self.cuts[w].germ(value, i, 0, k), own, COMPLEX_STEP)
            return None if isinstance(slope, Token) else slope
        right = _slope(self.cuts[w].germ(value, i, 1, k), own, REAL_STEP)
        start = getattr(self.found[w].value.flat[at], "ball", None)
        if start == 0 and never_negative(self.program, w):
            return None if isinstance(right, Token) else right
        slope = _joined(_slope(self.cuts[w].germ(value, i, -1, k), own, REAL_STEP), right)
        return None if isinstance(slope, Token | OneSided) else slope

    def _size(self, value: int) -> int:
        return int(np.prod(self.program.shapes[value]))

    def _own(self, value: int, k: int, found: Any) -> Any:
        """The value of element k at the point, rational if it can be; None for none."""
        if not isinstance(found, Signed) or not found.ball.is_finite():
            return None
        still = self.whole.germ(value, _NOTHING, 1, k)
        return still.at(0) if isinstance(still, Germ) and still.fixed else found.ball


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
    holds those of two sides. A Token is a proof that there is none.

    Nothing is lost at low precision, and what is as small as the rounding of a difference leaves it
    is asked again at higher precision, which is cheaper; what is between two sides is as wide
    there, and then no longer small.
    """
    if d is None or isinstance(d, Token) or ctx.prec < _ENOUGH:
        return False
    if not d.is_finite():
        return True
    ball = getattr(d, "ball", d)
    if not no_number(ball):
        return False
    return not abs(ball) < arb(2) ** -(ctx.prec // 2)


def _continuous(d: Any) -> bool:
    return d is None or bool(getattr(d, "ball", d).is_finite())


def _joined(left: Any, right: Any) -> Any:
    """The derivative along a line, of those by the steps to the left and to the right."""
    proof = next((s for s in (left, right) if isinstance(s, Token)), None)
    if proof is not None:
        return proof
    return None if left is None or right is None else one_sided(-left, right)


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
