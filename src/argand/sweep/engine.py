"""Carry out studies: jobs over worker processes, resumed by what the store has already."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

from argand.passport import passport
from argand.subject import TargetError
from argand.sweep.commit import commit
from argand.sweep.jobs import Job, Tile, jobs
from argand.sweep.store import Store
from argand.sweep.study import Study
from argand.sweep.worker import Outcome, start, work

Progress = Callable[[str, int, int], None]  # what was done, how many of how many


def sweep(
    studies: Sequence[Study],
    folder: Path,
    workers: int | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Counter[str]:
    """Carry out ``studies`` into ``folder``; what is there already for the same code is kept.

    Returns how many results were ``made`` and ``kept``. Raises TargetError for an unusable
    folder or subject; whatever else could be done is done, and kept, first.
    """
    store = Store(folder)
    store.begin()
    todo = jobs(studies)
    outcomes: list[Outcome] = []
    failures: list[str] = []
    left_out: dict[str, str] = {}
    with ProcessPoolExecutor(
        workers or _cores(), multiprocessing.get_context("spawn"), initializer=start
    ) as executor:
        running: dict[Future[Outcome], Job] = {
            executor.submit(work, job, store): job for job in todo
        }
        try:
            for done, future in enumerate(as_completed(running), 1):
                try:
                    outcome = future.result()
                    outcomes.append(outcome)
                    if outcome.reason and isinstance(running[future], Tile):
                        left_out[str(running[future])] = outcome.reason
                except Exception as error:
                    failures.append(f"{running[future]}: {error}")
                progress(str(running[future]), done, len(todo))
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    if failures:
        raise TargetError(
            f"{len(failures)} of {len(todo)} pieces failed, first {failures[0]}; the rest is kept, "
            "and sweeping again does only what is missing"
        )
    names = sorted(o.name for o in outcomes if o.name)
    store.keep_json(
        "manifest", _manifest(studies, names) | {"left_out": dict(sorted(left_out.items()))}
    )
    return Counter(o.state for o in outcomes if o.name)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _manifest(studies: Sequence[Study], names: list[str]) -> dict[str, Any]:
    return {
        "format": 1,
        "commit": commit(),
        "passport": passport(),
        "studies": [asdict(study) for study in studies],
        "results": names,
    }
