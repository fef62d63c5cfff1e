"""Does a sample's result depend on that sample alone?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.asked import Asked
from argand.frontend.runner import RunError
from argand.trial.finding import Finding
from argand.trial.judged import quantities
from argand.trial.points.drawn import generic_points
from argand.trial.points.ordinary import ordinary
from argand.trial.problem import Problem
from argand.trial.written import hexes, text

KINDS = {"batch_coupling": "Make each entry depend on its own input alone."}
BATCH = 6
_ALONG = (
    "; if the entries along the last axis belong together, as in a softmax, give core=1 (--core 1)"
)


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each mode in which a sample's result changes though only its neighbours, or
    their upstreams, do.

    The sample keeps its place, so that vector and scalar code paths cannot differ.
    """
    for mode in asked.ran():
        try:
            found = _coupled(asked.problem, mode, asked.max_ulp, rng)
        except RunError:
            continue  # the probe ``error`` tells
        if found:
            yield found


def _coupled(
    problem: Problem, mode: str, max_ulp: float, rng: np.random.Generator
) -> Finding | None:
    first, upstream = _batch(problem, rng)
    if not problem.rows:
        upstream = np.ones_like(upstream)
    alone = dict(_shaped(problem, mode, first, upstream))
    for kept in (0, BATCH - 1):
        other, u = _batch(problem, rng)
        for x, y in zip([*first, upstream], [*other, u], strict=True):
            y[kept] = x[kept]
        for (quantity, by), b in _shaped(problem, mode, other, u):
            a = alone.get((quantity, by))
            if a is None or not _apart(a[kept], b[kept], max_ulp):
                continue
            one, batch = ("A row", "rows") if problem.rows else ("An entry", "entries")
            return problem.finding(
                "batch_coupling", mode, quantity,
                f"{one}'s result changes though only other {batch} of the batch do: "
                f"{text(a[kept])} becomes {text(b[kept])}{problem.by_input(by)}"
                f"{'' if problem.rows else _ALONG}.",
                input=hexes(x[kept] for x in first), upstream=text(upstream[kept]),
                computed=text(b[kept]),
            )  # fmt: skip
    return None


def _batch(problem: Problem, rng: np.random.Generator) -> tuple[list[np.ndarray], np.ndarray]:
    """Inputs (BATCH, *core) off every axis, and upstreams of any phase."""
    inputs = generic_points(problem.input_dtypes, problem.domain, BATCH, rng, problem.cores)
    return inputs, ordinary(problem, BATCH, rng)[1]


def _shaped(
    problem: Problem, mode: str, inputs: list[np.ndarray], upstream: np.ndarray
) -> Iterator[tuple[tuple[str, int], np.ndarray]]:
    """Each result that has the shape asked for: another shape is a finding of its own."""
    for quantity, by, array in quantities(problem.run(mode)(inputs, upstream)):
        if array.shape == (upstream if by < 0 else inputs[by]).shape:
            yield (quantity, by), array


def _apart(a: np.ndarray, b: np.ndarray, max_ulp: float) -> bool:
    """Whether two results of one sample differ beyond rounding, or in what is not finite."""
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return not np.array_equal(a, b, equal_nan=True)
    limit = max_ulp * float(np.finfo(a.dtype).eps) * max(np.max(np.abs(a)), np.max(np.abs(b)))
    return bool(np.max(np.abs(a - b)) > limit)
