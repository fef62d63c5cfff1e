"""What a worker makes of a subject once, and keeps: its trace, its grids, its compiled probes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import cache, lru_cache

from argand.frontend.runner import Runner
from argand.frontend.trace import trace_gradient, trace_value
from argand.program import Program
from argand.subject import Subject, TargetError
from argand.sweep.jobs.job import Plane, Worst
from argand.sweep.plane.grid import Grid, make_grid
from argand.sweep.plane.study import Setting, Study
from argand.sweep.store.fingerprint import engine, of_subject, searcher
from argand.targets import resolve


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
def grid_of(study: Study, target: str, dtype: str, setting: Setting | None = None) -> Grid | str:
    """The study's grid for the subject; in words why it does not suit it, "" where the study does
    not ask for the dtype."""
    if study.dtypes and dtype not in study.dtypes:
        return ""
    return make_grid(study, find(target), dtype, truth_of(target, dtype), setting)


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


@lru_cache(maxsize=64)
def _subject_key(target: str, dtype: str) -> str:
    return of_subject(find(target), dtype)


def key_of(job: Plane, dtype: str) -> str:
    """A hash of all that the job's result depends on. Raises TargetError where the study asks for
    a variant that the subject has not."""
    subject = find(job.target)
    for variant in job.study.variants:
        if variant not in subject.variants:
            raise TargetError(
                f"study {job.study.name!r} asks for the variant {variant!r}, but {subject.name} "
                f"has {', '.join(subject.variants)}"
            )
    code = searcher() if isinstance(job, Worst) else engine()
    parts = (type(job).__name__, code, _subject_key(job.target, dtype), asdict(job))
    return hashlib.sha256(repr(parts).encode()).hexdigest()
