"""Worst cases: from the worst points of a plane's maps a local search climbs, within the plane;
what it ends at is kept with its error, condition number, blame, and how to see it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from argand.floats import hexadecimal
from argand.frontend.runner import RunError
from argand.subject import Subject, TargetError
from argand.sweep.jobs.batches import FEW, Judge, Map
from argand.sweep.jobs.certified import compute
from argand.sweep.jobs.extremes import extremes
from argand.sweep.jobs.job import Outcome, Worst, tiles
from argand.sweep.jobs.prepared import Made, find, kept, probe_of, programs_of, truth_of
from argand.sweep.jobs.tile import sweep_tile
from argand.sweep.plane.axes import Plane
from argand.sweep.store.store import Store
from argand.sweep.store.tables import WORST, table
from argand.trial.blame import Blame, blame
from argand.trial.components import split
from argand.trial.condition import condition
from argand.trial.judged import Judged, Trial
from argand.trial.problem import Case, Domain
from argand.trial.search import CLIMBED, Witness, climb, inputs_of
from argand.verdict import CODE, MAX_ULP

ROUNDS = 4  # of the search, each of at most ``argand.trial.judged.BUDGET`` points


@dataclass(frozen=True)
class Found:
    """The worst case of one map and verdict: one sample, (1,) or of rows (1, entries), of which
    ``entry`` is the worst."""

    of: Map
    verdict: str
    ulp: float
    inputs: list[np.ndarray]
    upstream: np.ndarray
    computed: np.ndarray
    exact: np.ndarray
    entry: int


def find_worst(job: Worst, store: Store) -> Outcome:
    """The worst cases of the plane's maps, kept like a tile. Makes those tiles that are missing."""
    return kept(job, store, partial(_found, job, store))


def _found(job: Worst, store: Store, dtype: str, plane: Plane) -> Made:
    starts = [s for t in tiles(job) for s in store.facts(sweep_tile(t, store).name)["worst"]]
    search = _Search(job, find(job.target), dtype, plane)
    return table([search.row(found) for found in search.worst(starts)], WORST), {}


@dataclass(frozen=True)
class _InPlane(Case):
    """The case within a plane: ``bounds`` of each component, the ends of its axis or its rest."""

    bounds: Domain

    @property
    def entry_domain(self) -> Domain:
        """Where the search may go."""
        return self.bounds


