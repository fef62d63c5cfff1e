"""A function whose operations balls cannot follow, judged by what it computes alone: loops,
``numpy_function``, kernels of its author's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from flint import ctx

from argand.check.asked import Asked
from argand.check.diagnosis import GENERIC, Sides, diagnose
from argand.exact.balls import to_balls
from argand.exact.parts import value_and_derivatives, vector_jacobian
from argand.frontend.runner import RunError
from argand.program import Program
from argand.trial.finding import Finding
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
    complex_inputs = [d.startswith("complex") for d in problem.input_dtypes]
    n = len(u)
    with ctx.workprec(PRECISION):
        derivatives = value_and_derivatives(problem.truth, inputs, complex_inputs)
        true = vector_jacobian(derivatives, to_balls(u), complex_inputs)
        sides: Sides = []
        for computed, exact, x in zip(got, true, inputs, strict=True):
            if computed is None or computed.shape != x.shape:
                return  # a finding of its own
            sides.append((to_balls(computed).reshape(n, -1), exact.reshape(n, -1)))
        rows = [d.reshape(n, u.size // n, -1) for d in derivatives]
        for by, (computed, exact) in enumerate(sides):
            dtype = problem.input_dtypes[by]
            states = [_apart(*row, dtype) for row in zip(computed, exact, strict=True)]
            wrong = np.array([s is True for s in states])
            open_ = np.array([s is None for s in states])
            if 2 * wrong.sum() <= n - open_.sum():
                continue
            told = diagnose(by, wrong, open_, sides, rows, u, dtype)
            if not told.usual or told.kind != "formula":
                continue  # the probe ``rounding`` tells
            k = int(np.argmax(wrong))
            known = problem.exact([x[k : k + 1] for x in inputs], u[k : k + 1])
            yield problem.finding(
                "formula", mode, "gradient",
                f"The gradient is not the reference's{problem.by_input(by)}: {told.words}, as it "
                f"is computed at {int(wrong.sum())} of {n - int(open_.sum())} ordinary points.",
                input=hexes(x[k] for x in inputs), upstream=text(u[k]),
                computed=text(got[by][k]), exact=text(known.quantity(by)[0]),
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
