"""Frontiers: the last float before a map's verdict changes, along the rays of a plane.

Between two samples of a ray whose verdicts differ, the place is found by bisection on the
ordinals of the one number that moves, so it is exact: the next float has another verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial

import numpy as np

from argand.floats import from_ordinals, ordinals, real_dtype
from argand.sweep.jobs.batches import FEW, Map
from argand.sweep.jobs.job import Frontiers, Outcome
from argand.sweep.jobs.prepared import Made, asked_of, batches_of, kept
from argand.sweep.plane.axes import Plane
from argand.sweep.plane.rays import rays
from argand.sweep.store.columns import FRONTIERS, table
from argand.sweep.store.store import Store
from argand.trial.bisection import bisect
from argand.trial.judged import Judged
from argand.verdict import VERDICTS

SAMPLES = FEW  # along a ray: a region that lies between two of them is not seen
FINER = 4  # times as many as along an axis of the plane, where tensors are short, each a call
STEADY = 2  # samples of one verdict in a row: a single one is digits that come and go, no region
MOST = 12  # changes along one ray of one map
POINTS = 7  # of each change in one round of bisection: what a call costs is hardly its samples


@dataclass(frozen=True)
class Change:
    """Between two samples of the ray of number ``ray``, at the ordinals ``low`` and ``high``, the
    map ``of`` passes from one verdict's code to another."""

    of: Map
    ray: int
    low: int
    high: int
    before: int
    after: int


def find_frontiers(job: Frontiers, store: Store) -> Outcome:
    """Every frontier of the plane's maps, kept like a tile."""
    samples = min(SAMPLES, FINER * job.study.resolution) if job.setting.length else SAMPLES
    return kept(job, store, partial(_found, job), samples)


def _found(job: Frontiers, dtype: str, plane: Plane) -> Made:
    on = _Rays(job, plane, dtype)
    changes = [c for k in range(len(on.rays)) for c in on.changes(k)]
    rows = [on.row(c, last) for c, last in zip(changes, on.last_before(changes), strict=True)]
    return table(rows, FRONTIERS), {}


class _Rays:
    """The rays of one plane, and what every variant and mode does on them."""

    def __init__(self, job: Frontiers, plane: Plane, dtype: str) -> None:
        self.plane, self.rays, self.real = plane, rays(plane, job.study.rays), real_dtype(dtype)
        self.batches = batches_of(job)
        self.asked = {(problem.variant, mode): problem for problem, mode in asked_of(job, dtype)}

    def judge(
        self, xs: np.ndarray, ys: np.ndarray, wanted: Mapping[tuple[str, str], np.ndarray]
    ) -> Iterator[tuple[Map, np.ndarray]]:
        """The verdict codes of the maps of each ``wanted`` (variant, mode), at those of the places
        (xs, ys) whose indices are given with it."""
        inputs, upstream = self.plane.at(xs, ys)
        exact = self.plane.problem.exact(inputs, upstream)
        for (variant, mode), at in wanted.items():
            problem, parts = self.asked[variant, mode], ([x[at] for x in inputs], upstream[at])
            for place, found in self.batches.judged(problem, mode, *parts, exact.at(at)):
                if isinstance(found, Judged):
                    yield place, found.codes

    def changes(self, ray: int) -> Iterator[Change]:
        """Where a steady verdict gives way to another steady one, sample by sample."""
        t = self.rays[ray].values
        at = ordinals(t)
        everywhere = dict.fromkeys(self.asked, np.arange(t.size))
        for of, codes in self.judge(*self.rays[ray].place(t), everywhere):
            ends = np.append(np.flatnonzero(np.diff(codes)), codes.size - 1)
            starts = np.concatenate([[0], ends[:-1] + 1])
            steady = ends - starts + 1 >= STEADY
            first, last = starts[steady], ends[steady]
            for end, begin in list(zip(last[:-1], first[1:], strict=True))[:MOST]:
                if codes[end] != codes[begin]:
                    yield Change(of, ray, int(at[end]), int(at[begin]), codes[end], codes[begin])

    def last_before(self, changes: Sequence[Change]) -> list[int]:
        """For each change the last ordinal with the verdict before it."""

        def as_before(still: list[int], asked: list[list[int]]) -> list[np.ndarray]:
            own = [changes[k] for k in still]
            codes = self._codes(own, asked)
            return [found == c.before for c, found in zip(own, codes, strict=True)]

        brackets = [(c.low, c.high) for c in changes]
        return [first for first, _ in bisect(brackets, as_before, lambda still: POINTS)]

    def _codes(self, changes: Sequence[Change], asked: list[list[int]]) -> list[np.ndarray]:
        """For each change the verdict codes of its map at the ordinals ``asked`` on its ray; −1
        where it raises."""
        pairs = [(c.ray, t) for c, own in zip(changes, asked, strict=True) for t in own]
        # Maps of several modes change at the same place: it is asked for once.
        places, which = np.unique(np.array(pairs).T, axis=1, return_inverse=True)
        rows = np.split(which.ravel(), np.cumsum([len(own) for own in asked])[:-1])
        of_map: dict[Map, list[int]] = {}
        wanted: dict[tuple[str, str], np.ndarray] = {}
        for k, (c, row) in enumerate(zip(changes, rows, strict=True)):
            of_map.setdefault(c.of, []).append(k)
            key = c.of.variant, c.of.mode
            wanted[key] = np.union1d(wanted.get(key, row[:0]), row)
        codes = [np.full(row.size, -1, np.int16) for row in rows]
        for of, found in self.judge(*self._at(places), wanted):
            for k in of_map.get(of, ()):
                codes[k] = found[np.searchsorted(wanted[of.variant, of.mode], rows[k])]
        return codes

    def _at(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(x, y) of ``places``: the numbers of rays, and ordinals on them (2, n)."""
        t = from_ordinals(places[1], self.real)
        xs, ys = np.empty_like(t), np.empty_like(t)
        for k, ray in enumerate(self.rays):
            on = places[0] == k
            xs[on], ys[on] = ray.place(t[on])
        return xs, ys

    def row(self, change: Change, place: int) -> tuple[str | float, ...]:
        """One line of the table."""
        t = from_ordinals(np.array([place]), self.real)
        ray = self.rays[change.ray]
        x, y = (float(part[0]) for part in ray.place(t))
        before, after = (VERDICTS[code].name for code in (change.before, change.after))
        return (*astuple(change.of), ray.name, before, after, x, y, float(t[0]).hex())
