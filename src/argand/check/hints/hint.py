"""A sentence that names what a wrong gradient is, where that is proved: it stays wrong till said.

Only what agrees in balls at all points tried is named: the gradient of a usual surrogate, the true
one clipped, or the one that holds what is in tf.stop_gradient for a constant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from flint import acb, arb, ctx

from argand.check.hints.suspects import IDENTITY, ZERO, scale, suspects
from argand.exact.balls import to_balls
from argand.exact.evaluate import evaluate
from argand.exact.parts import value_and_derivatives, vector_jacobian
from argand.frontend.flattening import STOP
from argand.subject import TargetError
from argand.trial.points.ordinary import ordinary
from argand.trial.problem import Problem

POINTS = 96
PRECISION = 256


class Hint(NamedTuple):
    """What a gradient is, in a clause, and in sentences with how to say that it is meant."""

    brief: str = ""
    told: str = ""


def hint(problem: Problem, by: int, max_ulp: float, rng: np.random.Generator) -> Hint:
    """What the gradient by input ``by`` is, which is proved wrong; empty where it is nothing
    usual, and where a surrogate is declared."""
    if problem.surrogate is not None:
        return Hint()
    with ctx.workprec(PRECISION):
        seen = _Seen.of(problem, by, max_ulp, rng)
        if seen is None or seen.is_(seen.true):
            return Hint()
        stopped, meant = _stopped(seen), _of_function(seen) or _clipped(seen)
    brief = "tf.stop_gradient holds a part of it constant" if stopped else meant.brief
    return Hint(brief, stopped + meant.told)


@dataclass(frozen=True)
class _Seen:
    """The gradient by input ``by`` and the true one at ordinary points, balls (n, entries)."""

    problem: Problem
    by: int
    max_ulp: float
    inputs: list[np.ndarray]
    upstream: np.ndarray
    computed: np.ndarray
    true: np.ndarray

    @classmethod
    def of(
        cls, problem: Problem, by: int, max_ulp: float, rng: np.random.Generator
    ) -> _Seen | None:
        """None where the gradient is not of the input's shape; where there is none it is zero."""
        inputs, u = _points(problem, rng)
        out = evaluate(problem.backward, [to_balls(x) for x in (u, *inputs)], derivatives=False)[by]
        given = np.full(inputs[by].shape, ZERO, object) if out is None else out.value
        if given.size != inputs[by].size:
            return None
        true = _gradients(problem.truth, problem, inputs, u)[by]
        sides = [side.reshape(len(u), -1) for side in (given, true)]
        if not problem.input_dtypes[by].startswith("complex"):
            sides = [np.asarray(_real_parts(side), object) for side in sides]
        return cls(problem, by, max_ulp, inputs, u, *sides)

    @property
    def real(self) -> bool:
        return not self.problem.input_dtypes[self.by].startswith("complex")

    @cached_property
    def entries(self) -> list[tuple[Any, Any, Any]] | None:
        """Upstream, input and gradient of each entry; None where the value is not of the input's
        shape and kind, so that its entries have none of their own."""
        x, u = self.inputs[self.by], self.upstream
        if x.shape != u.shape or (u.dtype.kind == "c") == self.real:
            return None
        return list(
            zip(*(b.ravel() for b in (to_balls(u), to_balls(x), self.computed)), strict=True)
        )

    def is_(self, candidate: np.ndarray) -> bool:
        """Whether the gradient is proved to be ``candidate``, within ``max_ulp``, at all points."""
        pairs = zip(self.computed.flat, candidate.flat, strict=True)
        info = np.finfo(self.problem.input_dtypes[self.by])
        part, least = self.max_ulp * float(info.eps), float(info.tiny)
        return all(
            bool(b.is_finite() and abs(a - b) <= (abs(b) * part).max(least)) for a, b in pairs
        )


_real_parts = np.frompyfunc(lambda b: b.real, 1, 1)


