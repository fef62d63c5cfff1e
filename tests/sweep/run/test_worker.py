"""How a worker starts TensorFlow; what it then carries out has tests of its own."""

import importlib
import subprocess
import sys
from types import SimpleNamespace

import pytest

from argand.frontend import start as quiet
from argand.sweep.jobs.job import Check, Frontiers, Tile, Worst
from argand.sweep.run import worker
from argand.sweep.store.store import Stop


@pytest.fixture
def started(monkeypatch):
    """What was asked of a TensorFlow that has two GPUs."""
    asked = []
    config = SimpleNamespace(
        threading=SimpleNamespace(
            set_intra_op_parallelism_threads=lambda n: asked.append(("intra", n)),
            set_inter_op_parallelism_threads=lambda n: asked.append(("inter", n)),
        ),
        list_physical_devices=lambda kind: [f"{kind}:0", f"{kind}:1"],
        experimental=SimpleNamespace(set_memory_growth=lambda d, on: asked.append((d, on))),
    )
    monkeypatch.setattr(quiet, "start_tensorflow", lambda: SimpleNamespace(config=config))
    return config, asked


def test_workers_share_the_cores_and_the_memory_of_each_gpu(started):
    worker.start.__wrapped__()
    assert sorted(started[1]) == [("GPU:0", True), ("GPU:1", True), ("inter", 1), ("intra", 1)]


def test_a_tensorflow_that_runs_already_stops_the_sweep(started):
    def refuse(gpu, on):
        raise RuntimeError("Physical devices cannot be modified after being initialized")

    started[0].experimental.set_memory_growth = refuse
    with pytest.raises(Stop, match="cannot be modified"):
        worker.start.__wrapped__()


def test_each_kind_of_job_is_carried_out_by_the_function_that_it_names():
    for kind in (Tile, Frontiers, Worst, Check):
        module, name = kind.carried_out_by
        assert callable(getattr(importlib.import_module(module), name))


def test_who_hands_out_work_and_who_reads_results_needs_no_tensorflow():
    modules = "sys, argand.sweep.run.engine, argand.sweep.run.cluster, argand.sweep.store.results"
    code = f"import {modules}\nsys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
