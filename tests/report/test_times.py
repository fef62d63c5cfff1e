"""Times on the page: what was measured, with its interval, and nothing for what is wrong."""

import itertools

import pandas as pd
import pytest

from argand.report import charts
from argand.report.answer import speeds
from argand.report.sections.timings import over_commits, times_table
from argand.report.times import of_subject


@pytest.fixture(scope="module")
def times():
    """auto at 1 ms for 10⁶ elements, custom in 0.7 of it, its float32 cells failed."""
    rows = []
    for dtype, size, variant in itertools.product(
        ["complex64", "complex128"], [1000, 10**6], ["auto", "custom"]
    ):
        ratio = 0.7 if variant == "custom" else 1.0
        failed = dtype == "complex64" and variant == "custom"
        for quantity, value in (("time", 1e-9 * size * ratio), ("ratio", ratio)):
            rows.append(
                {
                    "commit": "abc", "subject": "f", "variant": variant, "dtype": dtype,
                    "mode": "graph", "size": size, "quantity": quantity,
                    "value": float("nan") if failed else value, "low": 0.98 * value,
                    "high": 1.02 * value, "samples": 30,
                    "state": "failed" if failed else "measured",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def test_the_answer_quotes_the_largest_size_in_double_precision(times):
    (speed,) = speeds(times, "f", "custom")
    assert str(speed) == "graph ×0.70 [0.69, 0.71] faster"
    assert list(speeds(times, "f", "auto")) == []
    assert list(speeds(times, "g", "custom")) == []
    assert list(speeds(times.head(0), "f", "custom")) == []


def test_the_table_has_times_ratios_and_the_control_and_no_failed_cell(times):
    table = times_table(of_subject(times, "f")).set_index(["dtype", "mode", "size"])
    assert table.loc[("complex128", "graph", 10**6), "custom, ms"] == "0.7"
    assert table.loc[("complex128", "graph", 10**6), "custom ÷ auto"].endswith("faster")
    assert "same" in table.loc[("complex128", "graph", 1000), "control: auto ÷ auto"]
    assert table.loc[("complex64", "graph", 10**6), "custom, ms"] == "—"


def test_the_picture_is_small_text_that_says_what_it_shows(times):
    drawn = charts.times(of_subject(times, "f"), "f")
    assert drawn.startswith("<svg")
    assert 'aria-label="Time of value and gradient of f' in drawn
    assert "#0072b2" not in drawn  # colours are the page's, light or dark
    assert len(drawn) < 20_000
    assert drawn == charts.times(of_subject(times, "f"), "f")


def test_the_history_is_of_the_largest_size_in_the_order_of_dates(times):
    times["date"] = pd.Timestamp("2026-01-02")
    older = times.assign(commit="old", date=pd.Timestamp("2026-01-01"))
    found = over_commits(of_subject(pd.concat([times, older]), "f"))
    assert list(dict.fromkeys(found["commit"])) == ["old", "abc"]
    assert set(found["size"]) == {10**6}
    assert over_commits(of_subject(times.head(0), "f")).empty
