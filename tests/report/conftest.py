"""A real sweep of the user's subject, and what asv left, as files: what the page is made from."""

import json

import pytest

from argand.report.page import report
from argand.sweep.run.engine import sweep
from argand.sweep.study import Study


@pytest.fixture(scope="session")
def swept(target, tmp_path_factory):
    """The folder of a sweep of two studies."""
    folder = tmp_path_factory.mktemp("swept")
    studies = [
        Study(scale="window", subjects=(target,), resolution=24, modes=("eager", "graph"),
              name="window"),
        Study(scale="float line", subjects=(target,), resolution=24, modes=("graph",),
              name="float_line"),
    ]  # fmt: skip
    sweep(studies, folder, 1)
    return folder


@pytest.fixture(scope="session")
def timed(tmp_path_factory):
    """asv's results of the user's subject for two commits on one machine."""
    folder = tmp_path_factory.mktemp("asv")
    names = ["subject", "variant", "precision", "mode", "size", "device"]
    params = [["'square'"], ["'auto'", "'published'"], ["'double'"], ["'graph'"],
              ["1000", "1000000"], ["'CPU:0'"]]  # fmt: skip
    bench = "value_and_gradient.Variants."
    columns = ["result", "params", "stats_ci_99_a", "stats_ci_99_b", "stats_repeat"]
    described = {
        bench + name: {"param_names": names, "unit": unit}
        for name, unit in (("track_time", "seconds"), ("track_ratio", ""))
    } | {bench + "track_complex": {"param_names": ["subject"], "unit": ""}}
    machine = folder / "box"
    machine.mkdir()
    (folder / "benchmarks.json").write_text(json.dumps(described))
    for k, commit in enumerate(("a" * 40, "b" * 40)):
        time, ratio = [1e-5, 1e-2 * (k + 1), None, None], [1.0, 1.0, None, None]
        results = {
            bench + "track_time": [time, params, time, time, [30] * 4],
            bench + "track_ratio": [ratio, params, [0.9] * 4, [1.1] * 4, [30] * 4],
            bench + "track_complex": [[1], [["'square'"]]],
        }
        data = {
            "commit_hash": commit, "date": 1_700_000_000_000 + 86_400_000 * k, "env_name": "env",
            "params": {"machine": "box"}, "requirements": {"tensorflow": "2.0"},
            "result_columns": columns, "results": results,
        }  # fmt: skip
        (machine / f"{commit[:8]}-env.json").write_text(json.dumps(data))
    return folder


@pytest.fixture(scope="session")
def built(swept, timed, tmp_path_factory):
    """The page, as a file."""
    out = tmp_path_factory.mktemp("page") / "html" / "index.html"
    report(swept, timed, out)
    return out
