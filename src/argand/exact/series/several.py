"""Derivatives of what depends on several elements, at points that are removable or guarded.

All around the point a value is followed by Jets, without any case; or by the cases of one element
w, an input's or an earlier value's: w above its start, below it, off it where it is complex, and w
where it starts, each with all other elements free. Together the cases are all that is around the
point, so that the guard's own values on the whole set w = w₀ count, not only that at the point.
There is a derivative where each case holds the value at the point and one and the same linear form
to o(|h|).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from flint import acb, arb, fmpq

from argand.exact.balls import Balls, as_array
from argand.exact.dual import maybe_conj, times
from argand.exact.dual import plus as total
from argand.exact.edges.kinks import OneSided, one_sided
from argand.exact.partials import left_padded
from argand.exact.series.around import Around
from argand.exact.series.bottleneck import cut_at, never_negative
from argand.exact.series.germ import Germ, ball_of, exact_number, is_zero, plus, series
from argand.exact.series.jets import Form, direction, moving
from argand.exact.series.neighbourhood import COMPLEX_STEP, REAL_STEP, Neighbourhood, Neighbours
from argand.program import Operation, Program

Pair = tuple[Any, Any]  # ∂ and ∂̄

_TRIED = 6  # elements, or values, whose cases are looked at
_STILL = arb(0)  # what is 0 to first order still moves: its root may have a slope
_HELD = 0  # w stays where it starts
_FREE = -1  # in place of w: no element is taken apart


class _Case(Neighbourhood):
    """One pass over a Program in one case; ``lost`` are the operands of which it could make
    nothing."""

    def __init__(self, program: Program, real: list[bool], straight: bool) -> None:
        super().__init__(program, straight)
        self.around = Around(real, straight)
        self.lost: list[int] = []

    def operation(self, op: Operation, operands: list[Any]) -> list[Balls]:
        """The outputs of one operation."""
        outs = super().operation(op, operands)
        known = all(v is not None for o in operands for v in getattr(o, "value", o).flat)
        if known and any(v is None for o in outs for v in o.value.flat):
            self.lost += op.inputs
        return outs

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        """The result of the rule ``name`` on germs that broadcast together."""
        rank = max(o.value.ndim for o in operands)
        arrays = np.broadcast_arrays(*(left_padded(o.value, rank) for o in operands))
        columns = [a.ravel().tolist() for a in arrays]
        results = [self.around.stepped(name, [*v]) for v in zip(*columns, strict=True)]
        return Balls(as_array(results, arrays[0].shape))


class Several:
    """Finds the derivatives of a Program's values beside samples. ``found``: those of the values
    before, which are known by the time they are asked for."""

    def __init__(self, program: Program, whole: Neighbours, found: dict[int, Balls]) -> None:
        self.program, self.whole, self.found = program, whole, found
        self._cases = Cases(program, whole.inputs)
        self._cuts: dict[int, tuple[Cases, Neighbours]] = {}

    def derivatives(
        self, value: int, k: int, own: Any, directions: Sequence[int]
    ) -> dict[int, Pair] | None:
        """∂ and ∂̄ of element k, which is ``own`` at the point, by these directions; None where not
        known."""
        form = self._cases.form(value, k, own)
        if form is None:
            moved = self.whole.sources(value, k)
            lost = dict.fromkeys(self._cases.lost())
            elements = dict.fromkeys(i for b in lost for i in self._elements(b) if i in moved)
            tried = (self._cases.form_by(value, k, own, i) for i in [*elements][:_TRIED])
            form = next((f for f in tried if f is not None), None)
            if form is None:
                cuts = [b for b in lost if b in self.found and b != value][:_TRIED]
                chained = (self._chained(w, value, k, own, directions) for w in cuts)
                return next((d for d in chained if d is not None), None)
        balls = {at: v if isinstance(v, OneSided) else ball_of(v) for at, v in form.items()}
        return {i: (balls.get((i, False), _STILL), balls.get((i, True))) for i in directions}

    def _elements(self, operand: int) -> list[int]:
        """The elements of the inputs on which an operand depends."""
        if operand in self.program.inputs:
            before = self.program.inputs[: self.program.inputs.index(operand)]
            first = sum(map(self._size, before))
            return list(range(first, first + self._size(operand)))
        if self.program.maker(operand) is None:
            return []
        each = (self.whole.sources(operand, k) for k in range(self._size(operand)))
        return sorted(frozenset[int]().union(*each))

    def _chained(
        self, w: int, value: int, k: int, own: Any, directions: Sequence[int]
    ) -> dict[int, Pair] | None:
        """The derivatives of element k as a function of the inputs and the value w, by those of
        w."""
        found = self.found[w]
        if w not in self._cuts:
            cut = cut_at(self.program, w)
            inputs = [*self.whole.inputs, _numbers(found.value)]
            self._cuts[w] = Cases(cut, inputs), Neighbours(cut, inputs)
        cases, beside = self._cuts[w]
        first = len(self._cases.real)
        elements = sorted(i - first for i in beside.sources(value, k) if i >= first)
        row = (k // self._size(value)) * self._size(w)
        for element in elements[:_TRIED]:
            start = getattr(found.value.flat[row + element], "ball", None)
            sided = bool(start == 0) and never_negative(self.program, w)
            form = cases.form_by(value, k, own, first + element, sided)
            if form is None or any(isinstance(v, OneSided) for v in form.values()):
                continue
            return self._through(form, first, found, row, elements, directions)
        return None

    def _through(
        self,
        form: Form,
        first: int,
        found: Balls,
        row: int,
        elements: Sequence[int],
        directions: Sequence[int],
    ) -> dict[int, Pair] | None:
        """The chain rule: the ``form`` by the inputs and, from ``first`` on, by what was
        ``found``; None where that has no derivative."""
        out: dict[int, Pair] = {}
        balls = {at: ball_of(v) for at, v in form.items()}
        for i in directions:
            d, dbar = balls.get((i, False)), balls.get((i, True))
            if i >= first:  # a symbol, which the form does not know
                d = dbar = None
            for e in elements:
                by, by_conj = (balls.get((first + e, bar)) for bar in (False, True))
                inner, inner_bar = (_at(of[i], row + e, found) for of in (found.dz, found.dzbar))
                if not all(v is None or _plain(v) for v in (inner, inner_bar)):
                    return None
                d = _sum(d, times(by, inner), times(by_conj, maybe_conj(inner_bar)))
                if i < first and self._cases.real[i]:
                    d = _sum(d, times(by_conj, maybe_conj(inner)))
                else:
                    dbar = _sum(dbar, times(by, inner_bar), times(by_conj, maybe_conj(inner)))
            out[i] = _STILL if d is None else d, dbar
        return out

    def _size(self, value: int) -> int:
        return int(np.prod(self.program.shapes[value]))


class Cases:
    """A Program beside samples; each case is followed once. ``inputs``: balls, (n, *core)."""

    def __init__(self, program: Program, inputs: Sequence[np.ndarray]) -> None:
        self.program, self.inputs = program, inputs
        self.real = [
            not program.dtypes[i].startswith("complex")
            for i in program.inputs
            for _ in range(int(np.prod(program.shapes[i])))
        ]
        self._known: dict[tuple[int, int], tuple[dict[int, np.ndarray], list[int]]] = {}

    def lost(self) -> list[int]:
        """The operands of those operations that Jets alone do not follow."""
        return self._case(_FREE, 0)[1]

    def form(self, value: int, k: int, own: Any) -> Form | None:
        """The derivative of element k, by Jets alone; None where not known."""
        return self._linear(self._germ(_FREE, 0, value, k), own)

    def form_by(self, value: int, k: int, own: Any, w: int, sided: bool = False) -> Form | None:
        """The derivative of element k, by the cases of the element w of the inputs; None where not
        known. ``sided``: w is never below its start."""
        held = self._linear(self._germ(w, _HELD, value, k), own)
        if held is None:
            return None
        slopes = []
        for sign in (1,) if sided or not self.real[w] else (1, -1):
            germ = self._germ(w, sign, value, k)
            step = REAL_STEP if self.real[w] else COMPLEX_STEP
            form = self._linear(germ, own, step)
            if form is None or not _same(form, held):
                return None
            slope = moving(germ.at(step))
            if slope.order == 0:
                return None
            slopes.append(sign * ball_of(slope.start))
        joined = one_sided(*slopes[::-1]) if len(slopes) == 2 else slopes[0]
        return held | {(w, False): joined}

    def _linear(self, germ: Any, own: Any, step: int = 0) -> Form | None:
        """The linear form of what does not move with t, if all other is o(|h|) but a multiple of
        t^step, and the start is the value at the point."""
        if not isinstance(germ, Germ) or germ.low < 0 or not (step or germ.fixed):
            return None
        if germ.order is not None and germ.order <= step:
            return None
        start = moving(germ.at(0))
        if start.order <= 1 or not is_zero(exact_number(start.start) - own):
            return None
        for j in range(1, step):  # t^j is |h| to less than 1
            between = moving(germ.at(j))
            if not is_zero(between.start) or not between.size * step > step - j:
                return None
        return start.form

    def _germ(self, w: int, sign: int, value: int, k: int) -> Any:
        found = self._case(w, sign)[0][value]
        samples = len(self.inputs[0])
        return np.broadcast_to(found, (samples, *found.shape[1:])).reshape(-1)[k]

    def _case(self, w: int, sign: int) -> tuple[dict[int, np.ndarray], list[int]]:
        if (w, sign) not in self._known:
            self._known[w, sign] = self._followed(w, sign)
        return self._known[w, sign]

    def _followed(self, w: int, sign: int) -> tuple[dict[int, np.ndarray], list[int]]:
        run = _Case(self.program, self.real, sign != 0 and self.real[w])
        values: dict[int, Any] = {i: run.given(c) for i, c in self.program.constants.items()}
        first = 0
        for index, balls in zip(self.program.inputs, self.inputs, strict=True):
            shape = (len(balls), int(np.prod(balls.shape[1:])))
            places = ((b, first + at % shape[1]) for at, b in enumerate(balls.flat))
            germs = as_array([self._start(b, i, w, sign) for b, i in places], shape)
            values[index] = Balls(germs.reshape(len(balls), *self.program.shapes[index]))
            first += shape[1]
        for op in self.program.operations:
            outs = run.operation(op, [values[i] for i in op.inputs])
            values.update(zip(op.outputs, outs, strict=True))
        return {o: values[o].value for op in self.program.operations for o in op.outputs}, run.lost

    def _start(self, ball: Any, i: int, w: int, sign: int) -> Any:
        whole = isinstance(ball, acb)
        if not ball.is_finite():
            return None
        if i != w:
            return series(0, [direction(ball, i)], None, whole)
        start = series(0, [ball], None, whole)
        if sign == _HELD or start is None:
            return start
        power = REAL_STEP if self.real[w] else COMPLEX_STEP
        return plus(start, Germ(power, (fmpq(sign),), None, whole))


def _same(a: Form, b: Form) -> bool:
    return a.keys() == b.keys() and all(is_zero(a[at] - b[at]) for at in a)


def _numbers(x: np.ndarray) -> np.ndarray:
    flat = [getattr(v, "ball", v) for v in x.flat]
    return as_array(flat, x.shape)


def _at(d: np.ndarray | None, k: int, found: Balls) -> Any:
    return None if d is None else np.broadcast_to(d, found.value.shape).reshape(-1)[k]


def _plain(d: Any) -> bool:
    return isinstance(d, arb | acb) and bool(d.is_finite())


def _sum(*terms: Any) -> Any:
    return reduce(total, terms)
