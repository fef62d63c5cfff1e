"""asv's files as a table: written by asv itself, then read; and files that cannot be."""

import itertools
import json
import math

import numpy as np
import pandas as pd
import pytest
from asv.results import Results
from asv.runner import BenchmarkResult

from argand.subject import TargetError
from argand.timing.asv_results import COLUMNS, read_results

AXES = ["subject", "variant", "precision", "mode", "size", "device"]
PART = "apart.Parts.track_time"
PARAMS = [
    ["'z_exp_z'", "'exp_squared'"],
    ["'auto'", "'custom'"],
    ["'single'"],
    ["'graph'"],
    ["1000"],
    ["'CPU:0'"],
]
PREFIX = "value_and_gradient.Variants.track_"
SAMPLES = [0.001, 0.002, 0.003, 0.002, 0.002, 0.0021, 0.0019, 0.002]
FLAG = "value_and_gradient.Subjects.track_complex"


def benchmark(name, unit, params=PARAMS, axes=AXES):
    return {"name": name, "version": "1", "unit": unit, "params": params, "param_names": axes}


BENCHMARKS = [
    benchmark(PREFIX + "time", "seconds"),
    benchmark(PREFIX + "ratio", "times auto"),
    benchmark(PREFIX + "ratio_low", "times auto"),
    benchmark(PREFIX + "ratio_high", "times auto"),
    benchmark(FLAG, "is complex", PARAMS[:1], AXES[:1]),
    benchmark(PART, "seconds", [*PARAMS, ["'forward'"]], [*AXES, "timed"]),
    benchmark("plain.ValueAndGradient.time_value_and_gradient", "seconds", PARAMS[1:2], AXES[1:2]),
    benchmark("bench_exact.Certified.track_points_per_second", "points/s", [["'z'"]], ["function"]),
]


def outcome(values):
    """asv's own record: a list is samples, None a failure, NaN a skip."""
    samples = [v if isinstance(v, list) else None for v in values]
    return BenchmarkResult(
        result=[True if isinstance(v, list) else v for v in values],
        samples=samples,
        number=[1 if s else None for s in samples],
        errcode=0,
        stderr="",
        profile=None,
    )


@pytest.fixture
def folder(tmp_path):
    """Results that asv wrote: a measured cell, a failed one, a skipped one, and ratios."""
    results = Results(
        {"machine": "a-machine", "python": "3.11"},
        {"tensorflow": "2.21.0"},
        "0123456789abcdef",
        1_700_000_000_000,
        "3.11",
        "virtualenv-py3.11",
        {},
    )
    ratios = [1.0, 1.1, 0.9, 1.0, 1.0, 1.0, 1.05, 0.95]
    outcomes = [
        [SAMPLES, None, math.nan, SAMPLES],
        [ratios, None, math.nan, ratios],
        [0.5, None, math.nan, 0.6],
        [1.5, None, math.nan, 1.6],
        [1, 0],
        [SAMPLES, SAMPLES, None, SAMPLES],
        [SAMPLES, SAMPLES],
        [1e6],
    ]
    for described, values in zip(BENCHMARKS, outcomes, strict=True):
        results.add_result(described, outcome(values))
    results.save(str(tmp_path))
    (tmp_path / "a-machine" / "machine.json").write_text("{}")
    described = {b["name"]: b for b in BENCHMARKS} | {"version": 2}
    (tmp_path / "benchmarks.json").write_text(json.dumps(described))
    return tmp_path


def cell(table, **where):
    return table[np.all([table[k] == v for k, v in where.items()], axis=0)].squeeze()


def test_a_cell_is_a_row_with_its_axes_and_asvs_interval(folder):
    table, unreadable = read_results(folder)
    assert unreadable == ()
    assert tuple(table.columns) == COLUMNS
    row = cell(table, quantity="time", subject="z_exp_z", variant="auto")
    assert (row["commit"], row["machine"]) == ("0123456789abcdef", "a-machine")
    assert (row["dtype"], row["mode"], row["size"], row["device"]) == (
        "complex64",
        "graph",
        1000,
        "CPU:0",
    )
    assert (row["value"], row["unit"], row["state"]) == (0.002, "seconds", "measured")
    assert row["low"] <= 0.002 <= row["high"]
    assert row["samples"] == len(SAMPLES)
    assert row["date"] == pd.Timestamp("2023-11-14 22:13:20", tz="UTC")
    assert row["tensorflow"] == "2.21.0"


def test_what_was_timed_is_chosen_and_value_and_gradient_by_default(folder):
    table, _ = read_results(folder)
    assert set(table["timed"]) == {"value and gradient"}
    forward, _ = read_results(folder, "forward")
    assert set(forward["timed"]) == {"forward"}
    assert forward["state"].tolist() == ["measured", "measured", "failed", "measured"]
    everything, _ = read_results(folder, None)
    assert len(everything) == len(table) + len(forward) + 1
    assert "time_value_and_gradient" not in set(everything["quantity"])  # asv's own


def test_real_subjects_have_real_dtypes(folder):
    table, _ = read_results(folder)
    assert set(table.loc[table["subject"] == "exp_squared", "dtype"]) == {"float32"}


def test_failed_and_skipped_cells_have_no_value(folder):
    table, _ = read_results(folder)
    times = table[table["quantity"] == "time"]
    assert times["state"].tolist() == ["measured", "failed", "skipped", "measured"]
    assert times["value"].isna().tolist() == [False, True, True, False]
    assert times["samples"].isna().tolist() == [False, True, True, False]


def test_a_ratio_has_the_suites_own_bounds(folder):
    table, _ = read_results(folder)
    assert set(table["quantity"]) == {"time", "ratio"}
    row = cell(table, quantity="ratio", subject="z_exp_z", variant="auto")
    assert (row["value"], row["low"], row["high"]) == (1.0, 0.5, 1.5)


def test_every_combination_is_a_row_in_asvs_order(folder):
    table, _ = read_results(folder)
    times = table[table["quantity"] == "time"]
    expected = list(itertools.product(["z_exp_z", "exp_squared"], ["auto", "custom"]))
    assert list(zip(times["subject"], times["variant"], strict=True)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{ torn", "not JSON"),
        ("[]", "holds a list"),
        ('{"version": 2}', "key 'results' is missing"),
        (
            '{"result_columns": ["result"], "results": {"gone.track_x": [[1]]}, "date": 1, '
            '"commit_hash": "c", "env_name": "e", "params": {"machine": "m"}, "requirements": {}}',
            "gone.track_x is not in benchmarks.json",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(folder, text, reason):
    (folder / "a-machine" / "deadbeef-env.json").write_text(text)
    table, unreadable = read_results(folder)
    assert len(unreadable) == 1
    assert "deadbeef-env.json" in unreadable[0]
    assert reason in unreadable[0]
    assert len(table) == 8  # those of the other file


def test_without_benchmarks_json_nothing_is_guessed(folder):
    (folder / "benchmarks.json").unlink()
    table, unreadable = read_results(folder)
    assert table.empty
    assert len(unreadable) == 2


def test_a_benchmark_that_failed_to_build_has_rows_without_values(folder):
    file = next((folder / "a-machine").glob("0123*.json"))
    data = json.loads(file.read_text())
    data["results"][PREFIX + "time"][0] = None
    file.write_text(json.dumps(data))
    table, _ = read_results(folder)
    assert set(table.loc[table["quantity"] == "time", "state"]) == {"failed"}


def test_no_folder_is_one_line(tmp_path):
    with pytest.raises(TargetError, match="make bench"):
        read_results(tmp_path / "nothing")
