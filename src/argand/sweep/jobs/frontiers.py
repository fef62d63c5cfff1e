"""Frontiers: the last float before a map's verdict changes, along axes, diagonals and given rays.

Between two samples of a ray whose verdicts differ, the place is found by bisection on the
ordinals of the one number that moves, so it is exact: the next float has another verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from functools import partial

import numpy as np

from argand.floats import from_ordinals, ordinals, real_dtype
from argand.sweep.jobs.batches import FEW, Judge, Map
from argand.sweep.jobs.certified import compute
from argand.sweep.jobs.job import Frontiers, Outcome
from argand.sweep.jobs.prepared import Made, find, kept, truth_of
from argand.sweep.plane.axes import Axis, Plane
from argand.sweep.store.store import Store
from argand.sweep.store.tables import FRONTIERS, table
from argand.trial.judged import Judged
from argand.verdict import VERDICTS

SAMPLES = FEW  # along a ray: a region that lies between two of them is not seen
FINER = 4  # times as many as along an axis of the plane, where tensors are short, each a call
STEADY = 2  # samples of one verdict in a row: a single one is digits that come and go, no region
MOST = 12  # changes along one ray of one map
PARTS = 8


@dataclass(frozen=True)
class PlaneRay:
    """The line (x + dx·t, y + dy·t) through the plane, for the ``values`` of t: those at which it
    is within the plane. The larger of |dx| and |dy| is 1."""

    name: str
    dx: float
    dy: float
    x: float
    y: float
    values: np.ndarray

    def place(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(x, y) at each t, in its precision."""
        dx, dy, x, y = (t.dtype.type(v) for v in (self.dx, self.dy, self.x, self.y))
        return x + dx * t, y + dy * t


@dataclass(frozen=True)
class Change:
    """Between two samples of ``ray``, in their ordinals, ``of`` passes from one verdict to
    another."""

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
    rows = [on.row(c, place) for c, place in zip(changes, on.bisect(changes), strict=True)]
    return table(rows, FRONTIERS), {}


def rays(plane: Plane, given: Iterable[tuple[float, ...]] = ()) -> list[PlaneRay]:
    """The axes through the origin (or where components rest, or the middle,
    if it is outside), the diagonals, and
    the ``given`` (dx, dy) or (dx, dy, x, y). Where the upstream's size is an axis: the input's
    axis at size 1, and the upstream's with the input at rest."""
    x, y = plane.x, plane.y
    if y.component is None:
        assert x.component is not None
        lines = [(x.label, 1.0, 0.0, 0.0, 1.0), (y.label, 0.0, 1.0, x.component.rest, 0.0)]
    else:
        at = (_through(x), _through(y))
        lines = [(x.label, 1.0, 0.0, 0.0, at[1]), (y.label, 0.0, 1.0, at[0], 0.0)]
        lines += [(f"{x.label} = {y.label}", 1.0, 1.0, 0.0, 0.0)]
        lines += [(f"{x.label} = −{y.label}", 1.0, -1.0, 0.0, 0.0)]
        for ray in given:
            dx, dy, *through = ray
            size = max(abs(dx), abs(dy))
            words = f"({', '.join(f'{v:g}' for v in ray)})"
            x0, y0 = through or (0.0, 0.0)
            lines.append((words, dx / size, dy / size, x0, y0))
    found = [_ray(plane, *line) for line in lines]
    return [ray for ray in found if ray is not None]


def _through(axis: Axis) -> float:
    assert axis.component is not None
    low, high = (float(v) for v in axis.values[[0, -1]])
    places = (0.0, axis.component.rest, low + (high - low) / 2)
    return next(place for place in places if low <= place <= high)


