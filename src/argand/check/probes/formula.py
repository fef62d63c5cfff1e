"""Is the backward formula right in exact arithmetic, before any rounding?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from argand.check.asked import Asked
from argand.check.black_box import measured
from argand.check.formula import AT_SPECIAL, IN_A_REGION, POINTS, Disproof, refute, refute_at
from argand.check.hints.hint import Hint, hint
from argand.trial.finding import AT_SPECIAL_POINTS, Finding
from argand.trial.inside.blame import source
from argand.trial.inside.branches import origin
from argand.trial.place import places_of
from argand.trial.written import hexes, text
from argand.verdict import FORMULAS, MAX_ULP, fails

TRIED, TRIED_OF_ROWS = 256, 64  # failing samples that are looked at in balls
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
    # Whatever error may pass, a formula is right or wrong; but an approximation of a reference is
    # held to the error that its author allows.
    limit = min(asked.max_ulp, MAX_ULP) if problem.plain is problem.traced else asked.max_ulp
    disproofs, open_points = refute(problem, limit, rng)
    if 2 * open_points > POINTS:
        asked.unproved(f"at {open_points} of {POINTS} points the balls do not decide")
    samples, wrong = asked.samples, {d.by for d in disproofs}
    if samples.points.exact:
        at, exact = samples.exactly, samples.exact
        points = [x[at] for x in samples.inputs]
        upstream = samples.upstream[at]
        special = refute_at(problem, points, upstream, exact.at(at), limit, AT_SPECIAL)
        disproofs += [d for d in special if d.by not in wrong]
    disproofs += _where_it_fails(asked, {d.by for d in disproofs}, limit)
    if all(d.diagnosis.kind not in FORMULAS for d in disproofs):
        asked.proved = POINTS - open_points
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


def _where_it_fails(asked: Asked, known: set[int], limit: float) -> list[Disproof]:
    """Proofs at samples where results fail, for the inputs that have none: a formula may be wrong
    in a region that no other point meets."""
    mode = next(asked.ran(), None)
    if mode is None:
        return []
    problem, samples, found = asked.problem, asked.samples, list[Disproof]()
    for (_, by), own in asked.judged(mode).items():
        at = np.flatnonzero(fails(own.codes))
        at = at[:: max(1, at.size // (TRIED_OF_ROWS if problem.rows else TRIED))]
        if by < 0 or by in known or not at.size:
            continue
        points = [x[at] for x in samples.inputs]
        exact = samples.exact.at(at)
        proofs = refute_at(problem, points, samples.upstream[at], exact, limit, IN_A_REGION)
        found += [d for d in proofs if d.by == by]
    return found


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