def _points(problem: Problem, rng: np.random.Generator) -> tuple[list[np.ndarray], np.ndarray]:
    """Ordinary points, half of them eight times as large, and upstreams of sizes 2⁻⁴ to 2⁷."""
    inputs, u = ordinary(problem, POINTS, rng)
    if problem.domain is None:
        inputs = [np.concatenate([x[: POINTS // 2], x[POINTS // 2 :] * 8]) for x in inputs]
    sizes = 2.0 ** rng.integers(-3, 7, (POINTS, *[1] * len(problem.core)))
    return inputs, u * sizes.astype(u.real.dtype)


def _gradients(
    program: Any, problem: Problem, inputs: Sequence[np.ndarray], u: np.ndarray
) -> list[np.ndarray]:
    whole = [d.startswith("complex") for d in problem.input_dtypes]
    return vector_jacobian(value_and_derivatives(program, inputs, whole), to_balls(u), whole)


def _stopped(seen: _Seen) -> str:
    """Whether it is the gradient with what tf.stop_gradient holds taken for a constant."""
    try:
        program = seen.problem.traced.stopped
        stops = [op for op in program.operations if op.type == STOP]
        if not stops:
            return ""
        gradient = _gradients(program, seen.problem, seen.inputs, seen.upstream)[seen.by]
    except TargetError:
        return ""
    if not seen.is_(gradient):
        return ""
    lines = list(dict.fromkeys(op.source for op in stops))
    return (
        f" tf.stop_gradient ({', '.join(lines)}) is the cause: it is the gradient with what is "
        "stopped there held constant."
    )


def _of_function(seen: _Seen) -> Hint | None:
    """Whether it is the gradient of a usual function of each entry, or of a multiple of it."""
    entries = seen.entries
    if entries is None:
        return None
    if all(g.is_zero() for _, _, g in entries):
        return _told(seen, "the gradient of a constant", "tf.zeros_like")
    for suspect in suspects(real=seen.real):
        base = [suspect.gradient(u, x) for u, x, _ in entries]
        c = max((scale(g, b) for b, (_, _, g) in zip(base, entries, strict=True)), key=abs)
        for factor in dict.fromkeys((_short(c), c)):
            if not factor or not seen.is_(_array([_times(factor, b) for b in base])):
                continue
            if factor == 1:
                code = suspect.name or f"lambda x: {suspect.code}"
                return _told(seen, f"the gradient of {suspect.words}", code)
            if factor == -1 and suspect is IDENTITY:
                return _told(seen, "the gradient of −{x}", "tf.negative")
            shown = repr(factor if factor.imag else factor.real)
            words = f"the gradient of {shown} times {suspect.words}"
            return _told(seen, words, f"lambda x: {shown} * {suspect.code}")
    return None


def _times(factor: complex, base: Any) -> Any:
    """The gradient of ``factor`` times what has the gradient ``base``."""
    return base * (arb(factor.real) if not factor.imag else acb(factor.real, -factor.imag))


def _short(c: complex) -> complex:
    """Six digits of it; a component that is none of them is zero."""
    real, imag = (0.0 if abs(p) < 1e-6 * abs(c) else float(f"{p:.6g}") for p in (c.real, c.imag))
    return complex(real, imag)


def _clipped(seen: _Seen) -> Hint:
    """Whether it is the true gradient, clipped by value or by the norm of a row."""
    if not seen.real:
        return Hint()
    straight = seen.entries is not None and _is_upstream(seen)
    for name, size, clip in _CLIPS[: 1 + (seen.true.shape[1] > 1)]:
        limit = max(map(size, seen.computed))
        for c in dict.fromkeys((float(f"{limit:.6g}"), limit)):
            candidate = np.stack([clip(row, arb(c)) for row in seen.true])
            if seen.is_(candidate):
                code = _CODES[name].format(c=repr(c)) if straight else ""
                return _told(seen, f"the true gradient clipped by {name} to {c:.6g}", code)
    return Hint()


def _is_upstream(seen: _Seen) -> bool:
    pairs = zip(seen.true.flat, to_balls(seen.upstream).flat, strict=True)
    return all(bool(t == u) for t, u in pairs)


def _largest(row: np.ndarray) -> float:
    return max(abs(float(g.mid())) for g in row)


def _norm(row: np.ndarray) -> Any:
    return sum((g * g for g in row), arb(0)).sqrt()


def _by_value(row: np.ndarray, c: arb) -> np.ndarray:
    return _array([g.max(-c).min(c) for g in row])


def _by_norm(row: np.ndarray, c: arb) -> np.ndarray:
    return np.asarray(row * (c / _norm(row).max(c)))


Clip = tuple[str, Callable[[np.ndarray], float], Callable[[np.ndarray, arb], np.ndarray]]
_CLIPS: tuple[Clip, ...] = (
    ("value", _largest, _by_value),
    ("the norm of the row", lambda row: float(_norm(row).mid()), _by_norm),
)
_CODES = {
    "value": "lambda u, x: tf.clip_by_value(u, -{c}, {c})",
    "the norm of the row": "lambda u, x: tf.clip_by_norm(u, {c}, axes=[-1])",
}


def _array(balls: Sequence[Any]) -> np.ndarray:
    made = np.empty(len(balls), object)
    made[:] = balls
    return made


def _told(seen: _Seen, what: str, code: str) -> Hint:
    """``what`` is of {x}; ``code`` is of a function of one input."""
    names = seen.problem.names
    if len(names) > 1:
        code = ""
    how = (
        f"surrogate={code}"
        if code
        else (
            f"surrogate= a function of ({', '.join(names)}) with this gradient, or a backward "
            f"(u, {', '.join(names)}) that gives it"
        )
    )
    what = what.format(x=names[seen.by])
    return Hint(f"it is {what}", f" This is {what}; if that is meant, declare {how}.")
