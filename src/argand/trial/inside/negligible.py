"""Which computed gradients are as good as zero where zero is exact.

A gradient that is exactly zero is often flat too: of x/|x| at (0, y, 0) that by y is
u/|y| − u·y²/|y|³, zero for all y and u, and of x/(x + y) at (x, 0) that by x is u/x − u·x/x².
Neither has an ulp of its own, and no rounding of what goes in moves it, but it is the difference of
numbers that are rounded. By an input z of ordinary size or more one is as good as zero where
    |computed| · min(|z|, 1) ≤ max_ulp · |u|·ulp(f),    and beyond ordinary sizes |computed| · |z|,
the largest entries meant: all along z, or a step of 1, it moves the value f by no more than ulps of
its own. (The step is that of a softmax: its rows do not add up to 1 but for their rounding.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import arb, ctx

from argand.exact.balls import to_balls
from argand.exact.evaluate import evaluate
from argand.exact.rounding import round_balls
from argand.trial.place import SIZE
from argand.trial.problem import Problem
from argand.verdict import ulp_exponents

PRECISION = 256  # bits


def negligible(
    problem: Problem,
    by: int,
    computed: np.ndarray,
    exact: np.ndarray,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    max_ulp: float,
) -> np.ndarray:
    """Where the entry ``computed`` (n,) is as good as the zero that ``exact`` is there; nowhere of
    the value (``by`` −1). ``inputs`` and ``upstream`` are samples (n, *core)."""
    found = np.asarray((exact == 0) & np.isfinite(computed) & (by >= 0))
    truth = problem.meant.slope
    if truth is None:
        return np.zeros_like(found)
    at = np.flatnonzero(found)
    if not at.size:
        return found
    given = [x[at] for x in inputs]
    with ctx.workprec(PRECISION):
        (out,) = evaluate(truth, [to_balls(x) for x in given], derivatives=False)
        assert out is not None
        values = _largest(round_balls(out.value, problem.output_dtype)[0])
        samples = zip(
            at, _largest(computed[at]), _largest(given[by]), _largest(upstream[at]), values,
            ulp_exponents(values), strict=True,
        )  # fmt: skip
        for k, c, z, u, f, exponent in samples:
            limit = arb(2) ** int(exponent) * float(u) * max_ulp
            step = float(z if z > SIZE else min(z, 1.0))
            found[k] = 1 / SIZE <= z < np.inf and f < np.inf and arb(float(c)) * step <= limit
    return found


def _largest(x: np.ndarray) -> np.ndarray:
    """The size of the largest entry of each sample."""
    return np.asarray(np.abs(x).reshape(len(x), -1).max(axis=1))