def _ray(plane: Plane, name: str, dx: float, dy: float, x: float, y: float) -> PlaneRay | None:
    """The ray over the part of it that is in the plane; None where none is."""
    low, high = -np.inf, np.inf
    for slope, start, axis in ((dx, x, plane.x), (dy, y, plane.y)):
        ends = axis.values[[0, -1]].astype(np.float64)
        if slope:
            with np.errstate(over="ignore"):
                first, last = sorted((ends - start) / slope)
            low, high = max(low, first), min(high, last)
        elif not ends[0] <= start <= ends[1]:
            return None
    axis = plane.x if abs(dx) == 1 else plane.y
    if not low < high:
        return None
    values = axis.values
    if low > values[0] or high < values[-1]:
        real = values.dtype
        if axis.scale == "linear":
            values = np.linspace(low, high, values.size).astype(real)
        else:
            first, last = (int(p) for p in ordinals(np.array([low, high]).astype(real)))
            steps = range(values.size)
            places = [first + (last - first) * k // (values.size - 1) for k in steps]
            values = from_ordinals(np.array(places), real)
    return PlaneRay(name, dx, dy, x, y, values)


class _Rays:
    """The rays of one plane, and what every variant and mode does on them."""

    def __init__(self, job: Frontiers, plane: Plane, dtype: str) -> None:
        self.plane, self.rays = plane, rays(plane, job.study.rays)
        self.truth = truth_of(job.target, dtype)
        self.real = real_dtype(dtype)
        self.runner = Judge(job.target, job.setting.device, job.setting.length)
        self.places = [
            (variant, mode)
            for variant in job.study.variants or find(job.target).variants
            for mode in job.study.modes
        ]

    def judge(
        self, xs: np.ndarray, ys: np.ndarray, wanted: dict[tuple[str, str], np.ndarray]
    ) -> Iterator[tuple[Map, np.ndarray]]:
        """The verdict codes of the maps of each ``wanted`` (variant, mode) at those of the places
        of the plane that are asked for it."""
        inputs, upstream = self.plane.at(xs, ys)
        exact = compute(self.truth, inputs, upstream, self.plane.output_dtype)
        for (variant, mode), at in wanted.items():
            parts = ([x[at] for x in inputs], upstream[at], exact.at(at))
            for place, found in self.runner.judged(variant, mode, *parts):
                if isinstance(found, Judged):
                    yield place, found.codes

    def changes(self, ray: int) -> Iterator[Change]:
        """Where a steady verdict gives way to another steady one, sample by sample."""
        t = self.rays[ray].values
        at = ordinals(t)
        everywhere = dict.fromkeys(self.places, np.arange(t.size))
        for of, codes in self.judge(*self.rays[ray].place(t), everywhere):
            ends = np.append(np.flatnonzero(np.diff(codes)), codes.size - 1)
            starts = np.concatenate([[0], ends[:-1] + 1])
            steady = ends - starts + 1 >= STEADY
            first, last = starts[steady], ends[steady]
            for end, begin in list(zip(last[:-1], first[1:], strict=True))[:MOST]:
                if codes[end] != codes[begin]:
                    yield Change(of, ray, int(at[end]), int(at[begin]), codes[end], codes[begin])

    def bisect(self, changes: list[Change]) -> list[int]:
        """For each change the last ordinal with the verdict before it. All step together, each
        into PARTS parts: what a call costs is hardly its samples."""
        low = np.array([c.low for c in changes], np.int64)
        high = np.array([c.high for c in changes], np.int64)
        ray = np.array([c.ray for c in changes], np.int64)
        moving = np.flatnonzero(high - low > 1)
        while moving.size:
            first, last = low[moving, None], high[moving, None]
            width = np.maximum(1, -(-(last - first) // PARTS))
            middle = np.minimum(first + width * np.arange(1, PARTS), last)
            asked = np.stack([np.repeat(ray[moving, None], PARTS - 1, 1), middle])
            # Maps of several modes change at the same place: it is asked for once.
            places, which = np.unique(asked.reshape(2, -1), axis=1, return_inverse=True)
            which = which.reshape(middle.shape)
            codes = self._codes([changes[k].of for k in moving], places, which)
            before = np.array([changes[k].before for k in moving])[:, None]
            # Where it raises, it has not the verdict before; nor has the end.
            other = (codes != before) | (middle == last)
            other = np.concatenate([other, np.ones_like(last, bool)], 1)
            stop = np.argmax(other, 1)
            ends = np.concatenate([first, middle, last], 1)
            row = np.arange(moving.size)
            low[moving], high[moving] = ends[row, stop], ends[row, stop + 1]
            moving = np.flatnonzero(high - low > 1)
        return low.tolist()

    def _codes(self, maps: list[Map], places: np.ndarray, which: np.ndarray) -> np.ndarray:
        """The verdict codes of each of ``maps`` at its row of ``which`` of the (ray, ordinal) in
        ``places``; −1 where it raises."""
        t = from_ordinals(places[1], self.real)
        xs, ys = np.empty_like(t), np.empty_like(t)
        for k, ray in enumerate(self.rays):
            on = places[0] == k
            xs[on], ys[on] = ray.place(t[on])
        rows: dict[Map, list[int]] = {}
        for j, of in enumerate(maps):
            rows.setdefault(of, []).append(j)
        wanted: dict[tuple[str, str], np.ndarray] = {}
        for of, own in rows.items():
            earlier = wanted.get((of.variant, of.mode), which[:0])
            wanted[of.variant, of.mode] = np.union1d(earlier, which[own])
        codes = np.full(which.shape, -1, np.int16)
        for of, found in self.judge(xs, ys, wanted):
            if of in rows:
                at = np.searchsorted(wanted[of.variant, of.mode], which[rows[of]])
                codes[rows[of]] = found[at]
        return codes

    def row(self, change: Change, place: int) -> tuple[str | float, ...]:
        """One line of the table."""
        t = from_ordinals(np.array([place]), self.real)
        x, y = (float(part[0]) for part in self.rays[change.ray].place(t))
        before, after = (VERDICTS[code].name for code in (change.before, change.after))
        ray = self.rays[change.ray].name
        return (*astuple(change.of), ray, before, after, x, y, float(t[0]).hex())
