"""One case run in one mode at any points: results with their verdicts and errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from argand.check.case import Case
from argand.exact.reference import Exact, certify
from argand.probe import Probe, Result
from argand.verdict import CODE, VERDICTS, judge

FAILING = {v.code for v in VERDICTS if v.failing}
BUDGET = 512  # points of one round of a search, shared by all that is searched for
Part = tuple[str, int]  # the quantity, and by which input (−1 for the value)


@dataclass(frozen=True)
class Judged:
    """Verdict codes, errors in ulp, and both sides, one for each sample."""

    codes: np.ndarray
    error: np.ndarray
    computed: np.ndarray
    exact: np.ndarray


class Trial:
    """``case`` in ``mode``, always in batches of ``length``, so that it is compiled once; by
    ``probe`` where there is one already.

    Raises ProbeError where the function raises.
    """

    def __init__(
        self, case: Case, mode: str, length: int, max_ulp: float, probe: Probe | None = None
    ) -> None:
        self.case, self.mode, self.length, self.max_ulp = case, mode, length, max_ulp
        self._probe = probe or Probe(case.fn, mode)

    @property
    def budget(self) -> int:
        """How many points a round of a search may try."""
        return min(BUDGET, self.length)

    def result(self, inputs: Sequence[np.ndarray], upstream: np.ndarray) -> Result:
        """Value and gradients of a whole batch."""
        return self._probe(inputs, upstream)

    def judge(self, result: Result, exact: Exact) -> dict[Part, Judged]:
        """Each quantity that is of the right shape and dtype, judged."""
        assert exact.vjp is not None
        judged = {}
        for quantity, by, computed in quantities(self.case, result, exact):
            truth = exact.value if by < 0 else exact.vjp[by]
            codes, error = judge(computed, truth, exact.certified, self.max_ulp, exact.undefined)
            judged[quantity, by] = Judged(codes, error, computed, truth)
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
        filled = [np.concatenate([x, np.repeat(x[-1:], self.length - n)]) for x in inputs]
        u = np.concatenate([upstream, np.repeat(upstream[-1:], self.length - n)])
        whole = self.result(filled, u)
        result = Result(
            whole.value[:n] if whole.value.shape == u.shape else whole.value,
            tuple(g if g is None or g.shape != u.shape else g[:n] for g in whole.gradients),
        )
        exact = certify(self.case.truth, inputs, upstream, self.case.output_dtype)
        return self.judge(result, exact)


def quantities(case: Case, result: Result, exact: Exact) -> Iterator[tuple[str, int, np.ndarray]]:
    """(quantity, input by which, computed) for each array of the right shape and dtype."""
    if result.value.shape == exact.value.shape and result.value.dtype == case.output_dtype:
        yield "value", -1, result.value
    for i, gradient in enumerate(result.gradients):
        if gradient is None or gradient.shape != exact.value.shape:
            continue
        if gradient.dtype == case.input_dtypes[i]:
            yield "gradient", i, gradient


def _joined(a: Judged, b: Judged) -> Judged:
    return Judged(
        *(
            np.concatenate([getattr(a, name), getattr(b, name)])
            for name in ("codes", "error", "computed", "exact")
        )
    )


def passes(codes: np.ndarray) -> np.ndarray:
    """Where the verdict is a pass: neither failing nor without truth."""
    neither = [*FAILING, CODE["undefined"], CODE["undecided"]]
    return ~np.isin(codes, neither)
