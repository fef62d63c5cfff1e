"""Is a function along the last axis right for rows of any length? Its formula may know one only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from argand.check.asked import Asked
from argand.check.probes import length_of_batch
from argand.exact.raw import any_of_sample
from argand.frontend.runner import RunError
from argand.subject import TargetError
from argand.trial.finding import Finding
from argand.trial.judged import quantities
from argand.trial.points.ordinary import apart, far, ordinary
from argand.trial.problem import Problem
from argand.trial.written import witness

KINDS = length_of_batch.KINDS
ENTRIES = (1, 2, 5, 17)
POINTS = 3


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """Findings where at ordinary points most digits are wrong, or the shape is, in rows of another
    number of entries than those of the rest of the check.

    Numbers that the function or the plain formula does not take are left out.
    """
    problem, mode = asked.problem, asked.modes[0]
    graver = asked.has("batch_coupling", mode) or asked.has("formula")
    if graver or mode not in asked.ran() or not any(problem.cores):
        return
    try:
        told = set(_wrong(problem, mode, rng))  # wrong already: other findings say so
    except RunError:
        return  # the probe ``error`` tells
    length = next(core[0] for core in problem.cores if core)
    for k in ENTRIES:
        try:
            rows = problem.of_entries(k)
            wrong = _wrong(rows, mode, rng)
        except TargetError:
            continue
        except RunError as error:
            if not _has_value(rows, mode, rng):
                continue  # the function is made for another length, not its gradient alone
            raised = f"In rows of {k} entries it raises: {error}"
            yield problem.finding("length_dependent", mode, "gradient", raised)
            return
        for by, (words, seen) in wrong.items():
            if by not in told:
                told.add(by)
                quantity = "value" if by < 0 else "gradient"
                yield problem.finding(
                    "length_dependent", mode, quantity,
                    f"In rows of {k} entries the {quantity} {words}{problem.by_input(by)}, though "
                    f"in rows of {length} it is right.", **seen,
                )  # fmt: skip


def _has_value(problem: Problem, mode: str, rng: np.random.Generator) -> bool:
    """Whether the value alone can be computed."""
    try:
        problem.run(mode).value(ordinary(problem, POINTS, rng)[0])
    except RunError:
        return False
    return True


def _wrong(
    problem: Problem, mode: str, rng: np.random.Generator
) -> dict[int, tuple[str, dict[str, Any]]]:
    """Which quantities (by which input; −1 for the value) are wrong at ordinary points, and how.

    Raises RunError with what the function raises.
    """
    inputs, u = ordinary(problem, POINTS, rng)
    result = problem.run(mode)(inputs, u)
    exact = problem.exact(inputs, u)
    found: dict[int, tuple[str, dict[str, Any]]] = {}
    for _, by, computed in quantities(result):
        truth = exact.quantity(by)
        if computed.dtype != truth.dtype:
            continue  # a finding of its own
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
    return np.asarray(np.abs(x).reshape(len(x), -1).max(axis=1))
