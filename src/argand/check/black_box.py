"""A function whose operations balls cannot follow, judged by what it computes alone: loops,
``numpy_function``, kernels of its author's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from flint import ctx

from argand.check.asked import Asked
from argand.check.diagnosis import GENERIC, diagnose
from argand.exact.balls import to_balls
from argand.frontend.runner import RunError
from argand.program import Program
from argand.trial.finding import Finding
from argand.trial.meant.gradient import in_balls
from argand.trial.points.ordinary import ordinary
from argand.trial.written import hexes, text

PRECISION = 256
_PYTHON = {"PyFunc", "PyFuncStateless", "EagerPyFunc"}
_UNCOMPILED = re.compile(r"Detected unsupported operations .* on XLA_\w+: (\w+) \(No registered")


def runs_python(program: Program) -> bool:
    """Whether it calls Python, which TensorFlow cannot differentiate."""
    return bool(_PYTHON & program.op_types())


def missing_in_xla(error: RunError, mode: str) -> str:
    """The operation that XLA does not have, where that is why the function does not run in
    ``mode``; empty else."""
    found = _UNCOMPILED.search(str(error)) if mode == "xla" else None
    return found[1] if found else ""


def measured(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each input whose gradient, as it is computed, has a usual mistake: at most
    ordinary points it is beyond half of its digits from the exact one, and a mistake tells all of
    them."""
    problem, mode = asked.problem, next(asked.ran(), None)
    if mode is None:
        return
    inputs, u = ordinary(problem, GENERIC, rng)
    try:
        got = problem.run(mode)(inputs, u).gradients
    except RunError:
        return  # the probe ``error`` tells
    found = [g for g, x in zip(got, inputs, strict=True) if g is not None and g.shape == x.shape]
    if len(found) < len(inputs):
        return  # a finding of its own
    n, meant = len(u), problem.meant
    complex_inputs = [d.startswith("complex") for d in problem.input_dtypes]
    with ctx.workprec(PRECISION):
        true, rows = in_balls(meant.program, meant.given, inputs, u, complex_inputs)
        sides = [(to_balls(g).reshape(n, -1), e) for g, e in zip(found, true, strict=True)]
        for by, side in enumerate(sides):
            dtype = problem.input_dtypes[by]
            states = [_apart(*pair, dtype) for pair in zip(*side, strict=True)]
            wrong, open_ = (np.array([s is kind for s in states]) for kind in (True, None))
            if 2 * wrong.sum() <= n - open_.sum():
                continue
            told = diagnose(by, wrong, open_, sides, rows, u, dtype)
            if not told.usual or told.kind != "formula":
                continue  # the probe ``rounding`` tells
            k = int(np.argmax(wrong))
            exact = problem.exact([x[k : k + 1] for x in inputs], u[k : k + 1])
            yield problem.finding(
                "formula", mode, "gradient",
                f"The gradient is not the reference's{problem.by_input(by)}: {told.words}, as it "
                f"is computed at {wrong.sum()} of {n - open_.sum()} ordinary points.",
                input=hexes(x[k] for x in inputs), upstream=text(u[k]),
                computed=text(found[by][k]), exact=text(exact.quantity(by)[0]),
                about=told.about, brief=told.words,
            )  # fmt: skip


def _apart(computed: np.ndarray, exact: np.ndarray, dtype: str) -> bool | None:
    """Whether a sample's gradient is beyond half of its digits from the exact one in an entry;
    None where that is not known."""
    if not all(b.is_finite() for b in (*computed, *exact)):
        return None
    size = float(np.sqrt(np.finfo(dtype).eps))
    largest = max(float(abs(e).upper()) for e in exact)
    gaps = [abs(c - e) for c, e in zip(computed, exact, strict=True)]
    return any(bool(gap > size * largest) for gap in gaps)
