"""The values of a Program at one sample, step by step: exact in balls, and as computed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import acb, arb, ctx

from argand.exact.balls import Balls, as_array, no_number, to_balls, to_signed
from argand.exact.edges.kinks import Token
from argand.exact.edges.truth import Edge
from argand.exact.edges.zeros import Signed
from argand.exact.evaluate import Evaluation
from argand.exact.refused import refusal
from argand.exact.rounding import round_balls
from argand.frontend.stepwise import Stepwise
from argand.program import Program
from argand.subject import TargetError
from argand.verdict import CODE, VERDICTS, judge, ulp_exponents

PRECISIONS = (256, 2300, 8192)  # bits, as many as needed; exp of a float64 has 2 × 1024
_ROUNDS_TO_ZERO = arb(2) ** -1100
NOWHERE = arb("nan")  # what stands for a value that is not there, or not known


@dataclass(frozen=True)
class Compared:
    """One value at its worst ``entry`` (counted in C order; −1 of a value of one entry).

    ``kind``: "right", "undefined" (there is surely no exact value), "undecided", "overflow" or
    "underflow" (the exact value is out of range, and the computed one says so), or the failing
    verdict's name. ``ball`` is the exact value, ``ulp`` the error, NaN where there is none.
    """

    kind: str
    ball: Any
    computed: Any
    ulp: float
    entry: int


class Values:
    """A Program's values at one sample: ``computed[i]`` and, of what balls can follow,
    ``exact[i]``, with an axis of one sample in front and NOWHERE for what has no number;
    ``undefined[i]`` is where there is surely none. ``truths[i]`` are truth values, exactly.

    ``compiled`` computes each operation through XLA. Of inputs that are not finite nothing is
    exact.
    """

    def __init__(
        self, program: Program, inputs: Sequence[np.ndarray], max_ulp: float, compiled: bool = False
    ) -> None:
        self.program, self.max_ulp, self.compiled = program, max_ulp, compiled
        self.computed = Stepwise(program, inputs, compiled).values
        self.exact: dict[int, np.ndarray] = {}
        self.undefined: dict[int, np.ndarray] = {}
        self.truths: dict[int, np.ndarray] = {}
        self._compared: dict[int, Compared] = {}
        if all(np.all(np.isfinite(x)) for x in inputs):
            self._evaluate(inputs)

    def _evaluate(self, inputs: Sequence[np.ndarray]) -> None:
        for precision in PRECISIONS:
            with ctx.workprec(precision):
                found = _careful(self.program, inputs)
            sure = True
            for i, values in found.items():
                if self.program.dtypes[i] == "bool":
                    self.truths[i] = values[0]
                if not self.program.dtypes[i].startswith(("float", "complex")):
                    continue
                nowhere = np.array([isinstance(v, Token) for v in values.flat], bool)
                self.undefined[i] = nowhere.reshape(values.shape)
                balls = [_ball(v) for v in values.flat]
                self.exact[i] = as_array(balls, values.shape)
                sure &= all(n or _narrow(b) for n, b in zip(nowhere, balls, strict=True))
            if sure:
                break

    def decides_otherwise(self, i: int) -> bool:
        """Whether an entry of the truth value ``i`` is computed as it is surely not."""
        if i not in self.truths or i not in self.computed:
            return False
        pairs = zip(self.truths[i].flat, self.computed[i].flat, strict=True)
        known = ((t.holds if isinstance(t, Edge) else t, bool(c)) for t, c in pairs)
        return any(t is not None and t != c for t, c in known)

    def compared(self, i: int) -> Compared:
        """The float value ``i`` as computed, against the exact one."""
        if i not in self._compared:
            self._compared[i] = self._compare(i)
        return self._compared[i]

    def _compare(self, i: int) -> Compared:
        computed = self.computed[i].reshape(-1)
        found = [self._entry(i, k, c) for k, c in enumerate(computed)]
        if not found:
            return Compared("right", NOWHERE, math.nan, math.nan, -1)
        worst = max(found, key=gravity)
        if len(found) == 1:
            worst = Compared(worst.kind, worst.ball, worst.computed, worst.ulp, -1)
        return worst

    def _entry(self, i: int, k: int, computed: Any) -> Compared:
        if i not in self.exact:
            return Compared("undecided", NOWHERE, computed, math.nan, k)
        ball = self.exact[i].reshape(-1)[k]
        if self.undefined[i].reshape(-1)[k]:
            return Compared("undefined", NOWHERE, computed, math.nan, k)
        return compare(ball, computed, self.program.dtypes[i], self.max_ulp, k)


def compare(ball: Any, computed: Any, dtype: str, max_ulp: float, entry: int = -1) -> Compared:
    """The float ``computed`` of ``dtype`` against ``ball``."""
    with ctx.workprec(PRECISIONS[-1]):
        if not _narrow(ball):
            return Compared("undecided", ball, computed, math.nan, entry)
        rounded, _ = round_balls(as_array([ball], (1,)), dtype)
        ours = np.array([computed], dtype)
        code, error = (x[0] for x in judge(ours, rounded, np.array([True]), max_ulp))
        kind = next(v.name for v in VERDICTS if v.code == code)
        ulp = float(error)
        if np.isfinite(computed) and np.isfinite(rounded[0]):
            unit = arb(2) ** int(ulp_exponents(rounded)[0])
            ulp = float((abs(to_balls(ours)[0] - ball) / unit).mid())
        size = max(abs(float(rounded[0].real)), abs(float(rounded[0].imag)))
        if code == CODE["accurate"]:
            kind = "underflow" if _vanished(ball, size, dtype) else "right"
        return Compared("underflow" if kind == "flushed" else kind, ball, computed, ulp, entry)


def _vanished(ball: Any, size: float, dtype: str) -> bool:
    """Whether a number that is not 0 is so small that it has lost its digits as a float."""
    return not ball.contains(0) and size < float(np.finfo(dtype).tiny)


def gravity(one: Compared) -> tuple[int, float]:
    """How much worse one result is than another."""
    order = ("right", "undecided", "underflow", "inaccurate", "overflow", "undefined")
    rank = order.index(one.kind) if one.kind in order else len(order)
    lost = not np.isfinite(one.computed)
    return (rank + (lost and one.kind != "right"), 0.0 if math.isnan(one.ulp) else one.ulp)


def _careful(program: Program, inputs: Sequence[np.ndarray]) -> dict[int, np.ndarray]:
    """The careful pass over all operations that balls can follow: arrays (1, *shape) of Signed,
    Tokens and truth values."""
    run = Evaluation(program, derivatives=False, careful=True, order=1)
    values: dict[int, Any] = {i: run.given(c) for i, c in program.constants.items()}
    for i, x in zip(program.inputs, inputs, strict=True):
        values[i] = Balls(to_signed(x).reshape(1, *program.shapes[i]))
    for op in program.operations:
        if not all(i in values for i in op.inputs) or refusal(program, op):
            continue
        try:
            outs = run.operation(op, [values[i] for i in op.inputs])
        except (TargetError, ValueError, ZeroDivisionError, OverflowError):
            continue
        values.update(zip(op.outputs, outs, strict=True))
    return {
        i: np.broadcast_to(v.value, (1, *program.shapes[i]))
        for i, v in values.items()
        if isinstance(v, Balls)
    }


def _ball(value: Any) -> Any:
    if isinstance(value, Signed):
        return value.ball
    return value if type(value) in (arb, acb) else NOWHERE


def _narrow(ball: Any) -> bool:
    parts = [ball.real, ball.imag] if type(ball) is acb else [ball]
    return not no_number(ball) and all(
        p.is_zero() or p.rel_accuracy_bits() > 60 or abs(p) < _ROUNDS_TO_ZERO for p in parts
    )
