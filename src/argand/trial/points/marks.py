"""What is special about the operands of an operation: where it flips, bends, ends or has a pole.

Each of the rules on balls (``exact/rules``) that has a ``sharp``, a ``cut``, an ``undefined`` or a
tie has a line here. Operations that are made of others, folds included, are seen through those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import Balls, to_balls
from argand.exact.evaluate import Evaluation, values_of
from argand.exact.partials import left_padded
from argand.exact.special import SPECIAL
from argand.exact.special.entry import PREFIX, SpecialFunction
from argand.floats import real_dtype
from argand.program import Operation, Program
from argand.trial.inside.intermediates import parts_of


@dataclass(frozen=True)
class Mark:
    """``sides`` makes two numbers of the operands: where these are equal is special.

    ``whole``: so is where they differ by an integer. ``beside``: something happens on either side
    too, not only where they are equal.
    """

    sides: Callable[..., tuple[Any, Any]]
    whole: bool = False
    beside: bool = True


def _at(operand: int, *points: float, beside: bool = True) -> tuple[Mark, ...]:
    """One operand is exactly one of ``points``."""

    def mark(point: arb) -> Mark:
        return Mark(lambda *v: (v[operand], point), beside=beside)

    return tuple(mark(arb(p)) for p in points)


_EQUAL = (Mark(lambda a, b: (a, b)),)
_ZERO = _at(0, 0)
# real parts: a real ball of which nothing is known may have become a complex one
_POLES_OF_GAMMA = Mark(lambda v: (v.real.min(arb(3)), arb(0)), whole=True)
_HALVES = (Mark(lambda v: (v.real, arb(0.5)), whole=True),)
_QUOTIENT = (Mark(lambda a, b: ((a / b).real, arb(0)), whole=True),)
_WHOLE = (Mark(lambda v: (v.real, arb(0)), whole=True),)
_UNIT_ENDS = _at(0, 1, -1)
_I = (Mark(lambda v: (v * v, arb(-1))),)  # ±i, of complex numbers only


def _of_special(special: SpecialFunction) -> tuple[Mark, ...]:
    """The marks of one of ``argand.functions``: of its last operand."""
    whole = (Mark(lambda *v: (v[-1].real.min(arb(3)), arb(0)), whole=True),) * special.whole
    return whole + _at(-1, *special.points)


MARKS: dict[str, tuple[Mark, ...]] = {
    **dict.fromkeys(
        ("Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual", "Maximum",
         "Minimum"), _EQUAL),
    **dict.fromkeys(
        ("Abs", "Sign", "Relu", "Reciprocal", "Sqrt", "Rsqrt", "ComplexAbs", "Angle"), _ZERO),
    "Relu6": _at(0, 0, 6),
    "Log": _ZERO + _at(0, 1, beside=False),
    **dict.fromkeys(("Log1p", "LogOnePlus"), _at(0, -1) + _at(0, 0, beside=False)),
    **dict.fromkeys(("Asin", "Acos", "Acosh", "Atanh", "Erfinv"), _UNIT_ENDS),
    **dict.fromkeys(("Atan", "Asinh"), _I),
    "RealDiv": _at(1, 0),
    **dict.fromkeys(("Xdivy", "DivNoNan"), _at(0, 0) + _at(1, 0)),
    "MulNoNan": _at(1, 0) + _at(0, 0),
    "Xlogy": _at(0, 0) + _at(1, 0) + _at(1, 1, beside=False),
    "Xlog1py": _at(0, 0) + _at(1, -1) + _at(1, 0, beside=False),
    "Pow": _at(0, 0) + _at(1, 0) + _at(0, 1, beside=False) + _at(1, 1, 2, beside=False),
    **dict.fromkeys(("Floor", "Ceil"), _WHOLE),
    **dict.fromkeys(("Round", "Rint"), _HALVES),
    **dict.fromkeys(("FloorMod", "Mod", "FloorDiv"), _QUOTIENT),
    **dict.fromkeys(("Lgamma", "Digamma"), (_POLES_OF_GAMMA, *_at(0, 1, 2, beside=False))),
    **{PREFIX + name: _of_special(s) for name, s in SPECIAL.items()},
    "Polygamma": (Mark(lambda n, v: (v.real.min(arb(3)), arb(0)), whole=True),),
}  # fmt: skip

SURE = 16  # ulp by which two sides are apart, whatever rounding of theirs
_SINGLE = Struct("f")  # what is beyond its range becomes infinite
Key = tuple[int, int, int, int]  # first output of the operation, call, mark and entry


@dataclass(frozen=True)
class Sides:
    """What a mark's two sides are at each sample: lists of balls. ``unrounded`` says where they
    and all that they come from are floats, so that no rounding can move them."""

    mark: Mark
    first: list[Any]
    second: list[Any]
    unrounded: np.ndarray

    def gap(self, k: int, part: int) -> Any:
        """How far apart both sides are at sample ``k``: a real ball, None where that part is
        none."""
        parts = parts_of(self.first[k] - self.second[k])
        return parts[part] if part < len(parts) else None

    def exact(self, k: int, part: int) -> bool:
        """Whether sample ``k`` is exactly where both sides are equal (on a cut: in this part)."""
        gap = self.gap(k, part)
        if gap is None or not gap.is_exact():
            return False
        if not (gap.is_integer() if self.mark.whole else gap == 0):
            return False
        return self.matters(k, part)

    def matters(self, k: int, part: int) -> bool:
        """Whether a part says something: the real one of a complex number alone only on the real
        axis."""
        other = self.gap(k, 1)
        return part == 1 or other is None or bool(other == 0)

    def told(self, k: int, part: int, dtype: np.dtype) -> bool:
        """Whether rounding of both sides cannot hide on which side sample ``k`` is."""
        if self.unrounded[k]:
            return True
        gap = self.gap(k, part)
        if gap is None or not gap.is_finite():
            return False
        if self.mark.whole:
            gap = gap - (gap + 0.5).floor()
        size = max(abs(float(abs(side[k]).mid())) for side in (self.first, self.second))
        return bool(abs(gap) > SURE * float(np.finfo(dtype).eps) * size)


def sides(
    program: Program, inputs: Sequence[np.ndarray], rounding: bool = False
) -> dict[Key, Sides]:
    """The sides of every mark in ``program``, of all operations that its outputs need, at the
    current precision; float ``inputs`` (n, *core), upstream included where it takes one.
    Without ``rounding`` nothing is called unrounded."""
    run = _Watch(program, len(inputs[0]), rounding)
    values_of(program, [to_balls(x) for x in inputs], run)
    return run.seen


class _Watch(Evaluation):
    """A pass over a Program that keeps the operands of what has a mark."""

    def __init__(self, program: Program, samples: int, rounding: bool) -> None:
        super().__init__(program, derivatives=False, careful=False, order=1)
        self.seen: dict[Key, Sides] = {}
        self._samples, self._rounding = samples, rounding
        self._unrounded: dict[int, np.ndarray] = {}  # of the values that operations make
        self._operation: Operation | None = None
        self._calls = 0

    def operation(self, op: Operation, operands: list[Any]) -> list[Balls]:
        self._operation, self._calls = op, 0
        outs = super().operation(op, operands)
        if self._rounding:
            given = self._given()
            for index, out in zip(op.outputs, outs, strict=True):
                self._unrounded[index] = _floats(out.value, given, self.program.dtypes[index])
        return outs

    def _given(self) -> np.ndarray:
        """Where the operands of the operation are unrounded."""
        assert self._operation is not None
        true = np.full(self._samples, self._rounding)
        given = (self._unrounded.get(i, true) for i in self._operation.inputs)
        return np.asarray(np.logical_and.reduce([true, *given]))

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        marks = MARKS.get(name, ())
        if marks:
            self._keep(marks, [o.value for o in operands])
            self._calls += 1
        return super().elementwise(name, *operands)

    def _keep(self, marks: Sequence[Mark], values: list[np.ndarray]) -> None:
        rank = max(v.ndim for v in values)
        arrays = np.broadcast_arrays(*(left_padded(v, rank) for v in values))
        samples = len(arrays[0])
        if samples == 1 or any(type(a.flat[0]) not in (arb, acb) for a in arrays if a.size):
            return  # constants, and comparisons of truth values
        columns = [a.reshape(samples, -1) for a in arrays]
        assert self._operation is not None
        place, given = self._operation.outputs[0], self._given()
        for k, mark in enumerate(marks):
            for entry in range(columns[0].shape[1]):
                pairs = map(mark.sides, *(c[:, entry].tolist() for c in columns))
                first, second = map(list, zip(*pairs, strict=True))
                self.seen[place, self._calls, k, entry] = Sides(mark, first, second, given)


def _floats(values: np.ndarray, given: np.ndarray, dtype: str) -> np.ndarray:
    """Those of the samples ``given`` of which every entry is exactly a float of ``dtype``."""
    if len(values) == 1:  # the same at all samples
        return given & (given.any() and _all_floats(values.flat, dtype))
    rows = zip(given.tolist(), values.reshape(len(values), -1), strict=True)
    return np.array([own and _all_floats(row, dtype) for own, row in rows])


def _all_floats(balls: Iterable[Any], dtype: str) -> bool:
    """Whether each ball is exactly a float of ``dtype``; a truth value is as good as one."""
    single = real_dtype(dtype) == np.float32
    for ball in balls:
        if type(ball) is not arb and type(ball) is not acb:
            continue
        for part in (ball.real, ball.imag) if type(ball) is acb else (ball,):
            if not part.is_exact():
                return False
            x = float(part)
            if part != x or (single and x != _SINGLE.unpack(_SINGLE.pack(x))[0]):
                return False
    return True
