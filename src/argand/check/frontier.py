"""The edge of a failing region: the last float that passes, found by bisection on ordinals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from argand.trial.bisection import bisect
from argand.trial.components import at_places, component_names, normal, places
from argand.trial.problem import Problem
from argand.trial.search import Witness
from argand.trial.trial import Trial
from argand.verdict import passes

AT_ONCE = 15  # places of a line that one round tries: more rounds cost less than more places


@dataclass(frozen=True)
class Frontier:
    """Along ``component``, the others being the witness's: ``passing`` is the last float that
    passes, ``failing`` the next one."""

    component: int
    passing: float
    failing: float

    def describe(self, problem: Problem) -> str:
        """A clause of a message."""
        name = component_names(problem.input_dtypes, problem.cores)[self.component]
        return (
            f"towards the nearest passing result along {name} the last float that passes is "
            f"{self.passing.hex()} ({self.passing!r})"
        )


def frontiers(trial: Trial, witnesses: Sequence[Witness]) -> list[Frontier | None]:
    """The frontier nearest to each witness along a component; None where nothing passes on them."""
    dtypes = trial.problem.component_dtypes
    nearest = [_nearest(trial, w, dtypes) for w in witnesses]
    lines = [(w, *line) for w, line in zip(witnesses, nearest, strict=True) if line is not None]

    def pass_too(still: list[int], asked: list[list[int]]) -> list[np.ndarray]:
        rows, upstream = [], []
        for k, grid in zip(still, asked, strict=True):
            w, component, _, _ = lines[k]
            rows += _moved(w, component, grid, dtypes)
            upstream += [w.upstream] * len(grid)
        judged = trial.at(trial.problem.of_components(rows), np.stack(upstream))
        ends = np.cumsum([len(grid) for grid in asked])[:-1]
        good = {part: np.split(passes(found.codes), ends) for part, found in judged.items()}
        return [good[lines[k][0].part][j] for j, k in enumerate(still)]

    brackets = [(passing, failing) for _, _, passing, failing in lines]
    found = iter(
        bisect(brackets, pass_too, lambda still: max(1, min(AT_ONCE, trial.budget // still)))
    )
    edges: list[Frontier | None] = []
    for line in nearest:
        if line is None:
            edges.append(None)
            continue
        ends = normal(at_places(next(found), dtypes[line[0]]))
        edges.append(Frontier(line[0], float(ends[0]), float(ends[1])))
    return edges


def _moved(
    w: Witness, c: int, there: Sequence[int], dtypes: Sequence[np.dtype]
) -> list[list[float]]:
    """The witness with component ``c`` at each of these ordinals."""
    values = at_places(there, dtypes[c]).tolist()
    return [[*w.components[:c], value, *w.components[c + 1 :]] for value in values]


def _nearest(trial: Trial, w: Witness, dtypes: Sequence[np.dtype]) -> tuple[int, int, int] | None:
    """The first passing point at 2ᵏ ordinals from the witness, over components and signs: the
    component, the passing ordinal, and the last one tried before it."""
    domain = trial.problem.entry_domain
    tries = []
    for c, dtype in enumerate(dtypes):
        here = places(np.array(w.components[c], dtype))[0]
        info = np.finfo(dtype)
        low, high = domain[c] if domain is not None else (float(info.min), float(info.max))
        first, last = places(np.array([low, high], dtype))
        for sign in (1, -1):
            before = here
            for k in range(info.nmant + info.iexp):
                there = min(max(here + sign * 2**k, first), last)
                if there != before:
                    tries.append((k, c, before, there))
                before = there
    tries.sort(key=lambda t: t[0])
    rows = [_moved(w, c, [there], dtypes)[0] for _, c, _, there in tries]
    for start in range(0, len(rows), trial.budget):
        part = rows[start : start + trial.budget]
        upstream = np.repeat(w.upstream[None], len(part), axis=0)
        judged = trial.at(trial.problem.of_components(part), upstream)
        good = np.flatnonzero(passes(judged[w.part].codes))
        if good.size:
            _, c, before, there = tries[start + int(good[0])]
            return c, there, before
    return None
