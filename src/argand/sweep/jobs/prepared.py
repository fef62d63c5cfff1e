"""What a worker makes of a subject once, and keeps: its trace, its planes, its compiled probes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache, lru_cache
from typing import Any

import pyarrow as pa

from argand.frontend.runner import Runner
from argand.frontend.trace import trace_gradient, trace_value
from argand.program import Program
from argand.subject import Subject, TargetError
from argand.sweep.jobs.job import Check, Outcome, PlaneJob
from argand.sweep.plane.axes import Plane, make_plane
from argand.sweep.plane.study import Setting, Study
from argand.sweep.store.fingerprint import computing, of_subject
from argand.sweep.store.store import Store
from argand.sweep.store.tables import PLANE
from argand.targets import resolve

Made = tuple[pa.Table, dict[str, Any]]  # a table with its facts, beside those of its plane


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
def truth_of(target: str, dtype: str) -> Program:
    """The subject's plain formula in ``dtype``."""
    subject = find(target)
    return trace_value(subject.plain, subject.input_dtypes(dtype), subject.cores)


@lru_cache(maxsize=64)
def plane_of(study: Study, target: str, dtype: str, setting: Setting | None = None) -> Plane | str:
    """The plane of ``study`` for the subject. Instead of one: in words why the study does not suit
    the subject, or "" where the study does not ask for the dtype."""
    if study.dtypes and dtype not in study.dtypes:
        return ""
    return make_plane(study, find(target), dtype, truth_of(target, dtype), setting)


@lru_cache(maxsize=64)
def programs_of(target: str, variant: str, dtype: str) -> tuple[Program, Program]:
    """What a variant computes: its value and its gradient. Raises TargetError where it raises."""
    subject = find(target)
    fn, dtypes = subject.variants[variant].fn, subject.input_dtypes(dtype)
    forward = trace_value(fn, dtypes, subject.cores)
    return forward, trace_gradient(fn, dtypes, subject.cores)


@lru_cache(maxsize=256)  # XLA compiles once per function and shape
def probe_of(target: str, variant: str, mode: str, device: str) -> Runner:
    """The probe of one of the subject's variants."""
    return Runner(find(target).variants[variant].fn, mode, device)


def kept(
    job: PlaneJob,
    store: Store,
    make: Callable[[str, Plane], Made],
    resolution: int | None = None,
) -> Outcome:
    """The result of ``job``: as the store has it, or what ``make`` returns for the dtype and the
    plane, which is then stored.

    ``resolution``: points along each axis of the plane, the study's where it is None. Raises
    TargetError where the subject or its reference cannot be used, or the study asks for a variant
    that the subject has not.
    """
    subject = find(job.target)
    dtype = subject.dtypes[job.precision]
    study = replace(job.study, resolution=resolution or job.study.resolution)
    plane = plane_of(study, job.target, dtype, job.setting)
    if isinstance(plane, str):
        return Outcome("", "kept", plane)
    _refuse_unknown(job.study, subject)
    name, key = job.place(subject.name, dtype), key_of(job, dtype)
    if store.has(name, key):
        return Outcome(name, "kept")
    table, facts = make(dtype, plane)
    over, setting = f"{plane.x.label}, {plane.y.label}", job.setting
    values = (
        study.name, subject.name, dtype, over, setting.upstream, setting.length, setting.device
    )  # fmt: skip
    store.keep(name, key, table, dict(zip(PLANE, values, strict=True)) | facts)
    return Outcome(name, "made")


def _refuse_unknown(study: Study, subject: Subject) -> None:
    for variant in study.variants:
        if variant not in subject.variants:
            raise TargetError(
                f"study {study.name!r} asks for the variant {variant!r}, but {subject.name} "
                f"has {', '.join(subject.variants)}"
            )


def key_of(job: PlaneJob | Check, *dtypes: str) -> str:
    """A hash of all that the job's result, in ``dtypes``, depends on."""
    functions = [_subject_key(job.target, dtype) for dtype in dtypes]
    parts = (type(job).__name__, computing(job.carried_out_by[0]), functions, asdict(job))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@lru_cache(maxsize=64)
def _subject_key(target: str, dtype: str) -> str:
    return of_subject(find(target), dtype)
