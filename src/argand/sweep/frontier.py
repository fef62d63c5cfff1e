"""Frontiers: the last float before a map's verdict changes, along the axes and the diagonals.

Between two samples of a ray whose verdicts differ, the place is found by bisection on the
ordinals of the one number that moves, so it is exact: the next float has another verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from argand.floats import from_ordinals, ordinals, real_dtype
from argand.sweep.grid import Axis, Grid
from argand.sweep.jobs import Frontiers
from argand.sweep.judged import Judged, Map, judged
from argand.sweep.prepared import find, grid_of, key_of, truth_of
from argand.sweep.reference import compute
from argand.sweep.store import Store
from argand.sweep.worker import Outcome
from argand.verdict import VERDICTS

SAMPLES = 2048  # along a ray: a region that lies between two of them is not seen
STEADY = 2  # samples of one verdict in a row: a single one is digits that come and go, no region
MOST = 12  # changes along one ray of one map
_COLUMNS = ("variant", "mode", "quantity", "by", "ray", "before", "after", "x", "y", "hex")


@dataclass(frozen=True)
class Ray:
    """A line through the plane along which one number t moves; ``place`` gives (x, y)."""

    name: str
    axis: Axis
    place: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


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
    """Every frontier of the study's maps of one subject and dtype, kept like a tile."""
    subject, study = find(job.target), job.study
    dtype = subject.dtypes[job.precision]
    grid = grid_of(replace(study, resolution=SAMPLES), job.target, dtype)
    if grid is None:
        return Outcome("", "kept")
    name = f"frontiers/{study.name}/{subject.name}.{dtype}"
    key = key_of(job, dtype)
    if store.has(name, key):
        return Outcome(name, "kept")
    line = _Line(job, grid, dtype)
    changes = [c for k in range(len(line.rays)) for c in line.changes(k)]
    rows = [line.row(c, place) for c, place in zip(changes, line.bisect(changes), strict=True)]
    table = pa.table({c: [row[c] for row in rows] for c in _COLUMNS}, _SCHEMA)
    facts = {"study": study.name, "subject": subject.name, "dtype": dtype}
    store.keep(name, key, table, facts)
    return Outcome(name, "made")


_SCHEMA = pa.schema([(c, pa.float64() if c in "xy" else pa.string()) for c in _COLUMNS])


def rays(grid: Grid) -> list[Ray]:
    """The axes through the origin, and the diagonals. Where the upstream is an axis: the input's
    axis at upstream 1, and the upstream's with the input at rest in its window."""
    x, y = grid.x, grid.y
    swept = y.component is not None
    assert x.component is not None
    x_rest, y_rest = (0.0, 0.0) if swept else (x.component.rest, 1.0)
    found = [
        Ray(x.label, x, lambda t: (t, np.full_like(t, y_rest))),
        Ray(y.label, y, lambda t: (np.full_like(t, x_rest), t)),
    ]
    if swept:
        found.append(Ray(f"{x.label} = {y.label}", x, lambda t: (t, t)))
        found.append(Ray(f"{x.label} = −{y.label}", x, lambda t: (t, -t)))
    return found


class _Line:
    """The rays of one study, subject and dtype, and what every variant and mode does on them."""

    def __init__(self, job: Frontiers, grid: Grid, dtype: str) -> None:
        self.job, self.grid, self.rays = job, grid, rays(grid)
        self.truth = truth_of(job.target, dtype)
        self.real = real_dtype(dtype)
        self.places = [
            (variant, mode)
            for variant in job.study.variants or find(job.target).variants
            for mode in job.study.modes
        ]

    def judge(self, xs: np.ndarray, ys: np.ndarray) -> dict[Map, np.ndarray]:
        """The verdict codes of every map at these places of the plane."""
        inputs, upstream = self.grid.at(xs, ys)
        exact = compute(self.truth, inputs, upstream, self.grid.output_dtype)
        target, device = self.job.target, self.job.study.device
        return {
            place: found.codes
            for variant, mode in self.places
            for place, found in judged(target, variant, mode, device, inputs, upstream, exact)
            if isinstance(found, Judged)
        }

    def changes(self, ray: int) -> list[Change]:
        """Where a steady verdict gives way to another steady one, sample by sample."""
        t = self.rays[ray].axis.values
        at = ordinals(t)
        found = []
        for of, codes in self.judge(*self.rays[ray].place(t)).items():
            ends = np.append(np.flatnonzero(np.diff(codes)), codes.size - 1)
            starts = np.concatenate([[0], ends[:-1] + 1])
            steady = ends - starts + 1 >= STEADY
            first, last = starts[steady], ends[steady]
            for end, begin in list(zip(last[:-1], first[1:], strict=True))[:MOST]:
                if codes[end] != codes[begin]:
                    found.append(
                        Change(of, ray, int(at[end]), int(at[begin]), codes[end], codes[begin])
                    )
        return found

    def bisect(self, changes: list[Change]) -> list[int]:
        """For each change the last ordinal with the verdict before it. As many as a ray has
        samples step together: one call of each variant and mode, of one size, compiled once."""
        return [
            place
            for start in range(0, len(changes), SAMPLES)
            for place in self._bisect(changes[start : start + SAMPLES])
        ]

    def _bisect(self, changes: list[Change]) -> list[int]:
        low = np.array([c.low for c in changes], np.int64)
        high = np.array([c.high for c in changes], np.int64)
        while (high - low > 1).any():
            middle = low + (high - low) // 2
            xs, ys = np.zeros(SAMPLES, self.real), np.zeros(SAMPLES, self.real)
            for k, t in enumerate(from_ordinals(middle, self.real)):
                (xs[k],), (ys[k],) = self.rays[changes[k].ray].place(np.array([t]))
            found = self.judge(xs, ys)
            same = np.array([found[c.of][k] == c.before for k, c in enumerate(changes)])
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        return low.tolist()

    def row(self, change: Change, place: int) -> dict[str, str | float]:
        """One line of the table."""
        t = from_ordinals(np.array([place]), self.real)
        x, y = (float(part[0]) for part in self.rays[change.ray].place(t))
        of = change.of
        values = (
            of.variant, of.mode, of.quantity, of.by, self.rays[change.ray].name,
            VERDICTS[change.before].name, VERDICTS[change.after].name, x, y, float(t[0]).hex(),
        )  # fmt: skip
        return dict(zip(_COLUMNS, values, strict=True))
