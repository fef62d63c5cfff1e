"""Workers of a dask.distributed scheduler, on this machine or others."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

from argand.passport import passport
from argand.sweep.jobs.job import MODULES, Job, Outcome
from argand.sweep.run.processes import Died
from argand.sweep.run.worker import Work
from argand.sweep.store.fingerprint import software
from argand.sweep.store.store import Stop, Store

PATIENCE = 10  # seconds for the scheduler to answer, and for its first worker
ALONE = 60  # seconds that no worker may be there: dask starts a new one where one has died


class Cluster:
    """The workers of the scheduler at ``address``. ``passports``: of their machines, each once.

    Raises Stop where the scheduler does not answer or has no workers, and where a worker has
    another argand, or does not see the store's folder or one of ``files``, which hold subjects.
    """

    def __init__(self, address: str, store: Store, work: Work, files: Sequence[str]) -> None:
        try:
            from distributed import Client, KilledWorker
        except ImportError as error:
            raise Stop(
                "--scheduler needs dask.distributed; pip install 'argand[distributed]'"
            ) from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say it in one line
        self._address, self._store, self._work, self._killed = address, store, work, KilledWorker
        try:
            asyncio.run(_knock(address))
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise Stop(
                f"no scheduler answers at {address}; start one with dask scheduler, and workers "
                "with dask worker --nthreads 1"
            ) from error
        try:
            self.passports = self._meet(files)
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False)
        self._seen = time.monotonic()  # a worker

    def _meet(self, files: Sequence[str]) -> list[dict[str, Any]]:
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise Stop(
                f"the scheduler at {self._address} has no workers; start some with "
                f"dask worker --nthreads 1 {self._address}"
            ) from error
        try:
            answers = self._client.run(introduce, self._store, files, on_error="return")
        except Exception as error:
            answers = {self._address: error}
        mine, passports = software(*MODULES), []
        for worker, answer in answers.items():
            if isinstance(answer, Stop):
                raise Stop(f"worker {worker}: {answer}")
            if isinstance(answer, BaseException):
                raise Stop(
                    f"worker {worker} cannot run argand ({type(answer).__name__}: {answer}); "
                    "install the same argand there as here"
                )
            theirs, of = answer
            if theirs != mine:
                raise Stop(
                    f"worker {worker} has another argand, TensorFlow, NumPy or python-flint than "
                    "is here; install the same"
                )
            if of not in passports:
                passports.append(of)
        return passports

    @property
    def slots(self) -> int:
        """How many jobs may run at once: as many as the workers have threads. Raises Stop where
        the scheduler is gone, or has had no worker for ALONE seconds."""
        try:
            threads: int = sum(self._client.nthreads().values())
        except OSError as error:
            raise self._gone() from error
        now = time.monotonic()
        if threads:
            self._seen = now
        elif now - self._seen > ALONE:
            raise Stop(
                f"the scheduler at {self._address} has lost all its workers; start new ones, and "
                "sweeping again goes on from what is there"
            )
        return max(1, threads)

    def submit(self, job: Job) -> Future[Outcome]:
        """Start ``job``."""
        started: Future[Outcome] = self._executor.submit(self._work, job, self._store)
        return started

    def outcome(self, future: Future[Outcome]) -> Outcome:
        """What became of a job that is done. Raises Died, Stop, or what the job raised."""
        try:
            return future.result()
        except self._killed as error:
            raise Died(f"each of {error.allowed_failures + 1} workers died that ran it") from error
        except CancelledError as error:
            raise self._gone() from error

    def stop(self) -> None:
        """Take back what has not begun."""
        self._executor.shutdown(wait=False)
        self._client.close(timeout=PATIENCE)

    def _gone(self) -> Stop:
        return Stop(
            f"the scheduler at {self._address} is gone; start it again, and sweeping again goes "
            "on from what is there"
        )


async def _knock(address: str) -> None:
    """Connect to ``address`` once, and raise what that raises.

    A Client that never connected closes itself when it is collected, and dask then waits for ever
    if another of its loops is just starting. So no Client is made where nobody answers.
    """
    from distributed import connect

    comm = await connect(address, timeout=PATIENCE)
    await comm.close()


def introduce(store: Store, files: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Run on a worker: its code and passport. Raises Stop for what it does not see."""
    store.meet()
    for file in files:
        if not Path(file).is_file():
            raise Stop(f"it does not see {file}; start it in the folder where you sweep")
    return software(*MODULES), passport()
