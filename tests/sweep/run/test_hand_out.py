"""Workers that end, or whose jobs raise: the job is named with its reason, the rest is done."""

import json

import cheap
import pytest

from argand.subject import TargetError
from argand.sweep.jobs.job import Tile
from argand.sweep.run.hand_out import MOST
from argand.sweep.store.results import results


def named(folder):
    return json.loads((folder / "manifest.json").read_text())["failed"]


def test_a_job_whose_worker_ends_once_is_done_again_and_nobody_is_blamed(tmp_path):
    jobs = cheap.tiles("right", 20) + cheap.tiles("once", 2) + cheap.tiles("right", 40)[20:]
    assert cheap.sweep(tmp_path / "out", jobs) == {"made": 42}
    assert named(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("ends", "twice its process ended by itself with exit code 7"),
        ("leaves", "twice its process ended by itself with exit code 0"),
        ("kills", "twice its process was ended by SIGKILL (is there enough memory?)"),
        ("raises", "MemoryError: too large"),
        ("refuses", "cannot be used"),
    ],
)
def test_a_job_that_fails_twice_is_named_with_its_reason_and_the_rest_is_kept(
    tmp_path, target, reason
):
    jobs = cheap.tiles("right", 10) + cheap.tiles(target, 1) + cheap.tiles("right", 30)[10:]
    with pytest.raises(TargetError) as refusal:
        cheap.sweep(tmp_path, jobs)
    assert f"1 of 31 pieces failed: cheap: {target}, double, rows 0 to 0: {reason}; the rest" in (
        str(refusal.value)
    )
    found = results(tmp_path)
    assert len(found.manifest["results"]) == 30
    assert found.failures.reason.tolist() == [reason]


def test_a_subject_that_ends_every_worker_does_not_take_all_day(tmp_path):
    jobs = cheap.tiles("ends", 50) + cheap.tiles("right", 5)
    with pytest.raises(TargetError, match="50 of 55 pieces failed"):
        cheap.sweep(tmp_path, jobs)
    reasons = [f["reason"] for f in named(tmp_path)]
    assert sum(r.startswith("twice") for r in reasons) <= MOST + 2  # those already begun
    assert sum(r.startswith("not tried") for r in reasons) == 50 - sum(
        r.startswith("twice") for r in reasons
    )
    assert len(results(tmp_path).manifest["results"]) == 5


def test_two_subjects_of_one_name_are_refused_before_work(tmp_path):
    jobs = cheap.tiles("a.py:f", 1) + cheap.tiles("b.py:f", 1)
    with pytest.raises(TargetError, match=r"a\.py:f and b\.py:f are both named f; rename one"):
        cheap.sweep(tmp_path / "out", jobs)
    assert not (tmp_path / "out").exists()


def test_results_of_one_name_are_not_taken_for_each_other(tmp_path):
    """A subject's name may be another than the variable's by which it was asked for."""
    with pytest.raises(TargetError, match="gives a result of the same name"):
        cheap.sweep(tmp_path, cheap.tiles("alias", 1) + cheap.tiles("right", 1))


def test_the_bytes_do_not_depend_on_the_number_of_workers(tmp_path):
    def files(workers):
        folder = tmp_path / str(workers)
        cheap.sweep(folder, cheap.tiles(count=20), workers=workers)
        return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    assert files(1) == files(2) == files(5)


def test_progress_counts_every_job_once(tmp_path):
    steps = []
    with pytest.raises(TargetError):
        cheap.sweep(tmp_path, [*cheap.tiles("ends", 1), *cheap.tiles(count=5)],
                    progress=lambda what, done, total: steps.append((done, total)))  # fmt: skip
    assert steps == [(k, 6) for k in range(1, 7)]


def test_as_many_jobs_are_with_the_workers_as_there_are_workers(tmp_path):
    """However many there are: what waits costs no memory."""
    from argand.sweep.run.hand_out import carry_out
    from argand.sweep.run.processes import Processes
    from argand.sweep.store.store import Store

    most = []

    class Counted(Processes):
        def submit(self, job: Tile):
            future = super().submit(job)
            most.append(len(self._busy))
            return future

    store = Store(tmp_path)
    workers = Counted(2, store, cheap.work)
    try:
        outcomes, failures = carry_out(cheap.tiles(count=30), workers, lambda *step: None)
    finally:
        workers.stop()
    assert (len(outcomes), failures) == (30, [])
    assert max(most) == 2


def test_a_worker_stays_with_a_subject_until_no_other_is_left(tmp_path):
    """Each compiles for itself."""
    from argand.sweep.run.hand_out import carry_out
    from argand.sweep.run.processes import Processes
    from argand.sweep.store.store import Store

    met = set()

    class Watched(Processes):
        def submit(self, job: Tile):
            future = super().submit(job)
            met.add((job.target, id(self._busy[future])))
            return future

    store = Store(tmp_path)
    workers = Watched(2, store, cheap.work)
    try:
        carry_out([*cheap.tiles("right", 20), *cheap.tiles("other", 20)], workers, lambda *s: None)
    finally:
        workers.stop()
    assert len(met) <= 3  # the one that ends first helps with the other's
