"""Is the backward formula right in exact arithmetic, before any rounding?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from argand.check.asked import Asked
from argand.check.black_box import measured
from argand.check.formula import POINTS, Disproof, refute, refute_at
from argand.check.hints.hint import Hint, hint
from argand.trial.finding import AT_SPECIAL_POINTS, Finding
from argand.trial.inside.blame import source
from argand.trial.inside.branches import origin
from argand.trial.place import places_of
from argand.trial.written import hexes, text

KINDS = {
    "formula": "Correct the backward formula: it is wrong before any rounding.",
    "approximate_forward": "If the forward pass approximates a function, name that: reference=. "
    "Else correct the backward formula.",
    "inaccurate": "Give the constant all the digits of the dtype, or rearrange what cancels.",
}


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each input whose gradient is proved wrong in exact arithmetic: the formula,
    or no more than the rounding of its constants; of a black box as it is computed.

    Notes where it is neither proved nor refuted: balls cannot follow it, or do not decide at half
    of the points.
    """
    problem = asked.problem
    if asked.opaque:
        asked.unproved(asked.opaque)
        yield from measured(asked, rng)
        return
    disproofs, open_points = refute(problem, asked.max_ulp, rng)
    if 2 * open_points > POINTS:
        asked.unproved(f"at {open_points} of {POINTS} points the balls do not decide")
    asked.proved = 0 if disproofs else POINTS - open_points
    samples, wrong = asked.samples, {d.by for d in disproofs}
    if samples.points.exact:
        at, exact = samples.exactly, samples.exact
        points = [x[at] for x in samples.inputs]
        special = refute_at(problem, points, samples.upstream[at], exact.at(at), asked.max_ulp)
        disproofs += [d for d in special if d.by not in wrong]
    for d in disproofs:
        value = problem.backward.outputs[d.by]
        dtypes = (problem.output_dtype, *problem.input_dtypes)
        point = [np.array([x], t) for x, t in zip((d.upstream, *d.inputs), dtypes, strict=True)]
        last = None if value is None else origin(problem.backward, value, point)
        op, line = (last.type, source(problem.backward, last)) if last else ("", "")
        kind = d.diagnosis.kind
        what = {
            "formula": "The formula of the gradient is wrong in exact arithmetic",
            "approximate_forward": "Approximate forward: in exact arithmetic the gradient is off",
            "inaccurate": "In exact arithmetic the gradient is off",
        }[kind]
        usual = kind == "formula" and d.diagnosis.about != AT_SPECIAL_POINTS
        meant = hint(problem, d.by, asked.max_ulp, rng) if usual else Hint()
        brief = d.diagnosis.words if d.diagnosis.usual else meant.brief or d.diagnosis.words
        yield problem.finding(
            kind, "graph", "gradient",
            f"{what}{problem.by_input(d.by)}: {d.diagnosis.words} (relative difference "
            f"{d.relative:.3g}).{meant.told}",
            input=hexes(d.inputs), upstream=text(d.upstream), computed=text(d.computed),
            exact=text(d.exact), op=d.op or op, source=d.source or line,
            about=d.diagnosis.about, brief=brief, **_worth(asked, d, point),
        )  # fmt: skip


def _worth(asked: Asked, d: Disproof, point: list[np.ndarray]) -> dict[str, Any]:
    """The fields of a finding that give the severity of what only rounding makes inaccurate."""
    if d.diagnosis.kind != "inaccurate":
        return {}
    problem, (upstream, *inputs) = asked.problem, point
    exact = problem.exact(inputs, upstream)
    results = [exact.value, *exact.gradients]
    size = d.exact.size
    explained = asked.samples.allowance(asked.max_ulp).explains(
        d.by, np.stack([d.computed] * size), np.stack([d.exact] * size),
        [np.repeat(x, size, axis=0) for x in inputs], np.repeat(upstream, size, axis=0),
        np.arange(size),
    )  # fmt: skip
    place = str(places_of(problem, inputs, upstream, results)[0])
    return {"place": place, "explained": bool(explained.all())}
