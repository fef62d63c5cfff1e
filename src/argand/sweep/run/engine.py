"""Carry out studies: jobs over workers, resumed by what the store has already."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from argand.commits import commit
from argand.passport import differences
from argand.subject import TargetError
from argand.sweep.jobs.job import Job, Outcome, Tile, jobs
from argand.sweep.run.cluster import Cluster
from argand.sweep.run.hand_out import Failure, Progress, Workers, carry_out
from argand.sweep.run.processes import Processes
from argand.sweep.run.worker import Work, work
from argand.sweep.store.fingerprint import reference_version
from argand.sweep.store.store import Store
from argand.sweep.study import Study


def sweep(
    studies: Sequence[Study],
    folder: Path,
    workers: int | None = None,
    progress: Progress = lambda what, done, total: None,
    scheduler: str | None = None,
) -> Counter[str]:
    """Carry out ``studies`` into ``folder``; what is there already for the same code is kept.

    By ``workers`` processes here (one a core), or by the workers of dask's ``scheduler``, which
    must see the folder too. Returns how many results were ``made`` and ``kept``. Raises
    TargetError where pieces failed, when the others are finished and readable; Stop where the
    folder or all workers are unusable.
    """
    return run(jobs(studies), studies, folder, workers, progress, scheduler, work)


def run(
    todo: Sequence[Job],
    studies: Sequence[Study],
    folder: Path,
    workers: int | None,
    progress: Progress,
    scheduler: str | None,
    work: Work,
) -> Counter[str]:
    """``sweep``, with the jobs of ``studies`` and what carries one out."""
    _refuse_namesakes(todo)
    store = Store(folder.absolute())
    with store.opened():
        with _hired(todo, store, workers, scheduler, work) as hired:
            outcomes, found = carry_out(todo, hired, progress)
            failures = sorted(found, key=lambda f: f.job)
            passports = hired.passports
        store.forget_references(reference_version())
        store.keep_json(
            "manifest", _manifest(studies, _results(outcomes, store), failures, passports)
        )
    if failures:
        others = f", and {len(failures) - 1} more in manifest.json" if len(failures) > 1 else ""
        raise TargetError(
            f"{len(failures)} of {len(todo)} pieces failed: {failures[0].job}: "
            f"{failures[0].reason}{others}; the rest is kept, and sweeping again does only what "
            "is missing"
        )
    return Counter(o.state for o in outcomes.values() if o.name)


def _refuse_namesakes(todo: Sequence[Job]) -> None:
    """Files and tables know a subject by its name alone."""
    named: dict[str, str] = {}
    for target in dict.fromkeys(job.target for job in todo):
        name = target.rpartition(":")[2]
        if name in named:
            raise TargetError(
                f"{named[name]} and {target} are both named {name}; rename one, or sweep them into "
                "two folders with --out"
            )
        named[name] = target


@contextmanager
def _hired(
    todo: Sequence[Job], store: Store, count: int | None, scheduler: str | None, work: Work
) -> Iterator[Workers]:
    """Workers, ended at once whatever happens."""
    if scheduler is None:
        here = Processes(count or _cores(), store, work)
        try:
            yield here
        finally:
            here.stop()
        return
    with store.marked() as marked:
        files = {job.target.rpartition(":")[0] for job in todo if ".py:" in job.target}
        cluster = Cluster(scheduler, marked, work, sorted(files))
        try:
            yield cluster
        finally:
            cluster.stop()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _results(outcomes: Mapping[Job, Outcome], store: Store) -> dict[str, Any]:
    """Each result with the hash of its file; and each plane that a study left out, with the
    reason."""
    names = sorted({o.name for o in outcomes.values() if o.name})
    left_out = {str(j): o.reason for j, o in outcomes.items() if o.reason and isinstance(j, Tile)}
    return {"results": store.hashes(names), "left_out": dict(sorted(left_out.items()))}


def _manifest(
    studies: Sequence[Study],
    results: dict[str, Any],
    failures: Sequence[Failure],
    passports: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """What a reader must know of a sweep. It does not depend on the number of workers; of each
    machine but the first it says how it differs from that."""
    first, *others = passports
    return {
        "format": 2,
        "commit": commit(),
        "passport": first,
        "other_machines": [differences(first, other) for other in others],
        "studies": [json.loads(json.dumps(asdict(study), default=str)) for study in studies],
        **results,
        "failed": [asdict(failure) for failure in failures],
    }
