"""How large an error the rounding of what goes in explains, certified in balls.

A result g is explained by conditioning where
    |computed − g| ≤ max_ulp · (ulp(g) + Σᵢ ulp(zᵢ)·(|∂ᵢg| + |∂̄ᵢg|)),
zᵢ being all numbers that go in: the inputs, and of a gradient the upstream, unless that is a mere
factor, which cancels nothing. Unlike a condition number this is finite where g is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from flint import acb, arb, ctx

from argand.exact.balls import as_array, conj, to_balls
from argand.exact.parts import Parts, value_and_derivatives
from argand.floats import real_dtype
from argand.program import Program
from argand.subject import TargetError
from argand.trial.problem import Problem
from argand.verdict import ulp_exponents

PRECISIONS = (256, 1100)  # bits
# Balls (samples, entries) of a result, and of Σ ulp(zᵢ)·(|∂ᵢ| + |∂̄ᵢ|).
Amplified = tuple[np.ndarray, np.ndarray]
Source = Callable[[list[np.ndarray], np.ndarray], Amplified]


class Allowance:
    """The errors that conditioning explains, of one truth in one dtype; what it has found at a
    sample is kept, for variants and modes fail at the same."""

    def __init__(self, problem: Problem, max_ulp: float) -> None:
        self.problem, self.max_ulp = problem, max_ulp
        self._kept: dict[tuple[Any, ...], tuple[Any, Any] | None] = {}

    def explains(
        self,
        by: int,
        computed: np.ndarray,
        exact: np.ndarray,
        inputs: Sequence[np.ndarray],
        upstream: np.ndarray,
        entry: np.ndarray,
    ) -> np.ndarray:
        """Where the error of ``computed`` against ``exact``, the value (``by`` −1) or the gradient
        by an input, (n, *core), is surely explained, in ``entry`` (n,) of each sample.

        What is infinite counts as the least number beyond the range, and may be explained where
        the exact result is beside it; NaN is never explained.
        """
        if not entry.size:
            return np.zeros(0, bool)
        c, e = (
            np.take_along_axis(x.reshape(len(entry), -1), entry[:, None], 1)[:, 0]
            for x in (computed, exact)
        )
        info = np.finfo(real_dtype(e.dtype))
        with np.errstate(over="ignore"):
            beside = np.isfinite(c) | (np.abs(e) > float(info.max) * 2.0**-8)
        open_ = np.flatnonzero(~np.isnan(c) & ~np.isnan(e) & beside)
        found = np.zeros(len(entry), bool)
        ulps = [arb(2) ** int(k) for k in ulp_exponents(e)]
        beyond = [_within(x, info) for x in (c, e)]
        for number, source in enumerate(self._sources(by)):
            for precision in PRECISIONS:
                with ctx.workprec(precision):
                    rows = self._rows((by, number, precision), source, inputs, upstream, open_)
                    told = {
                        k: _told(row, int(entry[k]), beyond[0][k], beyond[1][k], ulps[k],
                                 self.max_ulp, bool(np.isfinite(e[k])))
                        for k, row in zip(open_.tolist(), rows, strict=True) if row is not None
                    }  # fmt: skip
                found[[k for k, explained in told.items() if explained]] = True
                open_ = np.array([k for k in open_ if told.get(int(k)) is None], int)
                if not open_.size:
                    return found
        return found

    def _sources(self, by: int) -> Iterator[Source]:
        """The ways to the derivatives of a result, the surest first."""
        problem = self.problem
        if by < 0:
            for careful in (False, True):
                yield partial(_of_truth, problem.truth, careful)
            return
        dtype = problem.output_dtype
        if len(problem.cores) == 1 and not problem.rows:
            yield lambda inputs, u: _second_order(problem.truth, inputs, u, dtype)
        for traced in dict.fromkeys((problem.plain, problem.traced)):
            try:
                backward = traced.backward
            except TargetError:
                continue
            output = backward.outputs[by]
            for careful in (False, True) if output is not None else ():
                yield partial(_of_backward, backward.to((output,)), careful)

    def _rows(
        self,
        way: tuple[int, int, int],
        source: Source,
        inputs: Sequence[np.ndarray],
        upstream: np.ndarray,
        where: np.ndarray,
    ) -> list[tuple[Any, Any] | None]:
        """Result and amplification of each sample ``where``; None where ``source`` cannot tell."""
        given = (*inputs, upstream)
        keys = [(*way, *(x[k].tobytes() for x in given)) for k in where]
        fresh = [k for k, key in zip(where, keys, strict=True) if key not in self._kept]
        if fresh:
            try:
                pairs: Any = zip(*source([x[fresh] for x in inputs], upstream[fresh]), strict=True)
            except TargetError:
                pairs = [None] * len(fresh)
            new = (key for key in keys if key not in self._kept)
            self._kept.update(dict(zip(list(new), pairs, strict=True)))
        return [self._kept[key] for key in keys]


def _told(
    row: tuple[Any, Any],
    entry: int,
    computed: Any,
    exact: Any,
    ulp: arb,
    max_ulp: float,
    finite: bool,
) -> bool | None:
    """Whether the entry of ``row`` is explained; None where the balls do not decide, or are not
    those of the ``exact`` result."""
    g, amplified = (part[entry] for part in row)
    if not (g.is_finite() and amplified.is_finite()):
        return None
    right = abs(g - exact) <= ulp if finite else abs(g) >= abs(exact)
    if not right:
        return None
    error, limit = abs(computed - g), (ulp + amplified) * max_ulp
    return True if error <= limit else False if error > limit else None


def _within(x: np.ndarray, info: Any) -> list[Any]:
    """Numbers as balls; an infinite component is the least power of two beyond the range."""
    top = arb(2) ** int(info.maxexp)

    def part(p: float) -> arb:
        return arb(p) if np.isfinite(p) else top * int(np.sign(p)) if not np.isnan(p) else arb(0)

    return [acb(part(v.real), part(v.imag)) for v in x.astype(complex).tolist()]


def _changes(x: np.ndarray) -> np.ndarray:
    """ulp(z) of each number of ``x``, in balls."""
    exponents = ulp_exponents(x)
    return as_array([arb(2) ** int(k) for k in exponents.flat], x.shape)


def _of_program(
    program: Program, careful: bool, given: list[np.ndarray], upstreams: int
) -> Amplified:
    """The output of ``program`` at ``given``, of which the first ``upstreams`` are upstreams;
    ``careful`` looks at each side of a kink, or of a tie."""
    if careful:
        parts = Parts(program, False, program.output_dtype, order=1)
        value, *slopes = parts.balls(given, None, careful=True)[0]
    else:
        complex_inputs = [x.dtype.kind == "c" for x in given]
        value, *slopes = value_and_derivatives(program, given, complex_inputs)
    n = len(given[0])
    value = value.reshape(n, -1)
    total = np.full(value.shape, arb(0), object)
    for i, x in enumerate(given):
        changes = _changes(x).reshape(n, 1, -1)
        both = [np.abs(slopes[k].reshape(*value.shape, -1)) for k in (i, len(given) + i)]
        terms = np.concatenate([d * changes for d in both], axis=-1)
        total = total + (_cancelling(terms) if i < upstreams else terms.sum(axis=-1))
    return value, total


def _of_truth(
    program: Program, careful: bool, inputs: list[np.ndarray], upstream: np.ndarray
) -> Amplified:
    return _of_program(program, careful, inputs, 0)


def _of_backward(
    program: Program, careful: bool, inputs: list[np.ndarray], upstream: np.ndarray
) -> Amplified:
    return _of_program(program, careful, [upstream, *inputs], 1)


def _cancelling(terms: np.ndarray) -> np.ndarray:
    """Σ of the last axis where more than one term is not zero, else zero."""
    rows = terms.reshape(-1, terms.shape[-1])
    several = np.array([sum(not t.is_zero() for t in row) > 1 for row in rows])
    total = terms.sum(axis=-1)
    return np.asarray(np.where(several.reshape(total.shape), total, arb(0)))


def _second_order(
    truth: Program, inputs: list[np.ndarray], upstream: np.ndarray, dtype: str
) -> Amplified:
    """The gradient of a function of one number, by the second derivatives of ``truth``."""
    (z,), u = inputs, to_balls(upstream)
    balls, _, _ = Parts(truth, True, dtype, order=2).balls(inputs, upstream)
    _, by, by_conj, g, aa, ab, bb, _, _ = balls
    of_u = [by, by_conj]
    if z.dtype.kind == "c":
        turned = np.abs(_turn(u, ab, ab)) + np.abs(_turn(u, aa, bb))
    else:
        turned = np.array([abs((v * conj(d)).real) for v, d in zip(u, aa, strict=True)], object)
        if upstream.dtype.kind == "c":  # of u·conj(f′) the real part
            of_u = [by / 2, by / 2]
    terms = np.stack([np.abs(d) * _changes(upstream) for d in of_u], axis=-1)
    return g[:, None], (turned * _changes(z) + _cancelling(terms))[:, None]


def _turn(u: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """u·conj(a) + conj(u)·b."""
    pairs = zip(u, a, b, strict=True)
    return as_array([v * conj(p) + conj(v) * q for v, p, q in pairs], u.shape)
