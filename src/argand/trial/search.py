"""A local search: from the worst sample of a failing verdict towards one that is worse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from argand.trial.components import at_places, normal, places
from argand.trial.domain import Domain
from argand.trial.judged import Judged, Part
from argand.trial.trial import Trial
from argand.verdict import CODE

CLIMBED = ("inaccurate", "wrong", "conjugated", "spurious_underflow", "spurious_overflow")

TRIED = 8  # of a round, whether they count: that takes balls


@dataclass(frozen=True)
class Witness:
    """One point where ``part`` has the verdict ``verdict``, in ``entry`` of it; ``components`` are
    real floats. ``badness`` is what the search increases."""

    part: Part
    verdict: str
    components: list[float]
    upstream: np.ndarray
    computed: np.ndarray
    exact: np.ndarray
    error: float
    entry: int
    badness: float

    @classmethod
    def seen(
        cls,
        part: Part,
        verdict: str,
        components: list[float],
        upstream: np.ndarray,
        judged: Judged,
        k: int,
    ) -> Witness:
        """What sample ``k`` of ``judged`` shows."""
        return cls(
            part, verdict, components, upstream, judged.computed[k], judged.exact[k],
            float(judged.error[k]), int(judged.entry[k]), float(badness(verdict, judged)[k]),
        )  # fmt: skip


def badness(verdict: str, judged: Judged) -> np.ndarray:
    """The measure by which samples of ``verdict`` are compared: the error in ulp; of a result that
    vanished its size, of one that overflowed its smallness. NaN counts as least."""
    error, exact = judged.error, judged.exact_there
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(exact.real), np.abs(exact.imag)).astype(np.float64)
        if verdict == "spurious_underflow":
            measure = np.log2(size)
        elif verdict == "spurious_overflow":
            measure = -np.log2(size)
        else:
            measure = error.astype(np.float64)
    return np.where(np.isnan(measure), -np.inf, measure)


def worst_of(
    verdict: str, judged: Judged, where: np.ndarray, oddity: Callable[[np.ndarray], np.ndarray]
) -> int:
    """The worst of the samples ``where`` (indices), which have ``verdict``, by ``badness``; where
    a verdict has no measure, as NaN has none, the sample of least ``oddity``."""
    if verdict in CLIMBED or verdict == "accurate":
        measure = badness(verdict, judged)[where]
        if np.isfinite(measure).any():
            return int(where[np.argmax(measure)])
    return int(where[np.argmin(oddity(where))])


# Of the samples ``where`` (indices) of a part, given all that is judged at these inputs and
# upstreams, those that count.
Counts = Callable[
    [Part, dict[Part, Judged], Sequence[np.ndarray], np.ndarray, np.ndarray], np.ndarray
]


def climb(
    trial: Trial,
    witnesses: Sequence[Witness],
    rounds: int,
    rng: np.random.Generator,
    counts: Sequence[Counts] = (),
) -> list[Witness]:
    """For each witness a worse one of the same verdict that ``counts``, as far as ``rounds`` find
    one; ``counts`` has a question for each witness, or none."""
    found = list(witnesses)
    moving = [k for k, w in enumerate(found) if w.verdict in CLIMBED]
    dtypes, domain = trial.problem.component_dtypes, trial.problem.entry_domain
    each = trial.budget // max(1, len(moving))
    for _ in range(rounds if moving else 0):
        rows: list[list[float]] = []
        for k in moving:
            rows += _neighbours(found[k].components, dtypes, domain, each, rng)
        upstream = np.repeat(np.stack([found[k].upstream for k in moving]), each, axis=0)
        inputs = trial.problem.of_components(rows)
        judged = trial.at(inputs, upstream)
        for place, k in enumerate(moving):
            part = judged.get(found[k].part)
            if part is None:
                continue
            for best in _worse(found[k], part, slice(place * each, (place + 1) * each)):
                here = (found[k].part, judged, inputs, upstream, np.array([best]))
                if not counts or counts[k](*here).size:
                    at = list(map(float, rows[best]))
                    w = found[k]
                    found[k] = Witness.seen(w.part, w.verdict, at, w.upstream, part, best)
                    break
    return found


def _worse(w: Witness, judged: Judged, share: slice) -> list[int]:
    """The samples in ``share`` that are worse than ``w``, the worst first; at most TRIED."""
    same = judged.codes[share] == CODE[w.verdict]
    measure = np.where(same, badness(w.verdict, judged)[share], -np.inf)
    order = np.argsort(-measure, kind="stable")[:TRIED]
    return [share.start + int(k) for k in order if measure[k] > w.badness]


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
