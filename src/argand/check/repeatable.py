"""Is it a function at all? Two calls at the same inputs give the same, or it is refused."""

from __future__ import annotations

import numpy as np

from argand.frontend.runner import RunError
from argand.subject import TargetError
from argand.trial.judged import quantities
from argand.trial.points.ordinary import ordinary
from argand.trial.problem import Problem
from argand.trial.written import text

POINTS = 16


def refuse_unrepeatable(problem: Problem, rng: np.random.Generator) -> None:
    """Raise TargetError where value or gradient change from one call to the next."""
    inputs, u = ordinary(problem, POINTS, rng)
    run = problem.run("eager")
    try:
        first, second = run(inputs, u), run(inputs, u)
    except RunError:
        return  # the probe ``error`` tells
    later = {(quantity, by): b for quantity, by, b in quantities(second)}
    for quantity, by, a in quantities(first):
        b = later.get((quantity, by))
        if b is None or np.array_equal(a, b, equal_nan=True):
            continue
        same = a.shape == b.shape and len(np.atleast_1d(a)) == len(u)
        k = int(np.argwhere(np.atleast_1d(a != b))[0, 0]) if same else 0
        one, other = (text(r[k]) if same else text(r) for r in (a, b))
        raise TargetError(
            f"two calls of {problem.variant} at the same input "
            f"{', '.join(text(x[k]) for x in inputs)} give the {quantity}s {one} and {other}: it "
            "is random or keeps state; check a function of its inputs alone, with random numbers "
            "and state as inputs"
        )
