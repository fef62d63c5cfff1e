"""A local search: from the worst sample of a failing verdict towards one that is worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from argand.check.case import Domain
from argand.check.components import at_places, component_dtypes, join, normal, places
from argand.check.trial import Judged, Part, Trial
from argand.verdict import CODE

CLIMBED = ("inaccurate", "wrong", "conjugated", "spurious_underflow", "spurious_overflow")


@dataclass
class Witness:
    """One point where ``part`` has the verdict ``verdict``; ``components`` are real floats."""

    part: Part
    verdict: str
    components: list[float]
    upstream: complex | float
    computed: complex | float
    exact: complex | float
    error: float

    @property
    def badness(self) -> float:
        """What the search increases: the error in ulp; of a result that vanished its size, of one
        that overflowed its smallness."""
        return float(badness(self.verdict, np.array([self.error]), np.array([self.exact]))[0])


def badness(verdict: str, error: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """The measure by which witnesses of ``verdict`` are compared; NaN counts as least."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(exact.real), np.abs(exact.imag)).astype(np.float64)
        if verdict == "spurious_underflow":
            measure = np.log2(size)
        elif verdict == "spurious_overflow":
            measure = -np.log2(size)
        else:
            measure = error.astype(np.float64)
    return np.where(np.isnan(measure), -np.inf, measure)


def climb(
    trial: Trial,
    witnesses: Sequence[Witness],
    domain: Domain | None,
    rounds: int,
    rng: np.random.Generator,
) -> None:
    """Replace each witness by a worse one of the same verdict, as far as ``rounds`` find one."""
    moving = [w for w in witnesses if w.verdict in CLIMBED]
    dtypes = component_dtypes(trial.case.input_dtypes)
    each = trial.budget // max(1, len(moving))
    for _ in range(rounds if moving else 0):
        rows: list[list[float]] = []
        for w in moving:
            rows += _neighbours(w.components, dtypes, domain, each, rng)
        upstream = np.repeat(np.array([w.upstream for w in moving], trial.case.output_dtype), each)
        judged = trial.at(inputs_of(rows, trial), upstream)
        for k, w in enumerate(moving):
            if w.part in judged:
                _improve(w, judged[w.part], slice(k * each, (k + 1) * each), rows)


def inputs_of(rows: Sequence[Sequence[float]], trial: Trial) -> list[np.ndarray]:
    """The inputs, arrays (n,), whose components are the rows."""
    dtypes = component_dtypes(trial.case.input_dtypes)
    parts = [np.array([row[c] for row in rows], d) for c, d in enumerate(dtypes)]
    return join(parts, trial.case.input_dtypes)


def _improve(w: Witness, judged: Judged, share: slice, rows: list[list[float]]) -> None:
    same = judged.codes[share] == CODE[w.verdict]
    measure = badness(w.verdict, judged.error[share], judged.exact[share])
    best = int(np.argmax(np.where(same, measure, -np.inf)))
    if same[best] and measure[best] > w.badness:
        k = share.start + best
        w.components = [float(x) for x in rows[k]]
        w.computed, w.exact = judged.computed[k].item(), judged.exact[k].item()
        w.error = float(judged.error[k])


def _neighbours(
    components: Sequence[float],
    dtypes: Sequence[np.dtype],
    domain: Domain | None,
    n: int,
    rng: np.random.Generator,
) -> list[list[float]]:
    """Points around one: some components move by 2ᵏ ordinals, k random up to 16 octaves."""
    columns = []
    moves = rng.uniform(0, 1, (len(dtypes), n)) < 0.7
    for c, (x, dtype) in enumerate(zip(components, dtypes, strict=True)):
        info = np.finfo(dtype)
        here = places(np.array(x, dtype))[0]
        steps = np.exp2(rng.uniform(0, info.nmant + 4, n)) * rng.choice([-1.0, 1.0], n)
        there = [here + (int(s) if m else 0) for s, m in zip(steps, moves[c], strict=True)]
        column = at_places(there, dtype)
        if domain is not None:
            column = np.clip(column, *np.array(domain[c], dtype))
        columns.append(normal(column).tolist())
    return [list(row) for row in zip(*columns, strict=True)]
