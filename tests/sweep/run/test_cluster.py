"""The same sweep by the workers of a dask scheduler: the same bytes, though one is lost."""

import gc
import os
import signal
import sys
import threading
import warnings

import cheap
import dask
import distributed
import pytest

from argand.subject import TargetError
from argand.sweep.run import cluster
from argand.sweep.run.cluster import Cluster
from argand.sweep.store.results import results
from argand.sweep.store.store import Stop, Store

# Sockets and loops of dask's that are closed when they are collected.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def scheduler():
    """Two worker processes, whose tasks dask itself tries again once."""
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=2, dashboard_address=":0", silence_logs=50
        ) as made:
            yield made


def test_it_ends_in_the_bytes_of_local_processes_though_a_worker_is_killed(scheduler, tmp_path):
    def kill():
        victim = next(iter(scheduler.workers.values()))
        os.kill(victim.pid, signal.SIGKILL)

    killed = []

    def progress(what, done, total):
        if done == 10:
            killed.append(threading.Thread(target=kill))
            killed[0].start()

    jobs = cheap.tiles(count=60)
    with_cluster, local = tmp_path / "cluster", tmp_path / "local"
    count = cheap.sweep(
        with_cluster, jobs, scheduler=scheduler.scheduler_address, progress=progress
    )
    killed[0].join()
    assert count["made"] + count["kept"] == 60  # one may have been written as its worker died
    cheap.sweep(local, jobs)
    for folder in (with_cluster, local):
        results(folder)

    def files(folder):
        return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    assert files(with_cluster) == files(local)


def test_a_job_that_ends_every_worker_is_named_and_the_rest_is_kept(scheduler, tmp_path):
    jobs = [*cheap.tiles("ends", 1), *cheap.tiles("right", 8), *cheap.tiles("refuses", 1)]
    with pytest.raises(TargetError, match="2 of 10 pieces failed"):
        cheap.sweep(tmp_path / "out", jobs, scheduler=scheduler.scheduler_address)
    found = results(tmp_path / "out")
    assert len(found.manifest["results"]) == 8
    reasons = dict(zip(found.failures.job, found.failures.reason, strict=True))
    assert "workers died that ran it" in reasons["cheap: ends, double, rows 0 to 0"]
    assert reasons["cheap: refuses, double, rows 0 to 0"] == "cannot be used"


def test_a_worker_that_does_not_see_the_folder_or_a_subjects_file_is_named(scheduler, tmp_path):
    address = scheduler.scheduler_address
    with pytest.raises(Stop, match=r"worker tcp.*does not see the results in .*all workers share"):
        Cluster(address, Store(tmp_path, "absent"), cheap.work, [])
    with pytest.raises(Stop, match=r"worker tcp.*does not see nowhere/mine\.py"):
        Cluster(address, Store(tmp_path), cheap.work, ["nowhere/mine.py"])


def test_a_worker_with_other_code_is_refused(scheduler, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "software", lambda *modules: "another")
    with pytest.raises(Stop, match="has another argand"):
        Cluster(scheduler.scheduler_address, Store(tmp_path), cheap.work, [])


@pytest.mark.parametrize("address", ["127.0.0.1:9", "tcp://127.0.0.1:9", "nonsense", "a://b", ""])
def test_a_scheduler_that_is_not_there_is_one_line(tmp_path, monkeypatch, address):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(Stop, match="no scheduler answers at") as refusal:
        cheap.sweep(tmp_path / "out", cheap.tiles(), scheduler=address)
    assert "\n" not in str(refusal.value)
    # One that closes itself later, as another starts, stops the process for ever.
    left = [c for c in gc.get_objects() if type(c) is distributed.Client]
    assert all(c.status == "closed" for c in left)


def test_a_scheduler_without_workers_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as empty,
        pytest.raises(Stop, match="has no workers; start some with dask worker"),
    ):
        cheap.sweep(tmp_path / "out", cheap.tiles(), scheduler=empty.scheduler_address)


def test_a_cluster_that_loses_all_its_workers_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "ALONE", 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with (
            distributed.LocalCluster(n_workers=1, dashboard_address=":0", silence_logs=50) as small,
            pytest.raises(Stop, match="has lost all its workers"),
        ):
            cheap.sweep(tmp_path / "out", cheap.tiles(), scheduler=small.scheduler_address,
                        progress=lambda *step: small.scale(0))  # fmt: skip


def test_without_dask_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Stop, match=r"pip install 'argand\[distributed\]'"):
        cheap.sweep(tmp_path / "out", cheap.tiles(), scheduler="127.0.0.1:8786")
