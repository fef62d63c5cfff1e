"""Is there a gradient by every input on which the function depends?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.asked import Asked
from argand.exact.reference import certify
from argand.trial.finding import Finding
from argand.trial.points.drawn import generic_points
from argand.trial.problem import Problem

KINDS = {"missing_gradient": "Return a gradient for this input instead of None."}
POINTS = 16


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each input whose gradient is None though the exact one is not zero."""
    problem = asked.problem
    for i, output in enumerate(problem.backward.outputs):
        if output is None and _depends(problem, i, rng):
            yield problem.finding(
                "missing_gradient", "graph", "gradient",
                f"The gradient by input {i} is None, though the function depends on it.",
            )  # fmt: skip


def _depends(problem: Problem, by: int, rng: np.random.Generator) -> bool:
    points = generic_points(problem.input_dtypes, problem.domain, POINTS, rng, problem.cores)
    upstream = np.ones((POINTS, *problem.core), problem.output_dtype)
    if problem.meant.given:
        return bool(np.any(problem.exact(points, upstream).gradients[by] != 0))
    exact = certify(problem.meant.program, points, upstream, problem.output_dtype)
    return bool(np.any(exact.dz[by] != 0) or np.any(exact.dzbar[by] != 0))
