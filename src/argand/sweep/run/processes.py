"""Workers that are processes of this machine."""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from typing import Any

from argand.passport import passport
from argand.sweep.jobs.job import Job, Outcome
from argand.sweep.run.worker import ENDLESS, Work, arrive
from argand.sweep.store.store import Store
from argand.watchdog import LIMIT


class Died(Exception):
    """The worker ended while it ran a job; the message says how."""


class Processes:
    """``slots`` processes, each started when it is first needed and under an executor of its own:
    one that ends takes only its own job with it, and is replaced."""

    def __init__(self, slots: int, store: Store, work: Work) -> None:
        self.slots, self._store, self._work = slots, store, work
        self._idle: list[_Process] = []
        self._busy: dict[Future[Outcome], _Process] = {}

    @property
    def passports(self) -> list[dict[str, Any]]:
        """This machine's."""
        return [passport()]

    def submit(self, job: Job) -> Future[Outcome]:
        """Start ``job``, where its target has been prepared if it can be; at most ``slots`` may run
        at once."""
        self._idle.sort(key=lambda process: process.target == job.target)
        process = self._idle.pop() if self._idle else _Process()
        future = process.submit(self._work, job, self._store)
        self._busy[future] = process
        return future

    def outcome(self, future: Future[Outcome]) -> Outcome:
        """What became of a job that is done. Raises Died, or what the job raised."""
        process = self._busy.pop(future)
        try:
            outcome = future.result()
        except BrokenExecutor as error:
            raise Died(process.end()) from error
        except BaseException:
            self._idle.append(process)
            raise
        self._idle.append(process)
        return outcome

    def stop(self) -> None:
        """End all processes at once; what they had finished is in the store."""
        for process in (*self._idle, *self._busy.values()):
            process.end()


class _Process:
    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(1, context, initializer=arrive)
        self._process: BaseProcess | None = None
        self.target = ""  # of its last job

    def submit(self, work: Work, job: Job, store: Store) -> Future[Outcome]:
        self.target = job.target
        before = multiprocessing.active_children()
        future = self._executor.submit(work, job, store)
        if self._process is None:  # the first job starts it
            (self._process,) = set(multiprocessing.active_children()) - set(before)
        return future

    def end(self) -> str:
        """Make sure that it has ended; in words how."""
        assert self._process is not None
        self._process.kill()
        self._executor.shutdown(cancel_futures=True)
        code = self._process.exitcode
        if code is None:
            return "its process ended"
        if code < 0:
            memory = " (is there enough memory?)" if -code == signal.SIGKILL else ""
            return f"its process was ended by {signal.Signals(-code).name}{memory}"
        if code == ENDLESS:
            return f"a call has not returned after {LIMIT:g} s: it loops or waits"
        return f"its process ended by itself with exit code {code}"