@dataclass
class _Search:
    job: Worst
    subject: Subject
    dtype: str
    plane: Plane
    blamed: dict[tuple[Any, ...], Blame | None] = field(default_factory=dict)

    def worst(self, starts: list[dict[str, Any]]) -> Iterator[Found]:
        """For each map the worst of each verdict, from the tiles' own worst points."""
        places: dict[tuple[str, str], dict[tuple[float, float], None]] = {}
        for s in starts:
            places.setdefault((s["variant"], s["mode"]), {})[s["x"], s["y"]] = None
        for (variant, mode), at in places.items():
            found = self._at(variant, mode, np.array(list(at)))
            yield from self._climbed(variant, mode, found)

    def _at(self, variant: str, mode: str, places: np.ndarray) -> list[Found]:
        xs, ys = places.T.astype(self.plane.x.values.dtype)
        inputs, upstream = self.plane.at(xs, ys)
        exact = compute(
            truth_of(self.job.target, self.dtype), inputs, upstream, self.plane.output_dtype
        )
        setting = self.job.setting
        runner = Judge(self.job.target, setting.device, setting.length)
        return [
            _sample(of, verdict, judged, k, inputs, upstream)
            for of, judged in runner.judged(variant, mode, inputs, upstream, exact)
            if isinstance(judged, Judged)
            for verdict, k in extremes(judged, xs, ys)
        ]

    def _climbed(self, variant: str, mode: str, found: list[Found]) -> list[Found]:
        """Worse ones nearby, of verdicts that the search can compare, where tensors are long."""
        setting = self.job.setting
        moving = [k for k, f in enumerate(found) if f.verdict in CLIMBED]
        if not moving or setting.length:
            return found
        case = _InPlane(
            variant,
            self.subject.variants[variant].fn,
            self.dtype,
            self.plane.input_dtypes,
            truth_of(self.job.target, self.dtype),
            None,
            self.plane.cores,
            self.subject.plain,
            self.plane.bounds,
        )
        probe = probe_of(self.job.target, variant, mode, setting.device)
        trial = Trial(case, mode, FEW, MAX_ULP, probe=probe)
        witnesses = [self._witness(case, found[k]) for k in moving]
        rng = np.random.default_rng(self.job.study.seed)
        try:
            ends = climb(trial, witnesses, ROUNDS, rng)
        except RunError:  # its gradient raises: the value's own worst points stand
            return found
        for k, start, w in zip(moving, witnesses, ends, strict=True):
            if w is not start:
                found[k] = replace(
                    found[k],
                    ulp=w.error,
                    inputs=inputs_of([w.components], trial),
                    computed=w.computed[None],
                    exact=w.exact[None],
                    entry=w.entry,
                )
        return found

    def _witness(self, case: Case, found: Found) -> Witness:
        components = [float(c[0]) for c in split(case.entries(found.inputs))]
        judged = Judged(
            np.array([CODE[found.verdict]]), np.array([found.ulp]), found.computed, found.exact,
            np.array([found.entry]),
        )  # fmt: skip
        part = (found.of.quantity, self._by(found))
        return Witness.seen(part, found.verdict, components, found.upstream[0], judged, 0)

    def _by(self, found: Found) -> int:
        names = [i.name for i in self.subject.inputs]
        return names.index(found.of.by) if found.of.by else -1

    def row(self, found: Found) -> tuple[Any, ...]:
        """One line of the table."""
        by = self._by(found)
        blamed = self._blame(found, by) if found.verdict != "accurate" else None
        truth = truth_of(self.job.target, self.dtype)
        return (
            *astuple(found.of),
            found.verdict,
            found.ulp,
            " ".join(_hexes(found.inputs)),
            *(repr(a[0].tolist()) for a in (found.upstream, found.computed, found.exact)),
            condition(truth, found.inputs, found.upstream, by, found.entry),
            *((blamed.op, blamed.source, blamed.reason) if blamed else ("", "", "")),
            replay_command(self.job.target, self.dtype, found.inputs, found.upstream),
        )

    def _blame(self, found: Found, by: int) -> Blame | None:
        """Once for the modes that end at the same sample."""
        compiled = found.of.mode == "xla"
        key = (found.of.variant, by, compiled, *_hexes([*found.inputs, found.upstream]))
        if key not in self.blamed:
            try:
                programs = programs_of(self.job.target, found.of.variant, self.dtype)
            except TargetError:
                return None
            arguments = found.inputs if by < 0 else [found.upstream, *found.inputs]
            mode = "xla" if compiled else "graph"
            self.blamed[key] = blame(programs[by >= 0], max(by, 0), arguments, mode, MAX_ULP)
        return self.blamed[key]


def _sample(
    of: Map, verdict: str, judged: Judged, k: int, inputs: list[np.ndarray], upstream: np.ndarray
) -> Found:
    one = slice(k, k + 1)
    return Found(
        of, verdict, float(judged.error[k]), [x[one] for x in inputs], upstream[one],
        judged.computed[one], judged.exact[one], int(judged.entry[k]),
    )  # fmt: skip


def _hexes(arrays: list[np.ndarray]) -> list[str]:
    """Every number of one sample, a complex one as re,im."""
    return [",".join(hexadecimal(v)) for x in arrays for v in x.ravel().tolist()]


def replay_command(target: str, dtype: str, inputs: list[np.ndarray], upstream: np.ndarray) -> str:
    """The command that certifies one sample again."""
    at = [f"--at={','.join(_hexes([x]))}" for x in inputs]
    u = f"--upstream={','.join(_hexes([upstream]))}"
    return shlex.join(["argand", "exact", target, f"--dtype={dtype}", *at, u])
