"""Worst cases: from the worst points of a plane's maps a local search climbs, within the plane;
what it ends at is kept with its error, condition number, blame, and how to see it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from argand.frontend.runner import RunError
from argand.subject import TargetError
from argand.sweep.jobs.batches import FEW, Map
from argand.sweep.jobs.extremes import extremes
from argand.sweep.jobs.job import Outcome, Worst, tiles
from argand.sweep.jobs.prepared import Made, batches_of, kept, problems_of
from argand.sweep.jobs.tile import sweep_tile
from argand.sweep.plane.axes import Plane
from argand.sweep.store.columns import WORST, table
from argand.sweep.store.store import Store
from argand.trial.inside.blame import Blame, blame
from argand.trial.inside.condition import condition
from argand.trial.judged import Judged
from argand.trial.problem import Problem
from argand.trial.search import Witness, climb
from argand.trial.trial import Trial
from argand.trial.written import pairs, replay_command, text
from argand.verdict import MAX_ULP

ROUNDS = 4  # of the search, each of at most ``argand.trial.trial.BUDGET`` points


@dataclass(frozen=True)
class Found:
    """The worst case of one map and verdict, with its ``inputs``, of one sample (1, *core)."""

    of: Map
    witness: Witness
    inputs: list[np.ndarray]

    @property
    def upstream(self) -> np.ndarray:
        """Its upstream (1, *core)."""
        return self.witness.upstream[None]


def find_worst(job: Worst, store: Store) -> Outcome:
    """The worst cases of the plane's maps, kept like a tile. Makes those tiles that are missing."""
    return kept(job, store, partial(_found, job, store))


def _found(job: Worst, store: Store, dtype: str, plane: Plane) -> Made:
    starts = [s for t in tiles(job) for s in store.facts(sweep_tile(t, store).name)["worst"]]
    search = _Search(job, dtype, plane)
    return table([search.row(found) for found in search.worst(starts)], WORST), {}


@dataclass
class _Search:
    job: Worst
    dtype: str
    plane: Plane
    blamed: dict[tuple[Any, ...], Blame | None] = field(default_factory=dict)

    def worst(self, starts: list[dict[str, Any]]) -> Iterator[Found]:
        """For each map the worst of each verdict, from the tiles' own worst points."""
        places: dict[tuple[str, str], dict[tuple[float, float], None]] = {}
        for s in starts:
            places.setdefault((s["variant"], s["mode"]), {})[s["x"], s["y"]] = None
        for (variant, mode), at in places.items():
            problem = problems_of(self.job.target, self.dtype)[variant]
            yield from self._climbed(problem, mode, self._at(problem, mode, np.array(list(at))))

    def _at(self, problem: Problem, mode: str, places: np.ndarray) -> list[Found]:
        """The worst of each map and verdict at ``places`` (n, 2) of the plane."""
        xs, ys = places.T.astype(self.plane.x.values.dtype)
        inputs, upstream = self.plane.at(xs, ys)
        exact = problem.exact(inputs, upstream)
        components = problem.components(inputs)
        batches, found = batches_of(self.job), []
        for of, judged in batches.judged(problem, mode, inputs, upstream, exact):
            if not isinstance(judged, Judged):
                continue
            part = (of.quantity, batches.inputs.index(of.by) if of.by else -1)
            for verdict, k in extremes(judged, xs, ys):
                at = [float(c[k]) for c in components]
                seen = Witness.seen(part, verdict, at, upstream[k], judged, k)
                found.append(Found(of, seen, [x[k : k + 1] for x in inputs]))
        return found

    def _climbed(self, problem: Problem, mode: str, found: list[Found]) -> list[Found]:
        """Worse ones nearby, of verdicts that the search can compare, where tensors are long."""
        if self.job.setting.length:
            return found
        bounded = replace(problem, bounds=self.plane.bounds)
        trial = Trial(bounded, mode, FEW, MAX_ULP, device=self.job.setting.device)
        rng = np.random.default_rng(self.job.study.seed)
        try:
            ends = climb(trial, [f.witness for f in found], ROUNDS, rng)
        except RunError:  # its gradient raises: the value's own worst points stand
            return found
        return [
            f if w is f.witness else Found(f.of, w, problem.of_components([w.components]))
            for f, w in zip(found, ends, strict=True)
        ]

    def row(self, found: Found) -> tuple[Any, ...]:
        """One line of the table."""
        w, upstream = found.witness, found.upstream
        by = w.part[1]
        blamed = self._blame(found, by) if w.verdict != "accurate" else None
        numbers = [pairs(x) for x in found.inputs]
        at, u = (",".join(own) for own in numbers), ",".join(pairs(upstream))
        return (
            *astuple(found.of),
            w.verdict,
            w.error,
            " ".join(number for own in numbers for number in own),
            *(text(a) for a in (w.upstream, w.computed, w.exact)),
            condition(self.plane.problem.truth, found.inputs, upstream, by, w.entry),
            *((blamed.op, blamed.source, blamed.reason) if blamed else ("", "", "")),
            replay_command(self.job.target, self.dtype, at, u),
        )

    def _blame(self, found: Found, by: int) -> Blame | None:
        """Once for the modes that end at the same sample."""
        mode = "xla" if found.of.mode == "xla" else "graph"
        arguments = [found.upstream, *found.inputs]
        key = (found.of.variant, by, mode, *(tuple(pairs(a)) for a in arguments))
        if key not in self.blamed:
            problem = problems_of(self.job.target, self.dtype)[found.of.variant]
            try:
                backward = problem.backward  # without one, nobody is blamed for the value either
            except TargetError:
                return None
            program, given = (problem.forward, found.inputs) if by < 0 else (backward, arguments)
            self.blamed[key] = blame(program, max(by, 0), given, mode, MAX_ULP)
        return self.blamed[key]
