"""One tile of a sweep: the exact results once, then every variant in every mode judged by them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from argand.sweep.jobs.batches import Map
from argand.sweep.jobs.certified import certified
from argand.sweep.jobs.extremes import extremes
from argand.sweep.jobs.job import Outcome, Tile
from argand.sweep.jobs.prepared import Made, asked_of, batches_of, kept
from argand.sweep.plane.axes import Axis, Plane
from argand.sweep.store.columns import MAP, POINT
from argand.sweep.store.counted import summarize
from argand.sweep.store.store import Store
from argand.verdict import VERDICTS


@dataclass(frozen=True)
class Column:
    """One map's part of a tile: verdict codes and errors in ulp."""

    of: Map
    codes: np.ndarray
    ulp: np.ndarray


def sweep_tile(job: Tile, store: Store) -> Outcome:
    """The tile, computed and kept, unless the store has it for the same code and functions.

    Raises TargetError where the subject or its reference cannot be used.
    """
    return kept(job, store, partial(_judged, job, store))


def _judged(job: Tile, store: Store, dtype: str, plane: Plane) -> Made:
    inputs, upstream = plane.samples(slice(job.start, job.stop))
    exact = certified(plane.problem, inputs, upstream, store)
    batches = batches_of(job)
    rows = plane.y.values[job.start : job.stop]
    ys, xs = (a.ravel() for a in np.meshgrid(rows, plane.x.values, indexing="ij"))
    columns: list[Column] = []
    errors: list[dict[str, str]] = []
    worst: list[dict[str, Any]] = []
    for problem, mode in asked_of(job, dtype):
        for place, found in batches.judged(problem, mode, inputs, upstream, exact):
            if isinstance(found, str):
                errors.append(asdict(place) | {"error": found})
                continue
            with np.errstate(over="ignore"):  # beyond 3e38 ulp: infinite
                columns.append(Column(place, found.codes, found.error.astype(np.float32)))
            worst += [
                asdict(place) | {"x": float(xs[k]), "y": float(ys[k])}
                for _, k in extremes(found, xs, ys)
            ]
    table = _table(plane.x.values, rows, columns)
    moved = {plane.x.component, plane.y.component}
    facts = {
        "x": _axis(plane.x),
        "y": _axis(plane.y),
        "resting": {c.label: c.rest for c in plane.components if c not in moved},
        "errors": errors,
        "worst": worst,
        "summary": summarize(table),
    }
    return table, facts


def _axis(a: Axis) -> dict[str, Any]:
    """What a reader needs to know of an axis."""
    return {"label": a.label, "scale": a.scale, "points": int(a.values.size)}


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
    parts = {name: labels(name) for name in MAP}
    parts["x"] = pa.DictionaryArray.from_arrays(x, pa.array(xs.astype(np.float64)))
    parts["y"] = pa.DictionaryArray.from_arrays(y, pa.array(ys.astype(np.float64)))
    parts["verdict"] = pa.DictionaryArray.from_arrays(verdicts.astype(np.int8), names)
    parts["ulp"] = ulps
    return pa.table({name: parts[name] for name in (*MAP, *POINT)})
