"""What a sweep costs: points per second by part, peak memory over resolution, two workers over one.

By hand, on a machine that does nothing else: ``python benchmarks/bench_sweep.py [--whole]``; with
``--whole`` also z·exp(z) at 1000 × 1000 from nothing, and again with its references kept.
"""

import resource
import statistics
import sys
import tempfile
import time
from concurrent.futures import wait
from contextlib import contextmanager
from pathlib import Path

SUBJECT = "z_exp_z"
RESOLUTIONS = (1000, 4000)
TILES = 6  # of each precision: what a process needs no longer grows after a few
JOBS = 100  # of each precision: some seconds, for the last job to be alone for little of them
ROUNDS = 7


def tiles(resolution, count, scale="float line"):
    """The first tiles of the subject's plane, in both precisions."""
    from argand.sweep.jobs.job import PlaneJob
    from argand.sweep.jobs.job import tiles as all_of
    from argand.sweep.study import Study

    study = Study(scale=scale, resolution=resolution, subjects=(SUBJECT,), name="bench")
    return [t for p in (0, 1) for t in all_of(PlaneJob(study, SUBJECT, p))[:count]]


@contextmanager
def timed(owner, name, spent):
    """Within it ``spent[name]`` sums the seconds of calls of ``owner.name``."""
    inner = getattr(owner, name)
    spent[name] = 0.0

    def outer(*arguments, **keywords):
        begin = time.perf_counter()
        try:
            return inner(*arguments, **keywords)
        finally:
            spent[name] += time.perf_counter() - begin

    setattr(owner, name, outer)
    try:
        yield
    finally:
        setattr(owner, name, inner)


def parts():
    """Seconds of each part of a tile, in one process that is warm, and the judged points."""
    from argand.frontend.runner import Runner
    from argand.sweep.jobs import tile
    from argand.sweep.jobs.tile import sweep_tile
    from argand.sweep.run.worker import start
    from argand.sweep.store import store
    from argand.sweep.store.store import Store
    from argand.trial import judged
    from argand.trial.problem import Problem

    start()
    spent = {}
    with tempfile.TemporaryDirectory() as folder:
        kept = Store(Path(folder))
        first, second = (tiles(1000, 2)[k::2] for k in (0, 1))
        for job in first:
            sweep_tile(job, kept)  # graphs are traced and compiled once a process
        with (
            timed(Problem, "exact", spent), timed(Runner, "__call__", spent),
            timed(judged, "judge", spent), timed(tile, "summarize", spent),
            timed(store, "_sealed", spent), timed(Store, "_write", spent),
        ):  # fmt: skip
            begin = time.perf_counter()
            for job in second:
                sweep_tile(job, kept)
            spent["all"] = time.perf_counter() - begin
    return spent, sum((job.stop - job.start) * 1000 for job in second)


def reference_only(job, store):
    """The work of the speed-up: a tile's reference, without TensorFlow's share."""
    from argand.sweep.jobs.job import Outcome
    from argand.sweep.jobs.prepared import plane_of
    from argand.sweep.run.worker import start

    start()
    dtype = ("complex64", "complex128")[job.precision]
    plane = plane_of(job.study, job.target, dtype, job.setting)
    inputs, upstream = plane.samples(slice(job.start, job.stop))
    plane.problem.exact(inputs, upstream)
    return Outcome("", "made")


def speed_up():
    """Times that one worker needs over two, for the same references: the median of pairs."""
    from argand.sweep.run.processes import Processes
    from argand.sweep.store.store import Store

    store, jobs = Store(Path(tempfile.gettempdir())), tiles(4000, JOBS)
    pools = {count: Processes(count, store, reference_only) for count in (1, 2)}
    try:
        for pool in pools.values():
            seconds(pool, jobs[:: len(jobs) // 2])  # start, compile, load
        return [seconds(pools[1], jobs) / seconds(pools[2], jobs) for _ in range(ROUNDS)]
    finally:
        for pool in pools.values():
            pool.stop()


def seconds(pool, jobs):
    """How long ``pool`` takes, every worker busy."""
    begin, left, running = time.perf_counter(), list(jobs), set()
    while left or running:
        while left and len(running) < pool.slots:
            running.add(pool.submit(left.pop()))
        done, running = wait(running, return_when="FIRST_COMPLETED")
        for future in done:
            pool.outcome(future)
    return time.perf_counter() - begin


def peak(resolution):
    """MiB at the highest of the parent and of a worker, and of the parent reading the summary."""
    from argand.sweep.run.engine import run
    from argand.sweep.run.worker import work
    from argand.sweep.store.results import results

    with tempfile.TemporaryDirectory() as folder:
        jobs = tiles(resolution, TILES)
        run(jobs, [jobs[0].study], Path(folder), 1, lambda *step: None, None, work)
        summary = results(folder).summary
        assert summary.points.sum()
        of = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        return [resource.getrusage(who).ru_maxrss / 1024 for who in of]


def whole():
    """Seconds for the subject's plane at 1000 × 1000 from nothing, and again with references."""
    import shutil

    from argand.sweep.run.engine import run
    from argand.sweep.run.worker import work

    jobs = tiles(1000, 1000)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            begin = time.perf_counter()
            run(jobs, [jobs[0].study], Path(folder), None, lambda *step: None, None, work)
            found.append(time.perf_counter() - begin)
            shutil.rmtree(Path(folder) / "maps")
    return found


def in_a_process_of_its_own(name, *arguments):
    """What the function ``name`` returns, in a new process, whose peak is its own."""
    import json
    import subprocess

    call = f"import json, bench_sweep; print(json.dumps(bench_sweep.{name}(*{arguments!r})))"
    done = subprocess.run([sys.executable, "-c", call], cwd=Path(__file__).parent,
                          stdout=subprocess.PIPE, check=True, text=True)  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def main():
    spent, points = in_a_process_of_its_own("parts")
    names = {"exact": "reference", "__call__": "TensorFlow", "judge": "judging",
             "summarize": "counting", "_sealed": "packing", "_write": "writing",
             "all": "all"}  # fmt: skip
    for part, words in names.items():
        print(f"{words:12} {points / spent[part]:12.0f} points/s {spent[part] / spent['all']:6.1%}")
    ratios = speed_up()
    print(f"two workers over one, references: {statistics.median(ratios):.2f} "
          f"[{min(ratios):.2f}, {max(ratios):.2f}]")  # fmt: skip
    peaks = {n: in_a_process_of_its_own("peak", n) for n in RESOLUTIONS}
    for n, (parent, worker) in peaks.items():
        print(f"peak at {n} × {n}: parent {parent:.0f} MiB, worker {worker:.0f} MiB")
    small, large = (peaks[n] for n in RESOLUTIONS)
    print(f"ratio: parent {large[0] / small[0]:.2f}, worker {large[1] / small[1]:.2f}")
    if "--whole" in sys.argv:
        cold, cached = whole()
        print(f"{SUBJECT} at 1000 × 1000: {cold:.0f} s, with references kept {cached:.0f} s")


if __name__ == "__main__":
    main()
