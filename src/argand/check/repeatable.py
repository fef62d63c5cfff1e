"""Is it a function at all? Two calls at the same inputs give the same, or it is refused."""

from __future__ import annotations

import numpy as np

from argand.check.case import Case
from argand.check.ordinary import ordinary
from argand.probe import Probe, ProbeError, Result
from argand.subject import TargetError

POINTS = 16


def refuse_unrepeatable(case: Case, rng: np.random.Generator) -> None:
    """Raise TargetError where value or gradient change from one call to the next."""
    inputs, u = ordinary(case, POINTS, rng)
    probe = Probe(case.fn, "eager")
    try:
        first, second = _parts(probe(inputs, u)), _parts(probe(inputs, u))
    except ProbeError:
        return  # sampling reports what is raised
    for name, a, b in zip(("value", *["gradient"] * len(inputs)), first, second, strict=True):
        if a is None or b is None or np.array_equal(a, b, equal_nan=True):
            continue
        k = int(np.flatnonzero(a != b)[0]) if a.shape == b.shape == u.shape else 0
        raise TargetError(
            f"two calls of {case.variant} at the same input "
            f"{', '.join(repr(x[k].item()) for x in inputs)} give the {name}s "
            f"{a.flat[k].item()!r} and {b.flat[k].item()!r}: it is random or keeps state; check a "
            "function of its inputs alone, with random numbers and state as inputs"
        )


def _parts(result: Result) -> tuple[np.ndarray | None, ...]:
    return (result.value, *result.gradients)
