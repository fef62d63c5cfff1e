"""Sides, speeds, crossovers and digits of measurements whose figures are known."""

import math

import numpy as np
import pandas as pd
import pytest
from compare_tables import measured, result, time

from argand.compare.accuracy import accuracy_differences, without_result
from argand.compare.crossover import crossover, crossovers
from argand.compare.measured import read
from argand.compare.sides import comparable, passport_differences, sides
from argand.compare.speed import speeds
from argand.subject import TargetError


def test_a_ratio_between_machines_has_the_interval_that_both_times_allow():
    one = measured("one", [time(2e-3), time(1e-3, quantity="floor", variant="stream")])
    two = measured("two", [time(1e-3)], threads=2)
    table = speeds(sides([one, two]))
    assert list(table["side"]) == ["one, CPU:0", "two, CPU:0"]
    assert table["nanoseconds"].tolist() == pytest.approx([2000, 1000])
    assert table["stream"].tolist() == pytest.approx([0.5, math.nan], nan_ok=True)
    row = table.iloc[1]
    assert row["ratio"] == pytest.approx(0.5)
    assert row["ratio_low"] == pytest.approx(0.5 * 0.98 / 1.02)
    assert row["ratio_high"] == pytest.approx(0.5 * 1.02 / 0.98)
    assert row["judgement"] == "faster"


def test_a_small_difference_cannot_be_told_and_a_missing_cell_has_no_ratio():
    one = measured("one", [time(1e-3)])
    two = measured("two", [time(1.01e-3, spread=0.2), time(1e-3, variant="custom")])
    table = speeds(sides([one, two])).set_index(["side", "variant"])
    assert table.loc[("two, CPU:0", "auto"), "judgement"] == "cannot tell"
    assert table.loc[("two, CPU:0", "custom"), "judgement"] == "not timed there"


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ([1, 10, 100], [10, 10, 10], 10),
        ([1, 10, 100], [0.5, 5, 50], 0),
        ([1, 10, 100], [2, 20, 200], math.inf),
        ([1, 10, 100], [0.5, 20, 50], 10 * 10 ** (1 / 2)),  # only beyond the last lost size
        ([1, 10, 100], [math.nan, 5, 5], math.nan),
    ],
)
def test_the_crossover_is_interpolated_between_sizes(here, there, expected):
    sizes = np.array([1.0, 10.0, 100.0])
    found = crossover(sizes, np.array(here, float), np.array(there, float))
    assert found == pytest.approx(expected, nan_ok=True)


def test_the_transfer_moves_the_crossover():
    times = [time(1e-8 * n, n) for n in (1000, 100_000)]
    times += [time(1e-4, n, "GPU:0") for n in (1000, 100_000)]
    times += [time(4e-4, n, "GPU:0", quantity="transfer") for n in (1000, 100_000)]
    table = crossovers(*sides([measured("one", times)]))
    assert table["compute"].tolist() == pytest.approx([10_000])
    assert table["with transfer"].tolist() == pytest.approx([50_000])


def test_digits_that_differ_are_counted_and_the_witness_differs_most():
    one = measured("one", [], [result("0x1p+0", 0.1), result("0x2p+0", 0.2, point="1")])
    gpu = [result("0x1p+0", 0.1), result("0x3p+0", 7.0, "inaccurate", point="1")]
    two = measured("two", [], gpu)
    table = accuracy_differences(sides([one, two]))
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["points"], row["bits differ"], row["verdicts differ"]) == (2, 1, 1)
    assert (row["max ulp, first"], row["max ulp"]) == (0.2, 7.0)
    assert (row["input"], row["verdict"], row["computed"]) == ("0x1", "inaccurate", "0x3p+0")


def test_equal_digits_are_no_difference_nan_included():
    same = [result("nan, nan", math.nan, "spurious_nan")]
    table = accuracy_differences(sides([measured("a", [], same), measured("b", [], same)]))
    assert table.empty


def test_what_raises_on_one_side_is_named_and_what_was_not_measured_is_not():
    here = [result("0x1p+0", 0.1), result("0x1p+0", 0.1, variant="custom")]
    other = [result("0x1p+0", 0.1, subject="sigmoid")]
    gpu = result("0x1p+0", 0.1, device="GPU:0")
    found = sides([measured("a", [], [*here, gpu, *other]), measured("b", [], other)])
    rows = without_result(found)[["side", "subject", "variant"]].to_numpy().tolist()
    assert rows == [["a, GPU:0", "z_exp_z", "custom"]]


def test_the_passport_says_which_field_differs():
    three = [measured(str(n), [time(1e-3)], threads=n) for n in (1, 2)] + [
        measured("1 again", [time(1e-3)])
    ]
    table = passport_differences(three)
    assert table.to_dict("records") == [
        {"field": "cpu.threads", "1": "1", "2": "2", "1 again": "1"}
    ]


def test_another_suite_is_refused_with_the_field():
    two = [measured("a", [time(1)]), measured("b", [time(1)], suite="2")]
    with pytest.raises(TargetError, match=r"field suite differs \(1 in a, 2 in b\)"):
        comparable(two)


def test_another_formula_leaves_its_subject_out_and_nothing_left_is_refused():
    other = {"formulas": {"z_exp_z complex128": "g"}}
    kept = [time(1, subject="tanh")]
    both = [measured("a", [time(1), *kept]), measured("b", [time(1), *kept], **other)]
    left, notes = comparable(both)
    assert [set(m.times["subject"]) for m in left] == [{"tanh"}, {"tanh"}]
    assert notes == ["z_exp_z is not compared: the field formulas.z_exp_z complex128 differs"]
    with pytest.raises(TargetError, match=r"formulas\.z_exp_z complex128 differs"):
        comparable([measured("a", [time(1)]), measured("b", [time(1)], **other)])


def test_one_device_alone_is_no_comparison():
    with pytest.raises(TargetError, match="one device"):
        sides([measured("a", [time(1)])])


def test_a_measurement_is_read_back_as_it_was_kept(tmp_path):
    made = measured("here", [time(1.25e-3)], [result("0x1p+0", 0.5)])
    made.keep(tmp_path / "here")
    found = read(tmp_path / "here")
    assert found.name == "here"
    assert found.facts == made.facts
    assert found.times["value"].tolist() == [1.25e-3]
    pd.testing.assert_frame_equal(found.results, made.results)
    pd.testing.assert_frame_equal(found.points, made.points)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("measured.json", "{", "cannot be read"),
        ("measured.json", "{}", "it lacks format, passport"),
        ("measured.json", '{"format": 9, "passport": 0, "suite": 0, "formulas": 0, "points": 0}',
         "format 9, this argand reads 1"),
        ("times.csv", "a,b\n1,2\n", "lacks the columns subject"),
        ("times.csv", "", "cannot be read"),
        ("results.parquet", "PAR1", "cannot be read"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_named(tmp_path, file, content, words):
    measured("here", [time(1e-3)]).keep(tmp_path)
    (tmp_path / file).write_text(content)
    with pytest.raises(TargetError, match=words) as refused:
        read(tmp_path)
    assert file in str(refused.value)


def test_a_folder_without_facts_is_no_measurement(tmp_path):
    with pytest.raises(TargetError, match="holds no measurement"):
        read(tmp_path)
