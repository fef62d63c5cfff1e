"""Studies are cut into jobs that cover every plane once, in the order in which they help."""

from hypothesis import given
from hypothesis import strategies as st

from argand.sweep.jobs.job import Check, Frontiers, PlaneJob, Tile, Worst, jobs, tiles
from argand.sweep.study import Study


def test_tiles_are_bounded_and_cover_every_row():
    study = Study(scale="window", resolution=1000, name="big", subjects=("z_exp_z",))
    found = [job for job in jobs([study]) if isinstance(job, Tile) and job.precision == 0]
    assert [t.start for t in found] + [1000] == [0] + [t.stop for t in found]
    assert all((t.stop - t.start) * 1000 <= 65_536 for t in found)


@given(st.integers(2, 20_000))
def test_the_tiles_of_a_plane_follow_one_another(n):
    found = tiles(PlaneJob(Study("window", n, name="any"), "tanh", 0))
    assert [t.start for t in found] == [0, *(t.stop for t in found[:-1])]
    assert found[-1].stop == n
    assert all(t.start < t.stop for t in found)


def test_the_worst_cases_come_after_all_tiles_of_their_precision():
    studies = [Study("window", 9, name=name, subjects=("tanh", "log")) for name in ("a", "b")]
    found = jobs(studies)
    assert [job.target for job in found] == sorted((j.target for j in found), reverse=True)
    of = [job for job in found if job.target == "tanh"]
    assert of[0] == Check("tanh")
    assert [type(job) for job in of[1:7]] == [Tile, Frontiers, Tile, Frontiers, Worst, Worst]
    assert [job.precision for job in of[1:]] == [0] * 6 + [1] * 6


def test_every_job_has_a_place_of_its_own():
    study = Study("window", 300, name="a", subjects=("tanh",), upstreams=(1, 1j), lengths=(0, 3))
    places = [
        job.place("tanh", ("float32", "float64")[job.precision])
        for job in jobs([study])
        if not isinstance(job, Check)
    ]
    assert len(set(places)) == len(places)
    assert "maps/a/tanh.float64.upstream-1j.length-3.00218" in places
    assert "worst/a/tanh.float32.upstream-1.length-0" in places
