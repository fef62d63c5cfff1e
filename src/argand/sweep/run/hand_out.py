"""Hand jobs to workers: one for each slot at a time, and what failed a second time, alone."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Any, Protocol

from argand.subject import TargetError
from argand.sweep.jobs.job import Job, Outcome, Tile
from argand.sweep.run.processes import Died
from argand.sweep.store.store import Stop

Progress = Callable[[str, int, int], None]  # what was done, how many of how many
LOOK = 2.0  # seconds between two looks at who is still there
MOST = 3  # jobs of one subject that may end their worker twice; its others are then not tried


class Workers(Protocol):
    """Who carries out jobs, at most ``slots`` at once, on machines with ``passports``.

    ``outcome`` raises Died where the worker ended, Stop where no job can succeed any more, and
    otherwise what the job raised.
    """

    @property
    def slots(self) -> int: ...
    @property
    def passports(self) -> list[dict[str, Any]]: ...
    def submit(self, job: Job) -> Future[Outcome]: ...
    def outcome(self, future: Future[Outcome]) -> Outcome: ...
    def stop(self) -> None: ...


@dataclass(frozen=True)
class Failure:
    """A job that could not be carried out, and why."""

    job: str
    reason: str


def carry_out(
    jobs: Sequence[Job], workers: Workers, progress: Progress
) -> tuple[dict[Job, Outcome], list[Failure]]:
    """The outcomes of ``jobs``, and those that failed.

    A job that raises TargetError has failed. One that ends its worker, or raises anything else, is
    tried again while nothing else runs, and has failed if that happens a second time. The others
    go on. Raises Stop as soon as a job does.
    """
    left, again = _by_target(jobs), deque[Job]()
    running: dict[Future[Outcome], Job] = {}
    tried: set[Job] = set()
    deadly: Counter[str] = Counter()
    outcomes: dict[Job, Outcome] = {}
    failures: list[Failure] = []
    made: dict[str, Job] = {}

    def settled(job: Job, reason: str = "") -> None:
        if reason:
            failures.append(Failure(_name(job), " ".join(reason.split())))
        progress(str(job), len(outcomes) + len(failures), len(jobs))

    while left or again or running:
        slots = workers.slots
        room = 0 if again else slots - len(running)
        while left and room > 0:
            job = _next(left, running.values())
            if deadly[job.target] >= MOST:
                settled(job, f"not tried: {MOST} others of {job.target} ended their workers")
                continue
            running[workers.submit(job)] = job
            room -= 1
        if again and not running:
            job = again.popleft()
            running[workers.submit(job)] = job
        for future in wait(running, LOOK, FIRST_COMPLETED).done:
            job = running.pop(future)
            try:
                outcome = workers.outcome(future)
                if outcome.name and made.setdefault(outcome.name, job) != job:
                    raise TargetError(f"{made[outcome.name]} gives a result of the same name")
                outcomes[job] = outcome
            except Stop:
                raise
            except TargetError as error:
                settled(job, str(error))
            except Exception as error:
                if job not in tried:
                    tried.add(job)
                    again.append(job)
                    continue
                if isinstance(error, Died):
                    deadly[job.target] += 1
                    settled(job, f"twice {error}")
                else:
                    settled(job, f"{type(error).__name__}: {error}")
            else:
                settled(job)
    return outcomes, failures


def _by_target(jobs: Sequence[Job]) -> dict[str, deque[Job]]:
    left: dict[str, deque[Job]] = {}
    for job in jobs:
        left.setdefault(job.target, deque()).append(job)
    return left


def _next(left: dict[str, deque[Job]], running: Iterable[Job]) -> Job:
    """Take the next job of the target that has fewest workers. So a worker stays with a target
    while others serve the rest: each worker compiles for itself."""
    busy = Counter(job.target for job in running)
    target = min(left, key=lambda t: busy[t])
    job = left[target].popleft()
    if not left[target]:
        del left[target]
    return job


def _name(job: Job) -> str:
    return f"{job}, rows {job.start} to {job.stop - 1}" if isinstance(job, Tile) else str(job)
