"""How large an error the rounding of what goes in explains, certified in balls.

A result g is explained by conditioning where
    |computed − g| ≤ max_ulp · (ulp(g) + Σᵢ ulp(zᵢ)·(|∂ᵢg| + |∂̄ᵢg|)),
zᵢ being all numbers that go in: the inputs, the constants that are rounded, and of a gradient the
upstream, unless that is a mere factor, which cancels nothing. Unlike a condition number this is
finite where g is zero.

Of the gradient by a row an entry that is exactly zero has no digits of its own, and its terms are
as large as its row's: there norms count, for each input the largest ulp(zᵢ), and of the derivatives
those of the entry that has the largest. Exactly zero, it may be ``negligible`` besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from typing import Any, NamedTuple

import numpy as np
from flint import acb, arb, ctx

from argand.exact.balls import as_array, conj, to_balls
from argand.exact.parts import Parts, value_and_derivatives
from argand.floats import real_dtype
from argand.frontend.trace import Traced
from argand.program import Program
from argand.subject import TargetError
from argand.trial.inside.negligible import negligible
from argand.trial.inside.rounded_constants import as_inputs, rounded
from argand.trial.meant.gradient import Meant
from argand.trial.problem import Problem
from argand.verdict import ulp_exponents

PRECISIONS = (256, 1100)  # bits
MOST = 64  # numbers of rounded constants: more are data, and by each one differentiates


class Amplified(NamedTuple):
    """Balls (samples, entries) of a result g, of Σ ulp(zᵢ)·(|∂ᵢg| + |∂̄ᵢg|), of its part by
    constants, and of what counts instead where g is exactly zero."""

    result: np.ndarray
    total: np.ndarray
    by_constants: np.ndarray
    at_zero: np.ndarray


Source = Callable[[list[np.ndarray], np.ndarray], Amplified]
Row = tuple[Any, ...]  # one sample of each of the four


class Allowance:
    """The errors that conditioning explains, of one truth in one dtype; what it has found at a
    sample is kept, for variants and modes fail at the same."""

    def __init__(self, problem: Problem, max_ulp: float) -> None:
        self.problem, self.max_ulp = problem, max_ulp
        self._kept: dict[tuple[Any, ...], Row | None] = {}

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
        found = negligible(self.problem, by, c, e, inputs, upstream, self.max_ulp)
        ulps = [arb(2) ** int(k) for k in ulp_exponents(e)]
        beyond = [_within(x, info) for x in (c, e)]
        for constants in (False, True):
            left = open_[~found[open_]]
            for number, source in enumerate(self._sources(by, constants) if left.size else ()):
                for precision in PRECISIONS:
                    way = (by, constants, number, precision)
                    with ctx.workprec(precision):
                        rows = self._rows(way, source, inputs, upstream, left)
                        told = {
                            k: _told(row, int(entry[k]), beyond[0][k], beyond[1][k], ulps[k],
                                     self.max_ulp, e[k])
                            for k, row in zip(left.tolist(), rows, strict=True) if row is not None
                        }  # fmt: skip
                    found[[k for k, explained in told.items() if explained]] = True
                    left = np.array([k for k in left if told.get(int(k)) is None], int)
                    if not left.size:
                        break
                if not left.size:
                    break
        return found

    def _sources(self, by: int, constants: bool) -> Iterator[Source]:
        """The ways to the derivatives of a result, the surest first; with ``constants`` those that
        count these too, where some are rounded."""
        problem = self.problem
        slope = problem.meant.slope
        if slope and by >= 0 and len(problem.cores) == 1 and not problem.rows and not constants:
            yield lambda inputs, u: _second_order(slope, inputs, u, problem.output_dtype)
        for program in self._programs(by):
            values: list[np.ndarray] = []
            if constants:
                program, values = as_inputs(program)
                if not 0 < sum(c.size for c in values) <= MOST:
                    continue
            for careful in (False, True):
                yield partial(_of_program, program, careful, by >= 0, values)

    def _programs(self, by: int) -> Iterator[Program]:
        """Those whose output is the result, of the inputs or of (upstream, *inputs)."""
        if by < 0:
            yield self.problem.truth
            return
        meant, own = self.problem.meant, self.problem.traced
        sources: list[Meant | Traced] = [meant] if meant.traced is own else [meant, own]
        for source in sources:
            try:
                backward = source.backward
            except TargetError:
                continue
            output = backward.outputs[by]
            if output is not None:
                yield backward.to((output,))

    def _rows(
        self,
        way: tuple[int, bool, int, int],
        source: Source,
        inputs: Sequence[np.ndarray],
        upstream: np.ndarray,
        where: np.ndarray,
    ) -> list[Row | None]:
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
    row: Row,
    entry: int,
    computed: Any,
    exact: Any,
    ulp: arb,
    max_ulp: float,
    rounded: Any,
) -> bool | None:
    """Whether the entry of ``row`` is explained; None where the balls do not decide, or are not
    those of the ``exact`` result, which is ``rounded`` to a float."""
    g, total, by_constants, at_zero = (part[entry] for part in row)
    amplified = total if rounded else at_zero
    if not (g.is_finite() and amplified.is_finite()):
        return None
    right = abs(g - exact) <= ulp + by_constants if np.isfinite(rounded) else abs(g) >= abs(exact)
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
    program: Program,
    careful: bool,
    of_gradient: bool,
    constants: list[np.ndarray],
    inputs: list[np.ndarray],
    upstream: np.ndarray,
) -> Amplified:
    """The output of ``program``, whose inputs are the upstream if it is ``of_gradient``, the
    ``inputs`` and ``constants``; ``careful`` looks at each side of a kink, or of a tie."""
    n, known = len(upstream), [*([upstream] if of_gradient else []), *inputs]
    given = known + [np.broadcast_to(c, (n, *c.shape[1:])) for c in constants]
    if careful:
        parts = Parts(program, False, program.output_dtype, order=1)
        value, *slopes = parts.balls(given, None, careful=True)[0]
    else:
        complex_inputs = [x.dtype.kind == "c" for x in given]
        value, *slopes = value_and_derivatives(program, given, complex_inputs)
    value = value.reshape(n, -1)
    of_row = of_gradient and value.shape[1] > 1
    total, by_constants, norm = (np.full(value.shape, arb(0), object) for _ in range(3))
    for i, x in enumerate(given):
        changes = _changes(x).reshape(n, 1, -1)
        if i >= len(known):
            changes = np.where(rounded(x).reshape(changes.shape), changes, arb(0))
        both = [np.abs(slopes[k].reshape(*value.shape, -1)) for k in (i, len(given) + i)]
        terms = np.concatenate([d * changes for d in both], axis=-1)
        own = _cancelling(terms) if of_gradient and i == 0 else terms.sum(axis=-1)
        total = total + own
        if i >= len(known):
            by_constants = by_constants + own
        elif of_row:
            largest = np.maximum.reduce(changes, axis=-1)
            norm = norm + np.concatenate(both, axis=-1).sum(axis=-1) * largest
    at_zero = total
    if of_row:
        at_zero = np.broadcast_to(reduce(_larger, norm.T)[:, None], value.shape) + by_constants
    return Amplified(value, total, by_constants, at_zero)


_larger = np.frompyfunc(lambda a, b: a.max(b), 2, 1)


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
    total = (turned * _changes(z) + _cancelling(terms))[:, None]
    return Amplified(g[:, None], total, np.full(total.shape, arb(0), object), total)


def _turn(u: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """u·conj(a) + conj(u)·b."""
    pairs = zip(u, a, b, strict=True)
    return as_array([v * conj(p) + conj(v) * q for v, p, q in pairs], u.shape)
