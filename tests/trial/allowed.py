"""What the tests of conditioning share: one result that is off, and whether that is explained."""

from functools import cache

import numpy as np

from argand.trial.inside.allowance import Allowance
from argand.trial.problems import problems


@cache
def problem_of(fn, dtype, rows):
    (problem,), _ = problems(fn, [dtype], core=1 if rows else None)
    return problem


def explained(fn, at, off, by=-1, u=1.0, entry=0, max_ulp=4.0, dtype="float64"):
    """Whether an error of ``off`` is explained at the inputs ``at`` (numbers, or rows)."""
    inputs = [np.array([x], dtype) for x in (at if isinstance(at, tuple) else (at,))]
    problem = problem_of(fn, dtype, inputs[0].ndim > 1)
    upstream = np.array([u], problem.output_dtype)
    exact = problem.exact(inputs, upstream)
    true = exact.quantity(by)
    assert exact.certified.all()
    computed = true.copy()
    computed.reshape(-1)[entry] += off
    allowance = Allowance(problem, max_ulp)
    return bool(allowance.explains(by, computed, true, inputs, upstream, np.array([entry]))[0])
