"""What a worker runs. TensorFlow is started here, once a process, and nowhere else."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from functools import cache

from argand import watchdog
from argand.sweep.jobs.job import Job, Outcome
from argand.sweep.store.store import Stop, Store

ENDLESS = 75  # exit code of a process whose code under study did not return
_ONE = threading.Lock()  # a worker of dask may have threads: memory and graphs are for one job


Work = Callable[[Job, Store], Outcome]


def arrive() -> None:
    """Make this process a worker: it leaves interrupts to its parent, ends with it, and keeps
    standard output free of what the code under study prints."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def end_with_parent() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


@cache
def start() -> None:
    """Start TensorFlow, without its messages and on one thread.

    The workers share the cores, and a sum must not depend on the number of threads. They share a
    GPU too: its memory is taken as it is needed, or the first worker would take all of it.
    Raises Stop where TensorFlow is absent, or runs already.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        from argand.frontend.start import start_tensorflow

        config = start_tensorflow().config
        config.threading.set_intra_op_parallelism_threads(1)
        config.threading.set_inter_op_parallelism_threads(1)
        for gpu in config.list_physical_devices("GPU"):
            config.experimental.set_memory_growth(gpu, True)
    except (ImportError, RuntimeError) as error:  # it is absent, or runs already
        raise Stop(f"TensorFlow cannot be started in a worker: {error}") from error


def work(job: Job, store: Store) -> Outcome:
    """Carry out ``job`` into ``store``. Raises TargetError for what cannot be used, Stop where no
    job could succeed."""
    with _ONE:
        store.meet()
        start()
        with watchdog.watched(_end):
            module, name = job.carried_out_by
            outcome: Outcome = getattr(importlib.import_module(module), name)(job, store)
            return outcome


def _end(what: str) -> None:
    os._exit(ENDLESS)
