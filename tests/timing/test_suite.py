"""What setup_cache leaves behind, and how asv's cells read it."""

import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from asv_runner.benchmarks.mark import SkipNotImplemented

from argand.timing import suite as module
from argand.timing.plan import Plan
from benchmarks import apart, measured, value_and_gradient

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def benchmarks():
    return SimpleNamespace(measured=measured, both=value_and_gradient, apart=apart)


PLAN = Plan((1, 100_000), (100,), 3600.0)
KEY = ("auto", "value and gradient", "double", "graph", 100_000, "CPU:0")
AXES = ("exp_squared", "auto", *KEY[2:])
ABSENT = ("exp_squared", "auto", "double", "graph", 100_000, "GPU:0")


@pytest.fixture(scope="module")
def folder(benchmarks, tmp_path_factory):
    """What setup_cache leaves, of one subject, in graph mode alone."""
    folder = tmp_path_factory.mktemp("cache")
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(module, "MODES", ("graph",))
        patch.setattr(module.Budget, "seconds", lambda budget: 0.0)
        patch.setattr(benchmarks.measured, "SUBJECTS", ["exp_squared"])
        patch.setattr(benchmarks.measured, "DEVICES", ["CPU:0", "GPU:0"])
        patch.setattr(benchmarks.measured, "asked", lambda quick: PLAN)
        patch.setattr(benchmarks.measured, "_tell", told.append)
        patch.setenv("ASV_CONF_DIR", str(folder))
        patch.setenv("ASV_COMMIT", "c0ffee")
        benchmarks.measured.setup_cache()
    assert any("TensorFlow has no GPU:0 here" in notice.words for notice in told)
    return folder


@pytest.fixture
def there(folder, monkeypatch):
    monkeypatch.chdir(folder)


def found(quantity):
    return pickle.loads(Path(f"exp_squared-{quantity}.pickle").read_bytes())


@pytest.mark.usefixtures("there")
def test_it_is_plain_data_of_every_cell():
    of = {quantity: found(quantity) for quantity in module.QUANTITIES}
    both = [key for key in of["time"] if key[1] == "value and gradient"]
    assert len(both) == 2 * 2 * (3 + 2)  # precisions, sizes, variants and floors
    assert len(of["time"]) == len(both) + 3 * (2 + 2 + 1)  # variants; second order in double
    assert len(of["time"][KEY]) == len(of["ratio"][KEY])
    assert of["ratio_low"][KEY] <= 1.3
    assert of["ratio_high"][KEY] >= 0.7
    assert found("complex") is False
    assert found("refused") == {}


@pytest.mark.usefixtures("there")
def test_a_cell_hands_its_samples_to_asv(benchmarks):
    given = benchmarks.both.Variants().track_time(*AXES)
    assert given == {"samples": found("time")[KEY], "number": 1}
    floor = (AXES[0], "stream", *AXES[2:])
    assert benchmarks.both.Floors().track_floor(*floor)["samples"]
    worth = benchmarks.both.Worth()
    assert worth.track_gradient_error(*AXES) < 1000
    assert worth.track_failing(*AXES) <= 64
    assert 0 < worth.track_stream_share(*AXES) < 10
    assert min(worth.track_over_floor(*AXES)["samples"]) > 0
    apart = benchmarks.apart
    part = ("exp_squared", "stable", "second order", "double", "graph", 100, "CPU:0")
    assert apart.Parts().track_time(*part)["samples"]
    assert apart.Parts().track_ratio(*part)["samples"]
    assert apart.Once().track_trace_time(*AXES) > 0
    assert apart.Once().track_compile_time(*AXES) >= 0
    assert apart.Transfer().track_transfer("to device", "double", 100_000, "CPU:0")["samples"]
    assert apart.Subjects().track_complex("exp_squared") == 0


@pytest.mark.usefixtures("there")
def test_memory_is_read_where_tensorflow_counts_it(benchmarks):
    if not found("peak_memory"):
        pytest.skip("TensorFlow's allocator does not count on this processor: oneDNN's does")
    assert benchmarks.apart.Memory().track_peak_memory(*AXES) > 1e6


@pytest.mark.usefixtures("there")
def test_a_cell_that_does_not_exist_is_skipped(benchmarks):
    with pytest.raises(SkipNotImplemented, match="exp_squared elegant: no such time"):
        benchmarks.both.Variants().track_time("exp_squared", "elegant", *AXES[2:])
    with pytest.raises(SkipNotImplemented, match=r"TensorFlow has no GPU:0 here: it has .*CPU:0"):
        benchmarks.both.Variants().track_time(*ABSENT)


