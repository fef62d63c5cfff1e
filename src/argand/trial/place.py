"""Where a result is seen: what it is worth depends on whether people work there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from argand.trial.problem import Problem

# An ordinary component, and a result, are of at most this size, and of at least one over that. What
# is smaller than its domain by more than RESULT is beside zero: there the range ends.
SIZE, RESULT = 2.0**6, 2.0**60


def places_of(
    problem: Problem,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    results: Iterable[np.ndarray],
    special: np.ndarray | bool = False,
) -> np.ndarray:
    """One of ``verdict.PLACES`` for each sample (n,): ``results`` are the exact values and
    gradients (n, *core), ``special`` is where one is a special point.

    A point is ordinary where each component is of a size between 2⁻⁶ and 2⁶, and each exact value
    and gradient between 2⁻⁶⁰ and 2⁶⁰, or zero. A domain speaks of its inputs, not of upstreams
    beyond 2⁶⁰ or below 2⁻⁶⁰, and not of what is smaller by 2⁶⁰ than its ends, but for zero; nor are
    such upstreams ordinary where a surrogate's gradient is meant, of which the value tells nothing.
    """
    n = len(inputs[0])
    calm = np.ones(n, bool)
    if problem.entry_domain is not None:
        for c, ends in zip(problem.components(inputs), problem.entry_domain, strict=True):
            calm &= (c == 0) | (np.abs(c) >= max(map(abs, ends)) / RESULT)
        calm &= _within(upstream)
        return np.where(calm, "domain", "elsewhere")
    with np.errstate(invalid="ignore"):
        for c in problem.components(inputs):
            calm &= (np.abs(c) >= 1 / SIZE) & (np.abs(c) <= SIZE)
        for exact in [*results, upstream] if problem.surrogate else results:
            calm &= _within(exact)
    return np.where(special, "special", np.where(calm, "ordinary", "elsewhere"))


def _within(result: np.ndarray) -> np.ndarray:
    """The samples (n,) of which each entry is zero, or of a size between 2⁻⁶⁰ and 2⁶⁰."""
    size = np.abs(result.reshape(len(result), -1))
    return np.asarray(((size == 0) | ((size >= 1 / RESULT) & (size <= RESULT))).all(axis=1))
