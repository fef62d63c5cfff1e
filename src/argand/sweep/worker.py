"""What a worker process runs. TensorFlow is started here, once a process, and nowhere else."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from argand.sweep.jobs import Check, Frontiers, Job, Worst
from argand.sweep.store import Store


@dataclass(frozen=True)
class Outcome:
    """What became of a job: its result's ``name`` in the store (empty where the study does not
    suit the subject, for ``reason``), and whether it was ``made`` or ``kept``."""

    name: str
    state: str
    reason: str = ""


def start() -> None:
    """Start TensorFlow quietly, on one thread: the workers share the cores between them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from argand.quiet import start_tensorflow

    tf = start_tensorflow()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def work(job: Job, store: Store) -> Outcome:
    """Carry out ``job`` into ``store``. Raises TargetError for what cannot be used."""
    if isinstance(job, Check):
        from argand.sweep.proof import check_subject

        return check_subject(job, store)
    if isinstance(job, Frontiers):
        from argand.sweep.frontier import find_frontiers

        return find_frontiers(job, store)
    if isinstance(job, Worst):
        from argand.sweep.worst import find_worst

        return find_worst(job, store)
    from argand.sweep.tile import sweep_tile

    return sweep_tile(job, store)
