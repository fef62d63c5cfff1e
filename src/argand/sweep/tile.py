"""One tile of a sweep: the reference once, then every variant in every mode judged against it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from argand.subject import Subject
from argand.sweep.grid import Axis, Grid
from argand.sweep.jobs import Tile
from argand.sweep.judged import Judged, Map, judged
from argand.sweep.prepared import find, grid_of, key_of, truth_of
from argand.sweep.reference import reference
from argand.sweep.store import Store
from argand.sweep.study import Study
from argand.sweep.summary import summarize
from argand.sweep.worker import Outcome
from argand.verdict import VERDICTS

Column = tuple[Map, Judged]


def sweep_tile(job: Tile, store: Store) -> Outcome:
    """Compute the tile and keep it, unless the store has it for the same code and functions.

    Raises TargetError where the subject or its reference cannot be used.
    """
    subject, study = find(job.target), job.study
    dtype = subject.dtypes[job.precision]
    grid = grid_of(study, job.target, dtype)
    if grid is None:
        return Outcome("", "kept")
    name = f"maps/{study.name}/{subject.name}.{dtype}.{job.start:05d}"
    key = key_of(job, dtype)
    if store.has(name, key):
        return Outcome(name, "kept")
    inputs, upstream = grid.samples(slice(job.start, job.stop))
    exact = reference(truth_of(job.target, dtype), inputs, upstream, grid.output_dtype, store)
    columns: list[Column] = []
    errors: list[dict[str, str]] = []
    for variant in study.variants or tuple(subject.variants):
        for mode in study.modes:
            for place, found in judged(
                job.target, variant, mode, study.device, inputs, upstream, exact
            ):
                if isinstance(found, str):
                    errors.append(asdict(place) | {"error": found})
                else:
                    columns.append((place, found))
    y = grid.y.values[job.start : job.stop]
    table = _table(grid.x.values, y, columns)
    facts = _facts(study, subject, dtype, grid) | {"errors": errors, "summary": summarize(table)}
    store.keep(name, key, table, facts)
    return Outcome(name, "made")


def _table(xs: np.ndarray, ys: np.ndarray, columns: list[Column]) -> pa.Table:
    """One row for each point of each map: its coordinates, verdict and normwise error in ulp."""
    size = xs.size * ys.size
    x = np.tile(np.arange(xs.size, dtype=np.int32), ys.size * len(columns))
    y = np.tile(np.repeat(np.arange(ys.size, dtype=np.int32), xs.size), len(columns))

    def labels(name: str) -> pa.DictionaryArray:
        words = [getattr(place, name) for place, _ in columns]
        known = list(dict.fromkeys(words))
        places = np.repeat(np.array([known.index(w) for w in words], np.int32), size)
        return pa.DictionaryArray.from_arrays(places, pa.array(known, pa.string()))

    verdicts = np.concatenate([np.zeros(0, np.uint8), *(found.codes for _, found in columns)])
    ulps = np.concatenate([np.zeros(0), *(found.ulp for _, found in columns)])
    with np.errstate(over="ignore"):
        ulps = ulps.astype(np.float32)  # beyond 3e38 ulp: infinite
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


def _facts(study: Study, subject: Subject, dtype: str, grid: Grid) -> dict[str, Any]:
    def axis(a: Axis) -> dict[str, Any]:
        return {"label": a.label, "scale": a.scale, "points": int(a.values.size)}

    moved = {grid.x.component, grid.y.component}
    return {
        "study": study.name,
        "subject": subject.name,
        "dtype": dtype,
        "x": axis(grid.x),
        "y": axis(grid.y),
        "resting": {c.label: c.rest for c in grid.components if c not in moved},
        "upstream": None if None in moved else str(grid.upstream),
    }
