"""One tile of a sweep: the reference once, then every variant in every mode judged against it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from argand.subject import Subject
from argand.sweep.jobs.extremes import extremes
from argand.sweep.jobs.job import Plane, Tile, place_of
from argand.sweep.jobs.judged import Judge, Map
from argand.sweep.jobs.prepared import find, grid_of, key_of, truth_of
from argand.sweep.jobs.reference import reference
from argand.sweep.plane.grid import Axis, Grid
from argand.sweep.run.worker import Outcome
from argand.sweep.store.store import Store
from argand.sweep.store.summary import summarize
from argand.verdict import VERDICTS


@dataclass(frozen=True)
class Column:
    """One map's part of a tile: verdict codes and errors in ulp."""

    of: Map
    codes: np.ndarray
    ulp: np.ndarray


def sweep_tile(job: Tile, store: Store) -> Outcome:
    """Compute the tile and keep it, unless the store has it for the same code and functions.

    Raises TargetError where the subject or its reference cannot be used.
    """
    subject, study, setting = find(job.target), job.study, job.setting
    dtype = subject.dtypes[job.precision]
    grid = grid_of(study, job.target, dtype, setting)
    if isinstance(grid, str):
        return Outcome("", "kept", grid)
    name = f"{place_of('maps', job, subject.name, dtype)}.{job.start:05d}"
    key = key_of(job, dtype)
    if store.has(name, key):
        return Outcome(name, "kept")
    inputs, upstream = grid.samples(slice(job.start, job.stop))
    exact = reference(truth_of(job.target, dtype), inputs, upstream, grid.output_dtype, store)
    runner = Judge(job.target, setting.device, setting.length)
    rows = grid.y.values[job.start : job.stop]
    ys, xs = (a.ravel() for a in np.meshgrid(rows, grid.x.values, indexing="ij"))
    columns: list[Column] = []
    errors: list[dict[str, str]] = []
    worst: list[dict[str, Any]] = []
    for variant in study.variants or tuple(subject.variants):
        for mode in study.modes:
            for place, found in runner.judged(variant, mode, inputs, upstream, exact):
                if isinstance(found, str):
                    errors.append(asdict(place) | {"error": found})
                    continue
                with np.errstate(over="ignore"):  # beyond 3e38 ulp: infinite
                    columns.append(Column(place, found.codes, found.error.astype(np.float32)))
                worst += [
                    asdict(place) | {"x": float(xs[k]), "y": float(ys[k])}
                    for _, k in extremes(found, xs, ys)
                ]
    table = _table(grid.x.values, rows, columns)
    more = {"errors": errors, "worst": worst, "summary": summarize(table)}
    store.keep(name, key, table, facts_of(job, subject, dtype, grid) | more)
    return Outcome(name, "made")


def _table(xs: np.ndarray, ys: np.ndarray, columns: list[Column]) -> pa.Table:
    """One row for each point of each map: its coordinates, verdict and normwise error in ulp."""
    size = xs.size * ys.size
    x = np.tile(np.arange(xs.size, dtype=np.int32), ys.size * len(columns))
    y = np.tile(np.repeat(np.arange(ys.size, dtype=np.int32), xs.size), len(columns))

    def labels(name: str) -> pa.DictionaryArray:
        words = [getattr(column.of, name) for column in columns]
        known = list(dict.fromkeys(words))
        places = np.repeat(np.array([known.index(w) for w in words], np.int32), size)
        return pa.DictionaryArray.from_arrays(places, pa.array(known, pa.string()))

    verdicts = np.concatenate([np.zeros(0, np.uint8), *(column.codes for column in columns)])
    ulps = np.concatenate([np.zeros(0, np.float32), *(column.ulp for column in columns)])
    names = pa.array([v.name for v in VERDICTS])
    return pa.table(
        {
            **{name: labels(name) for name in ("variant", "mode", "quantity", "by")},
            "x": pa.DictionaryArray.from_arrays(x, pa.array(xs.astype(np.float64))),
            "y": pa.DictionaryArray.from_arrays(y, pa.array(ys.astype(np.float64))),
            "verdict": pa.DictionaryArray.from_arrays(verdicts.astype(np.int8), names),
            "ulp": ulps,
        }
    )


def facts_of(plane: Plane, subject: Subject, dtype: str, grid: Grid) -> dict[str, Any]:
    """What a reader needs to know of a plane: which it is, its axes, and where the rest rests."""

    def axis(a: Axis) -> dict[str, Any]:
        return {"label": a.label, "scale": a.scale, "points": int(a.values.size)}

    moved = {grid.x.component, grid.y.component}
    return {
        **plane_of(plane, subject, dtype, grid),
        "x": axis(grid.x),
        "y": axis(grid.y),
        "resting": {c.label: c.rest for c in grid.components if c not in moved},
    }


def plane_of(plane: Plane, subject: Subject, dtype: str, grid: Grid) -> dict[str, Any]:
    """What tells a plane from every other, as columns of tables."""
    return {
        "study": plane.study.name,
        "subject": subject.name,
        "dtype": dtype,
        "over": f"{grid.x.label}, {grid.y.label}",
        "upstream": plane.setting.upstream,
        "length": plane.setting.length,
        "device": plane.setting.device,
    }
