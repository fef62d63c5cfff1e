"""Jobs that cost a hundredth of a second, for what is true of any job: an engine whose workers
need no TensorFlow. As a program: ``cheap.py FOLDER WORKERS`` sweeps them."""

import hashlib
import os
import sys
import time
from pathlib import Path

import pyarrow as pa

from argand.subject import TargetError
from argand.sweep.jobs.job import Outcome, Tile
from argand.sweep.run.engine import run
from argand.sweep.store.store import Store
from argand.sweep.study import Study

STUDY = Study(scale="window", name="cheap")
JOBS = 120


def tiles(target="right", count=JOBS):
    """``count`` jobs; ``target`` says what becomes of each, see ``work``."""
    return [Tile(study=STUDY, target=target, precision=1, start=k, stop=k + 1)
            for k in range(count)]  # fmt: skip


def work(job, store: Store) -> Outcome:
    """Keep a table that only the job determines; or end the process, raise, … as it is told."""
    name = f"maps/cheap/{job.target.replace('alias', 'right')}.{job.start:05d}"
    key = hashlib.sha256(repr((job.target, job.start)).encode()).hexdigest()
    if store.has(name, key):
        return Outcome(name, "kept")
    if job.target == "ends":
        os._exit(7)
    if job.target == "leaves":
        os._exit(0)
    if job.target == "kills":
        os.kill(os.getpid(), 9)
    if job.target == "raises":
        raise MemoryError("too large")
    if job.target == "refuses":
        raise TargetError("cannot be used")
    if job.target == "once":  # ends its worker, but not the next one
        seen = store.folder.parent / f"seen-{job.start}"
        if not seen.exists():
            seen.touch()
            os._exit(7)
    time.sleep(0.01)
    numbers = [hash((job.start, k)) % 1000 / 7 for k in range(2000)]
    store.keep(name, key, pa.table({"numbers": numbers}), {"errors": [], "summary": []})
    if log := os.environ.get("CHEAP_LOG"):
        with Path(log).open("a") as file:
            file.write(f"{name}\n")
    return Outcome(name, "made")


def sweep(folder, jobs, workers=2, scheduler=None, progress=lambda what, done, total: None):
    """The engine's run over ``jobs``."""
    return run(jobs, [STUDY], Path(folder), workers, progress, scheduler, work)


if __name__ == "__main__":
    sweep(sys.argv[1], tiles(), int(sys.argv[2]),
          progress=lambda what, done, total: print(done, flush=True))  # fmt: skip
