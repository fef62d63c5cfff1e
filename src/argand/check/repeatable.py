"""Is it a function at all? Two calls at the same inputs give the same, or it is refused."""

from __future__ import annotations

import numpy as np

from argand.check.rounding import text
from argand.frontend.runner import Result, RunError, Runner
from argand.subject import TargetError
from argand.trial.ordinary import ordinary
from argand.trial.problem import Case

POINTS = 16


def refuse_unrepeatable(case: Case, rng: np.random.Generator) -> None:
    """Raise TargetError where value or gradient change from one call to the next."""
    inputs, u = ordinary(case, POINTS, rng)
    probe = Runner(case.fn, "eager")
    try:
        first, second = _parts(probe(inputs, u)), _parts(probe(inputs, u))
    except RunError:
        return  # sampling reports what is raised
    for name, a, b in zip(("value", *["gradient"] * len(inputs)), first, second, strict=True):
        if a is None or b is None or np.array_equal(a, b, equal_nan=True):
            continue
        same = a.shape == b.shape and len(np.atleast_1d(a)) == len(u)
        k = int(np.argwhere(np.atleast_1d(a != b))[0, 0]) if same else 0
        one, other = (text(r[k]) if same else text(r) for r in (a, b))
        raise TargetError(
            f"two calls of {case.variant} at the same input "
            f"{', '.join(text(x[k]) for x in inputs)} give the {name}s {one} and {other}: it is "
            "random or keeps state; check a "
            "function of its inputs alone, with random numbers and state as inputs"
        )


def _parts(result: Result) -> tuple[np.ndarray | None, ...]:
    return (result.value, *result.gradients)
