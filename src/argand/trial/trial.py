"""A Problem run in one mode at any points, in batches of one length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from argand.frontend.runner import Result
from argand.program import Program
from argand.trial.inside.branches import kindred
from argand.trial.judged import Judged, Part, judged
from argand.trial.problem import Problem

BUDGET = 512  # points of one round of a search, shared by all that is searched for
BUDGET_OF_ROWS = 96  # each is as dear as some hundred numbers


class Trial:
    """``problem`` in ``mode`` on ``device``, always in batches of ``length``, so that it is
    compiled once. Samples that take different branches of ``backward``, where that is given, are
    in different batches.

    Raises RunError where the function raises.
    """

    def __init__(
        self,
        problem: Problem,
        mode: str,
        length: int,
        max_ulp: float,
        backward: Program | None = None,
        device: str = "CPU:0",
    ) -> None:
        self.problem, self.mode, self.length, self.max_ulp = problem, mode, length, max_ulp
        self._backward, self._runner = backward, problem.run(mode, device)

    @property
    def budget(self) -> int:
        """How many points a round of a search may try."""
        return min(BUDGET_OF_ROWS if self.problem.rows else BUDGET, self.length)

    def result(self, inputs: Sequence[np.ndarray], upstream: np.ndarray) -> Result:
        """Value and gradients of at most ``length`` samples (n, *core); each batch is filled up
        with its last."""
        n = len(upstream)
        groups = [np.arange(n)]
        if self._backward is not None:
            groups = kindred(self._backward, [upstream, *inputs])
        results = []
        for group in groups:
            filled = np.concatenate([group, np.repeat(group[-1:], self.length - len(group))])
            whole = self._runner([x[filled] for x in inputs], upstream[filled])
            results.append(_first(whole, len(group), self.length))
        return _restored(results, groups)

    def at(self, inputs: Sequence[np.ndarray], upstream: np.ndarray) -> dict[Part, Judged]:
        """What any number of points is worth."""
        n = len(upstream)
        if n > self.length:
            first, rest = (
                self.at([x[part] for x in inputs], upstream[part])
                for part in (slice(None, self.length), slice(self.length, None))
            )
            return {p: first[p].then(rest[p]) for p in first if p in rest}
        exact = self.problem.exact(inputs, upstream)
        return judged(self.problem, self.result(inputs, upstream), exact, self.max_ulp)


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
