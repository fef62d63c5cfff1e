"""Is a function along the last axis right for rows of any length? Its formula may know one only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from argand.check.rounding import by_input, witness
from argand.exact.parts import any_of_sample
from argand.frontend.runner import RunError, Runner
from argand.subject import TargetError
from argand.trial.finding import Finding
from argand.trial.ordinary import apart, far, ordinary
from argand.trial.problem import Case

ENTRIES = (1, 2, 5, 17)
POINTS = 3


def by_entries(case: Case, mode: str, rng: np.random.Generator) -> Iterator[Finding]:
    """Findings of kind ``length_dependent``: at ordinary points most digits are wrong, or the
    shape is, in rows of another number of entries than those that the rest of the check is about.

    Numbers that the plain formula does not take are left out.
    """
    if not any(case.cores):
        return
    try:
        told = set(_wrong(case, mode, rng))  # wrong already: other findings say so
    except RunError:
        return  # sampling reports what is raised
    for k in ENTRIES:
        try:
            other = case.of_entries(k)
        except TargetError:
            continue
        where = (case.variant, mode, case.dtype)
        try:
            wrong = _wrong(other, mode, rng)
        except RunError as error:
            yield Finding(
                *where, "gradient", "length_dependent", f"In rows of {k} entries it raises: {error}"
            )
            return
        for by, (words, seen) in wrong.items():
            if by not in told:
                told.add(by)
                quantity = "value" if by < 0 else "gradient"
                yield Finding(
                    *where, quantity, "length_dependent",
                    f"In rows of {k} entries the {quantity} {words}{by_input(case, by)}, though in "
                    f"rows of {_length(case)} it is right.", **seen,
                )  # fmt: skip


def _length(case: Case) -> int:
    return next(core[0] for core in case.cores if core)


def _wrong(
    case: Case, mode: str, rng: np.random.Generator
) -> dict[int, tuple[str, dict[str, Any]]]:
    """Which quantities (by which input; −1 for the value) are wrong at ordinary points, and how.
    Raises RunError with what the function raises."""
    inputs, u = ordinary(case, POINTS, rng)
    result = Runner(case.fn, mode)(inputs, u)
    exact = case.exact(inputs, u)
    assert exact.vjp is not None
    found: dict[int, tuple[str, dict[str, Any]]] = {}
    for by, computed in enumerate((result.value, *result.gradients), start=-1):
        truth = exact.value if by < 0 else exact.vjp[by]
        if computed is None or computed.dtype != truth.dtype:
            continue  # findings of their own
        if computed.shape != truth.shape:
            found[by] = (f"has shape {list(computed.shape)}, not {list(truth.shape)},", {})
            continue
        off = exact.certified & any_of_sample(apart(computed, truth, far(truth.dtype)))
        if by >= 0:  # one that vanishes, as of a row of 1 that is normalised, has rounding left
            natural = _size(u) * _size(exact.value) / _size(inputs[by])
            rest = _size(computed - truth)
            off &= ~(rest <= far(truth.dtype) * natural)
        if off.any():
            k = int(np.flatnonzero(off)[0])
            found[by] = ("is wrong", witness(inputs, u, k, computed[k], truth[k]))
    return found


def _size(x: np.ndarray) -> np.ndarray:
    """The largest entry of each sample."""
    return np.abs(x).reshape(len(x), -1).max(axis=1)
