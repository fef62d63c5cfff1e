"""One tile of a sweep: the reference once, then every variant in every mode judged against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from argand.probe import Probe, ProbeError
from argand.subject import Subject, TargetError, resolve
from argand.sweep.fingerprint import engine, of_subject
from argand.sweep.grid import Axis, Grid, make_grid
from argand.sweep.jobs import Tile
from argand.sweep.reference import reference
from argand.sweep.store import Store
from argand.sweep.study import Study
from argand.sweep.worker import Outcome
from argand.trace import Program, trace_value
from argand.verdict import VERDICTS, judge


@dataclass(frozen=True)
class Map:
    """One result that a tile is swept for; ``by`` is the input of a gradient, else empty."""

    variant: str
    mode: str
    quantity: str
    by: str


Column = tuple[Map, np.ndarray, np.ndarray]  # verdict codes and errors, flat, row after row


def sweep_tile(job: Tile, store: Store) -> Outcome:
    """Compute the tile and keep it, unless the store has it for the same code and functions.

    Raises TargetError where the subject or its reference cannot be used.
    """
    subject, study = find(job.target), job.study
    dtype = subject.dtypes[job.precision]
    if study.dtypes and dtype not in study.dtypes:
        return Outcome("", "kept")
    truth = _truth(job.target, dtype)
    grid = _grid(study, job.target, dtype)
    if grid is None:
        return Outcome("", "kept")
    name = f"{study.name}/{subject.name}.{dtype}.{job.start:05d}"
    key = _key(job, subject, dtype)
    if store.has(name, key):
        return Outcome(name, "kept")
    inputs, upstream = grid.samples(slice(job.start, job.stop))
    exact = reference(truth, inputs, upstream, grid.output_dtype, store)
    columns: list[Column] = []
    errors: list[dict[str, str]] = []
    for variant in study.variants or tuple(subject.variants):
        for mode in study.modes:
            for quantity, by, computed in _results(job, variant, mode, inputs, upstream):
                right = exact.value if by < 0 else exact.vjp[by]
                place = Map(variant, mode, quantity, subject.inputs[by].name if by >= 0 else "")
                if not isinstance(computed, str):
                    computed = _misfit(computed, right) or computed
                if isinstance(computed, str):
                    errors.append(asdict(place) | {"error": computed})
                else:
                    columns.append(
                        (place, *judge(computed, right, exact.certified, undefined=exact.undefined))
                    )
    y = grid.y.values[job.start : job.stop]
    facts = _facts(study, subject, dtype, grid) | {"errors": errors}
    store.keep(name, key, _table(grid.x.values, y, columns), facts)
    return Outcome(name, "made")


@cache
def find(target: str) -> Subject:
    """The Subject that ``target`` names. Raises TargetError for anything else."""
    found = resolve(target)
    if not isinstance(found, Subject):
        raise TargetError(
            f"{target} is a {type(found).__name__}, not a subject; declare it with @argand.subject"
        )
    return found


@lru_cache(maxsize=64)
def _truth(target: str, dtype: str) -> Program:
    subject = find(target)
    return trace_value(subject.plain, subject.input_dtypes(dtype))


@lru_cache(maxsize=64)
def _grid(study: Study, target: str, dtype: str) -> Grid | None:
    return make_grid(study, find(target), dtype, _truth(target, dtype))


@lru_cache(maxsize=256)  # XLA compiles once per function and shape
def _probe(target: str, variant: str, mode: str, device: str) -> Probe:
    return Probe(find(target).variants[variant].fn, mode, device)


@lru_cache(maxsize=64)
def _subject_key(target: str, dtype: str) -> str:
    return of_subject(find(target), dtype)


def _key(job: Tile, subject: Subject, dtype: str) -> str:
    for variant in job.study.variants:
        if variant not in subject.variants:
            raise TargetError(
                f"study {job.study.name!r} asks for the variant {variant!r}, but {subject.name} "
                f"has {', '.join(subject.variants)}"
            )
    parts = (engine(), _subject_key(job.target, dtype), asdict(job))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _results(
    job: Tile, variant: str, mode: str, inputs: list[np.ndarray], upstream: np.ndarray
) -> Iterator[tuple[str, int, np.ndarray | str]]:
    """(quantity, input by which, what was computed or how it raised)."""
    probe = _probe(job.target, variant, mode, job.study.device)
    try:
        result = probe(inputs, upstream)
    except ProbeError as error:
        try:
            yield "value", -1, probe.value(inputs)
        except ProbeError as value_error:
            yield "value", -1, str(value_error)
        for i in range(len(inputs)):
            yield "gradient", i, str(error)
        return
    yield "value", -1, result.value
    for i, gradient in enumerate(result.gradients):
        yield "gradient", i, "no gradient (None)" if gradient is None else gradient


def _misfit(computed: np.ndarray, exact: np.ndarray) -> str | None:
    if computed.dtype != exact.dtype:
        return f"it is {computed.dtype}, not {exact.dtype}"
    if computed.shape != exact.shape:
        return f"it has shape {list(computed.shape)}, not {list(exact.shape)}"
    return None


def _table(xs: np.ndarray, ys: np.ndarray, columns: list[Column]) -> pa.Table:
    """One row for each point of each map: its coordinates, verdict and normwise error in ulp."""
    size = xs.size * ys.size
    x = np.tile(np.arange(xs.size, dtype=np.int32), ys.size * len(columns))
    y = np.tile(np.repeat(np.arange(ys.size, dtype=np.int32), xs.size), len(columns))

    def labels(name: str) -> pa.DictionaryArray:
        words = [getattr(place, name) for place, _, _ in columns]
        known = list(dict.fromkeys(words))
        places = np.repeat(np.array([known.index(w) for w in words], np.int32), size)
        return pa.DictionaryArray.from_arrays(places, pa.array(known, pa.string()))

    verdicts = np.concatenate([np.zeros(0, np.uint8), *(codes for _, codes, _ in columns)])
    ulps = np.concatenate([np.zeros(0), *(ulp for _, _, ulp in columns)])
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