@pytest.mark.usefixtures("there")
def test_a_wrong_gradient_fails_its_cell_with_the_reason(benchmarks, monkeypatch):
    wrong = {"refused": {KEY: "the conjugate is missing"}}
    monkeypatch.setattr(
        benchmarks.measured, "found", lambda subject, quantity: wrong.get(quantity, {})
    )
    for of, track in [("Variants", "time"), ("Variants", "ratio_low"), ("Worth", "failing")]:
        with pytest.raises(benchmarks.measured.NoTime, match=r"exp_squared auto .* is missing"):
            getattr(getattr(benchmarks.both, of)(), f"track_{track}")(*AXES)


@pytest.mark.parametrize("error", [module.TargetError, AttributeError])
def test_a_subject_that_cannot_be_used_does_not_stop_the_others(monkeypatch, error):
    def refuse(*_):
        raise error("no rule for Lgamma")

    told = []
    monkeypatch.setattr(module, "Workload", refuse)
    suite = module.Suite(Plan((1,), (), 1.0), ["CPU:0"], told.append)
    suite.measure(["exp_squared"])
    assert suite.quantities["exp_squared"]["time"] == {}
    (why,) = set(suite.refused["exp_squared"].values())
    assert why.endswith("no rule for Lgamma")
    assert len(suite.refused["exp_squared"]) == 2 * 3 * 5
    refusals = [notice for notice in told if notice.kind == "no time"]
    assert len(set(refusals)) == len(refusals) == 2 * 5  # told once a dtype
    assert all("no rule for Lgamma" in notice.words for notice in refusals)


def test_when_the_time_is_spent_each_group_has_its_most_important_cell(monkeypatch):
    told = []
    suite = module.Suite(Plan((1,), (), 0.0), ["CPU:0"], told.append)
    suite.measure(["exp_squared"])
    timed = {key[2:4] for key in suite.quantities["exp_squared"]["time"]}
    assert timed == {("single", "xla"), ("double", "xla")}
    assert set(suite.skipped["exp_squared"].values()) == {"the run's 0 s were spent"}
    assert len(suite.skipped["exp_squared"]) == 4
    assert any(str(notice).startswith("skipped: 4 cells") for notice in told)


def test_the_suite_and_its_cells_agree_on_every_name(benchmarks):
    from argand.timing.cell import FLOORS, VARIANTS
    from argand.timing.transfer import FROM, TO

    cells = benchmarks.measured
    assert tuple(cells.VARIANTS) == VARIANTS
    assert tuple(cells.FLOORS) == FLOORS
    assert tuple(cells.PRECISIONS) == module.PRECISIONS
    assert tuple(cells.PARTS) == module.PARTS
    assert tuple(cells.TRANSFERS) == (TO, FROM)
    assert sorted(cells.MODES) == sorted(module.MODES)
    assert cells.setup_cache.timeout > 600
    assert benchmarks.both.setup_cache is benchmarks.apart.setup_cache


def test_devices_are_separate_and_each_is_measured():
    """Two logical processors stand for two devices."""
    code = (
        "import tensorflow as tf; cpu = tf.config.list_physical_devices('CPU')[0]; "
        "tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] "
        "* 2); import argand.timing.suite as s; s.MODES = ('graph',); "
        "suite = s.Suite(s.Plan((10,), (), 0.0), ['CPU:0', 'CPU:1'], lambda line: None); "
        "suite.measure(['exp_squared']); "
        "times = suite.quantities['exp_squared']['time']; "
        "print(sorted({key[-1] for key in times}), len(times)); "
        "from argand.timing.cell import Workload; from argand.targets import from_catalogue; "
        "import argand.timing.cell as c; c.Rounds.visit = lambda self, *_: print("
        "{t.device[-5:] for act in self._callables.values() for t in act()}) or exit(); "
        "Workload(from_catalogue('exp_squared'), 'float32', 'CPU:1')"
        ".measure('eager', 3, 0.0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["['CPU:0', 'CPU:1'] 20", "{'CPU:1'}"]


def test_neither_discovery_nor_the_reader_imports_tensorflow():
    code = (
        "import sys; sys.path.insert(0, '.'); import benchmarks.apart, benchmarks.plain; "
        "import benchmarks.value_and_gradient, benchmarks.bench_exact, benchmarks.control; "
        "import argand.timing.asv_results, argand.timing.terminal, benchmarks.scripts.bench; "
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "tensorflow" not in done.stdout.split()
