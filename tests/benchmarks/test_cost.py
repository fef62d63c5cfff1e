"""What variants cost beside ``auto``: the lines and the medians over subjects."""

import subprocess
import sys
from pathlib import Path

import pytest

from argand.subject import MODES, TargetError
from argand.timing.statistics import Interval
from benchmarks.scripts.cost import VARIANTS, Cost, costs, medians


def cost(subject, value, variant="stable", mode="graph", dtype="complex64"):
    ratio = None if value is None else Interval(value, value * 0.9, value * 1.1, 30)
    return Cost(subject, dtype, mode, variant, ratio, "" if ratio else "ZeroDivisionError: no")


def test_the_median_is_over_subjects_not_over_dtypes():
    found = [
        cost("a", 1.0), cost("a", 4.0, dtype="complex128"), cost("b", 9.0), cost("c", 1.5),
        cost("c", None, dtype="complex128"), cost("a", 0.5, "custom"),
    ]  # fmt: skip
    assert medians(found) == [
        "custom ÷ auto, graph: median over 1 subjects 0.50 (0.50 to 0.50)",
        "stable ÷ auto, graph: median over 3 subjects 2.00 (1.50 to 9.00); 1 of 5 without a ratio",
    ]
    assert medians([cost("a", None)]) == [
        "stable ÷ auto, graph: no ratio; 1 of 1 without a ratio"
    ]  # fmt: skip


def test_a_line_says_the_interval_or_why_there_is_none():
    assert "1.00 [0.90 1.10] " in str(cost("z_exp_z", 1.0))
    assert str(cost("z_exp_z", None)).endswith("—  ZeroDivisionError: no")


def test_every_dtype_mode_and_variant_is_measured():
    found = list(costs(["exp_squared"], size=1000, seconds=0.0))
    assert [(c.dtype, c.mode, c.variant) for c in found] == [
        (d, m, v) for d in ("float32", "float64") for m in MODES for v in VARIANTS
    ]
    assert all(c.ratio is not None and c.ratio.value > 0 for c in found)


def test_an_unknown_subject_is_refused_in_one_line():
    with pytest.raises(TargetError):
        next(costs(["nothing"]))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scripts.cost", "nothing"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].count("nothing") == 1
