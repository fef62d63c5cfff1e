"""One case run in one mode at any points: results with their verdicts and errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from argand.exact.reference import Exact
from argand.frontend.runner import Result, Runner
from argand.program import Program
from argand.trial.branches import kindred
from argand.trial.problem import Case
from argand.verdict import CODE, VERDICTS, gravest, judge, of_samples

FAILING = {v.code for v in VERDICTS if v.failing}
BUDGET = 512  # points of one round of a search, shared by all that is searched for
BUDGET_OF_ROWS = 96  # each is as dear as some hundred numbers
Part = tuple[str, int]  # the quantity, and by which input (−1 for the value)


@dataclass(frozen=True)
class Judged:
    """Verdict codes, errors in ulp, and both sides, one for each sample: of rows that of the
    gravest ``entry``, counted in C order, and whole rows as both sides."""

    codes: np.ndarray
    error: np.ndarray
    computed: np.ndarray
    exact: np.ndarray
    entry: np.ndarray

    @property
    def exact_there(self) -> np.ndarray:
        """The exact result of the entry."""
        rows = self.exact.reshape(len(self.entry), -1)
        return np.take_along_axis(rows, self.entry[:, None], 1)[:, 0]


class Trial:
    """``case`` in ``mode``, always in batches of ``length``, so that it is compiled once, by
    ``probe`` where there is one already; samples that take different branches of ``backward``, its
    gradient's Program, are in different ones.

    Raises RunError where the function raises.
    """

    def __init__(
        self,
        case: Case,
        mode: str,
        length: int,
        max_ulp: float,
        backward: Program | None = None,
        probe: Runner | None = None,
    ) -> None:
        self.backward = backward
        self.case, self.mode, self.length, self.max_ulp = case, mode, length, max_ulp
        self._probe = probe or Runner(case.fn, mode)

    @property
    def budget(self) -> int:
        """How many points a round of a search may try."""
        return min(BUDGET_OF_ROWS if self.case.rows else BUDGET, self.length)

    def result(self, inputs: Sequence[np.ndarray], upstream: np.ndarray) -> Result:
        """Value and gradients of at most ``length`` samples; each batch is filled up with its
        last."""
        n = len(upstream)
        groups = kindred(self.backward, [upstream, *inputs]) if self.backward else [np.arange(n)]
        results = []
        for group in groups:
            filled = np.concatenate([group, np.repeat(group[-1:], self.length - len(group))])
            whole = self._probe([x[filled] for x in inputs], upstream[filled])
            results.append(_first(whole, len(group), self.length))
        return _restored(results, groups)

    def judge(self, result: Result, exact: Exact) -> dict[Part, Judged]:
        """Each quantity that is of the right shape and dtype, judged."""
        assert exact.vjp is not None
        judged = {}
        for quantity, by, computed in quantities(self.case, result, exact):
            truth = exact.value if by < 0 else exact.vjp[by]
            codes, error = judge(computed, truth, exact.certified, self.max_ulp, exact.undefined)
            core = truth.shape[1:]
            entry = gravest(codes, error, core)
            judged[quantity, by] = Judged(*of_samples(codes, error, core), computed, truth, entry)
        return judged

    def at(self, inputs: Sequence[np.ndarray], upstream: np.ndarray) -> dict[Part, Judged]:
        """What any number of points is worth; the batch is filled up with the last of them."""
        n = len(upstream)
        if n > self.length:
            halves = [
                self.at([x[part] for x in inputs], upstream[part])
                for part in (slice(None, self.length), slice(self.length, None))
            ]
            return {p: _joined(halves[0][p], halves[1][p]) for p in halves[0] if p in halves[1]}
        return self.judge(self.result(inputs, upstream), self.case.exact(inputs, upstream))


def _first(whole: Result, n: int, length: int) -> Result:
    """The first ``n`` of ``length``, but of what is not of that length, which is reported so."""

    def cut(a: np.ndarray) -> np.ndarray:
        return a[:n] if a.shape[:1] == (length,) else a

    return Result(cut(whole.value), tuple(None if g is None else cut(g) for g in whole.gradients))


def _restored(results: Sequence[Result], groups: Sequence[np.ndarray]) -> Result:
    """The results of ``groups`` in the order of the samples that they index."""
    if len(results) == 1:
        return results[0]
    order = np.argsort(np.concatenate(groups))

    def join(parts: Sequence[np.ndarray | None]) -> np.ndarray | None:
        pairs = list(zip(parts, groups, strict=True))
        odd = [p for p, g in pairs if p is None or p.shape[:1] != g.shape]
        own = [p for p in parts if p is not None]
        if odd or len({(p.shape[1:], p.dtype) for p in own}) > 1:
            return odd[0] if odd else own[0]  # of the wrong shape or dtype, or none: as it is
        return np.concatenate(own)[order]

    value = join([r.value for r in results])
    assert value is not None
    columns = zip(*(r.gradients for r in results), strict=True)
    return Result(value, tuple(join(c) for c in columns))


def quantities(case: Case, result: Result, exact: Exact) -> Iterator[tuple[str, int, np.ndarray]]:
    """(quantity, input by which, computed) for each array of the right shape and dtype."""
    if result.value.shape == exact.value.shape and result.value.dtype == case.output_dtype:
        yield "value", -1, result.value
    assert exact.vjp is not None
    for i, gradient in enumerate(result.gradients):
        if gradient is None or gradient.shape != exact.vjp[i].shape:
            continue
        if gradient.dtype == case.input_dtypes[i]:
            yield "gradient", i, gradient


def _joined(a: Judged, b: Judged) -> Judged:
    return Judged(
        *(
            np.concatenate([getattr(a, name), getattr(b, name)])
            for name in ("codes", "error", "computed", "exact", "entry")
        )
    )


def passes(codes: np.ndarray) -> np.ndarray:
    """Where the verdict is a pass: neither failing nor without truth."""
    neither = [*FAILING, CODE["undefined"], CODE["undecided"]]
    return ~np.isin(codes, neither)
