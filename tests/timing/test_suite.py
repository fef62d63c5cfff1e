"""What setup_cache leaves behind, and how asv's cells read it."""

import importlib
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from asv_runner.benchmarks.mark import SkipNotImplemented

from argand.timing import suite as module
from argand.timing.suite import measure_suite

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def benchmarks():
    sys.path.insert(0, str(ROOT))
    try:
        yield importlib.import_module("benchmarks.value_and_gradient")
    finally:
        sys.path.remove(str(ROOT))


@pytest.fixture(scope="module")
def measured():
    return measure_suite(["exp_squared"], ["graph"], [1, 10], ["CPU:0"], 0.0)


KEY = ("exp_squared", "auto", "single", "graph", 10, "CPU:0")


def test_it_is_plain_data_of_every_cell(measured):
    assert pickle.loads(pickle.dumps(measured)) == measured
    assert len(measured["time"]) == 2 * 2 * (3 + 2)  # precisions, sizes, variants and floors
    assert len(measured["ratio"]) == 2 * 2 * 3
    assert len(measured["time"][KEY]) == len(measured["ratio"][KEY])
    assert measured["ratio_low"][KEY] <= 1.3
    assert measured["ratio_high"][KEY] >= 0.7
    assert measured["complex"] == {"exp_squared": False}


def test_a_cell_hands_its_samples_to_asv(benchmarks, measured):
    given = benchmarks.Variants().track_time(measured, *KEY)
    assert given == {"samples": measured["time"][KEY], "number": 1}
    floor = (KEY[0], "stream", *KEY[2:])
    assert benchmarks.Floors().track_floor(measured, *floor)["samples"]
    assert benchmarks.Variants().track_gradient_error(measured, *KEY) < 100
    assert benchmarks.Subjects().track_complex(measured, "exp_squared") == 0


def test_a_cell_that_does_not_exist_is_skipped(benchmarks, measured):
    with pytest.raises(SkipNotImplemented, match="exp_squared elegant: no such variant"):
        benchmarks.Variants().track_time(measured, "exp_squared", "elegant", *KEY[2:])


def test_a_wrong_gradient_fails_its_cell_with_the_reason(benchmarks, measured):
    refused = measured | {"refused": {KEY: "the conjugate is missing"}}
    for track in ("time", "ratio", "ratio_low", "ratio_high", "gradient_error"):
        with pytest.raises(benchmarks.NoTime, match=r"exp_squared auto .* conjugate is missing"):
            getattr(benchmarks.Variants(), f"track_{track}")(refused, *KEY)


def test_a_subject_that_cannot_be_used_does_not_stop_the_others(monkeypatch):
    def refuse(*_):
        raise module.TargetError("no rule for Lgamma")

    monkeypatch.setattr(module, "Workload", refuse)
    left = measure_suite(["exp_squared"], ["graph"], [1], ["CPU:0"], 0.0)
    assert left["time"] == {}
    assert set(left["refused"].values()) == {"no rule for Lgamma"}
    assert len(left["refused"]) == 2 * 5


def test_the_suite_and_its_cells_agree_on_every_name(benchmarks):
    from argand.timing.cell import FLOORS, VARIANTS

    assert tuple(benchmarks.VARIANTS) == VARIANTS
    assert tuple(benchmarks.FLOORS) == FLOORS
    assert tuple(benchmarks.PRECISIONS) == module.PRECISIONS
    assert benchmarks.setup_cache.timeout > 600


def test_neither_discovery_nor_the_reader_imports_tensorflow():
    code = (
        "import sys; sys.path.insert(0, '.'); import benchmarks.value_and_gradient; "
        "import argand.timing.asv_results, argand.timing.summary, argand.timing.bench; "
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "tensorflow" not in done.stdout.split()
