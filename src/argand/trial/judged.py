"""Results held against the exact ones: a verdict and an error for each sample."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from argand.exact.reference import Exact
from argand.frontend.runner import Result
from argand.trial.problem import Problem
from argand.verdict import gravest, judge, of_samples

Part = tuple[str, int]  # the quantity, and by which input (−1 for the value)


@dataclass(frozen=True)
class Judged:
    """Verdict codes, errors in ulp, and both sides, one for each sample (n,); of rows those of the
    gravest ``entry``, counted in C order, and whole rows (n, *core) as both sides."""

    codes: np.ndarray
    error: np.ndarray
    computed: np.ndarray
    exact: np.ndarray
    entry: np.ndarray

    @classmethod
    def of(cls, computed: np.ndarray, truth: np.ndarray, exact: Exact, max_ulp: float) -> Judged:
        """``computed`` against ``truth``, which is a part of ``exact``, both (n, *core)."""
        codes, error = judge(computed, truth, exact.certified, max_ulp, exact.undefined)
        core = truth.shape[1:]
        entry = gravest(codes, error, core)
        return cls(*of_samples(codes, error, core), computed, truth, entry)

    @property
    def exact_there(self) -> np.ndarray:
        """The exact result of the entry."""
        rows = self.exact.reshape(len(self.entry), math.prod(self.exact.shape[1:]))
        return np.take_along_axis(rows, self.entry[:, None], 1)[:, 0]

    def then(self, other: Judged) -> Judged:
        """These samples, and after them the other's."""
        names = [f.name for f in fields(self)]
        return Judged(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in names))


def quantities(result: Result) -> Iterator[tuple[str, int, np.ndarray]]:
    """(quantity, by which input, computed) for each array that there is: the value, by −1, and
    the gradient by each input."""
    yield "value", -1, result.value
    for i, gradient in enumerate(result.gradients):
        if gradient is not None:
            yield "gradient", i, gradient


def fitting(
    problem: Problem, result: Result, exact: Exact
) -> Iterator[tuple[str, int, np.ndarray, np.ndarray]]:
    """(quantity, by which input, computed, exact) for each array of the right shape and dtype."""
    for quantity, by, computed in quantities(result):
        truth = exact.quantity(by)
        dtype = problem.output_dtype if by < 0 else problem.input_dtypes[by]
        if computed.shape == truth.shape and computed.dtype == dtype:
            yield quantity, by, computed, truth


def judged(problem: Problem, result: Result, exact: Exact, max_ulp: float) -> dict[Part, Judged]:
    """Each quantity that is of the right shape and dtype, judged."""
    return {
        (quantity, by): Judged.of(computed, truth, exact, max_ulp)
        for quantity, by, computed, truth in fitting(problem, result, exact)
    }
