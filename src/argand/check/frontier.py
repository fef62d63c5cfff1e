"""The edge of a failing region: the last float that passes, found by bisection on ordinals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from argand.trial.components import at_places, component_dtypes, component_names, normal, places
from argand.trial.judged import Trial, passes
from argand.trial.problem import Case
from argand.trial.search import Witness, inputs_of


@dataclass(frozen=True)
class Edge:
    """Along ``component``, the others being the witness's: ``passing`` is the last float that
    passes, ``failing`` the next one."""

    component: int
    passing: float
    failing: float

    def describe(self, case: Case) -> str:
        """A clause of a message."""
        name = component_names(case.input_dtypes, case.cores)[self.component]
        return (
            f"towards the nearest passing result along {name} the last float that passes is "
            f"{self.passing.hex()} ({self.passing!r})"
        )


@dataclass
class _Line:
    """From an ordinal that fails to one that passes, along one component."""

    component: int
    failing: int
    passing: int


def frontiers(trial: Trial, witnesses: Sequence[Witness]) -> list[Edge | None]:
    """The edge nearest to each witness along a component; None where nothing passes on them."""
    dtypes = component_dtypes(trial.case.entry_dtypes)
    lines = [_nearest(trial, w, dtypes) for w in witnesses]
    open_ = [k for k, line in enumerate(lines) if line is not None and _gap(line) > 1]
    while open_:
        each = max(1, trial.budget // len(open_))
        rows, upstream, grids = [], [], []
        for k in open_:
            line = lines[k]
            assert line is not None
            n = min(each, _gap(line) - 1)
            grid = [
                line.failing + (line.passing - line.failing) * (j + 1) // (n + 1) for j in range(n)
            ]
            grids.append(grid)
            rows += _moved(witnesses[k], line.component, grid, dtypes)
            upstream += [witnesses[k].upstream] * n
        judged = trial.at(inputs_of(rows, trial), np.stack(upstream))
        start, still = 0, []
        for k, grid in zip(open_, grids, strict=True):
            line, w = lines[k], witnesses[k]
            assert line is not None
            good = passes(judged[w.part].codes[start : start + len(grid)])
            start += len(grid)
            bad = np.flatnonzero(~good)
            last = int(bad[-1]) if bad.size else -1  # from there on everything passes
            before = grid[last] if last >= 0 else line.failing
            after = grid[last + 1] if last + 1 < len(grid) else line.passing
            line.failing, line.passing = before, after
            if _gap(line) > 1:
                still.append(k)
        open_ = still
    edges: list[Edge | None] = []
    for line in lines:
        if line is None:
            edges.append(None)
            continue
        ends = normal(at_places([line.passing, line.failing], dtypes[line.component]))
        edges.append(Edge(line.component, float(ends[0]), float(ends[1])))
    return edges


def _gap(line: _Line) -> int:
    return abs(line.passing - line.failing)


def _moved(
    w: Witness, c: int, there: Sequence[int], dtypes: Sequence[np.dtype]
) -> list[list[float]]:
    """The witness with component ``c`` at each of these ordinals."""
    values = at_places(there, dtypes[c]).tolist()
    return [[*w.components[:c], value, *w.components[c + 1 :]] for value in values]


def _nearest(trial: Trial, w: Witness, dtypes: Sequence[np.dtype]) -> _Line | None:
    """The first passing point at 2ᵏ ordinals from the witness, over components and signs."""
    domain = trial.case.entry_domain
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
        judged = trial.at(inputs_of(part, trial), np.repeat(w.upstream[None], len(part), axis=0))
        good = np.flatnonzero(passes(judged[w.part].codes))
        if good.size:
            _, c, before, there = tries[start + int(good[0])]
            return _Line(c, before, there)
    return None
