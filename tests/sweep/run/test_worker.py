"""How a worker starts TensorFlow; what it then carries out has tests of its own."""

from types import SimpleNamespace

import pytest

from argand.frontend import start as quiet
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
