"""What a worker makes of a subject once, and keeps: its Problems and its planes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache, lru_cache
from typing import Any

import pyarrow as pa

from argand.subject import Subject, TargetError
from argand.sweep.jobs.batches import Batches
from argand.sweep.jobs.job import Check, Outcome, PlaneJob
from argand.sweep.plane.axes import Plane, make_plane
from argand.sweep.store.columns import PLANE
from argand.sweep.store.fingerprint import computing, of_problems
from argand.sweep.store.store import Store
from argand.sweep.study import Setting, Study
from argand.targets import resolve
from argand.trial.problem import Problem
from argand.trial.problems import problems

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


@lru_cache(maxsize=16)
def problems_of(target: str, dtype: str) -> dict[str, Problem]:
    """The Problem of each of the subject's variants in ``dtype``, with its traces and runners."""
    found, _ = problems(find(target), [dtype])
    return {problem.variant: problem for problem in found}


@lru_cache(maxsize=64)
def plane_of(study: Study, target: str, dtype: str, setting: Setting) -> Plane | str:
    """The plane of ``study`` for the subject. Instead of one: in words why the study does not suit
    the subject, or "" where the study does not ask for the dtype."""
    if study.dtypes and dtype not in study.dtypes:
        return ""
    any_variant = next(iter(problems_of(target, dtype).values()))
    return make_plane(study, find(target).inputs, any_variant, setting)


def batches_of(job: PlaneJob) -> Batches:
    """How the job hands samples to TensorFlow."""
    names = tuple(i.name for i in find(job.target).inputs)
    return Batches(names, job.setting.device, job.setting.length)


def asked_of(job: PlaneJob, dtype: str) -> list[tuple[Problem, str]]:
    """(Problem, mode) for each map that the job's study asks for."""
    found = problems_of(job.target, dtype)
    variants = job.study.variants or tuple(found)
    return [(found[variant], mode) for variant in variants for mode in job.study.modes]


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
    return of_problems(problems_of(target, dtype).values())
