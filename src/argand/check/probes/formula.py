"""Is the backward formula right in exact arithmetic, before any rounding?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.asked import Asked
from argand.check.formula import POINTS, refute
from argand.trial.finding import Finding
from argand.trial.inside.branches import origin
from argand.trial.written import hexes, text

KINDS = {"formula": "Correct the backward formula: it is wrong before any rounding."}


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each input whose gradient's formula is proved wrong.

    Notes where it is neither proved nor refuted: balls cannot follow it, or do not decide at half
    of the points.
    """
    problem = asked.problem
    if asked.opaque:
        asked.unproved(asked.opaque)
        return
    disproofs, open_points = refute(problem, asked.max_ulp, rng)
    if 2 * open_points > POINTS:
        asked.unproved(f"at {open_points} of {POINTS} points the balls do not decide")
    for d in disproofs:
        value = problem.backward.outputs[d.by]
        dtypes = (problem.output_dtype, *problem.input_dtypes)
        point = [np.array([x], t) for x, t in zip((d.upstream, *d.inputs), dtypes, strict=True)]
        last = None if value is None else origin(problem.backward, value, point)
        yield problem.finding(
            "formula", "graph", "gradient",
            "The formula of the gradient is wrong in exact arithmetic"
            f"{problem.by_input(d.by)}: {d.diagnosis.words} (relative difference "
            f"{d.relative:.3g}).",
            input=hexes(d.inputs), upstream=text(d.upstream), computed=text(d.computed),
            exact=text(d.exact), op=last.type if last else "", source=last.source if last else "",
            about=d.diagnosis.about, brief=d.diagnosis.words,
        )  # fmt: skip
