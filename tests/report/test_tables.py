"""Tables: short on the page, whole beside it; modes that agree share a row."""

import numpy as np
import pandas as pd

from argand.report.tables import (
    Beside,
    distribution_table,
    error_table,
    frontier_table,
    map_table,
)
from argand.sweep.store.results import MAP, PLANE

PLACE = {
    "study": "window", "subject": "f", "dtype": "complex128", "over": "Re z, Im z",
    "upstream": "1", "length": 0, "device": "CPU:0", "variant": "auto", "mode": "graph",
    "quantity": "gradient", "by": "z",
}  # fmt: skip


def test_what_is_not_shown_lies_in_a_file_under_a_safe_name():
    beside = Beside("page.data")
    short = beside.table(pd.DataFrame({"a_b": range(3)}), "f/g", most=3)
    assert (short.columns, short.total, short.file) == (["a b"], 3, None)
    assert beside.files == {}
    cut = beside.table(pd.DataFrame({"a_b": range(4)}), "f/g", most=3)
    assert (len(cut.rows), cut.total, cut.file) == (3, 4, "page.data/f_g.csv")
    assert beside.files["f_g.csv"] == "a_b\n0\n1\n2\n3\n"
    assert beside.table(pd.DataFrame(), "nothing") is None


def test_a_table_that_shows_few_columns_keeps_all_in_its_file():
    beside = Beside("d")
    shown, whole = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    assert beside.table(shown, "t", whole).total == 2
    assert beside.files["t.csv"].splitlines()[0] == "a,b"


def test_cells_are_words_or_numbers_to_be_aligned():
    frame = pd.DataFrame(
        {"a": [True, None, 12345.0, -0.25, np.nan, "x"]}, dtype=object
    )  # fmt: skip
    cells = [row[0] for row in Beside("d").table(frame, "t").rows]
    assert cells == [
        ("yes", False), ("", False), ("12,345", True), ("−0.25", True), ("—", True), ("x", False),
    ]  # fmt: skip


def counted(verdict, points, failing=False, **more):
    row = PLACE | {"verdict": verdict, "failing": failing, "points": points, "max_ulp": 0.5}
    return row | {"share": points / 100} | more


def test_a_map_is_a_row_and_modes_that_agree_share_it():
    counts = pd.DataFrame(
        [
            counted(v, n, v == "wrong", mode=mode, dtype=dtype)
            for mode in ("graph", "xla")
            for dtype in ("complex64", "complex128")
            for v, n in (("accurate", 60), ("wrong", 20), ("overflow", 20))
        ]
    )
    shown, whole = map_table(counts)
    assert shown["mode"].tolist() == ["graph, xla"]
    assert shown["safe"].tolist() == ["75.0 %"]
    assert shown["verdicts beside accurate"][1] == "✗ wrong 20.0 %, ∞ overflow 20.0 %"
    assert "upstream" not in shown
    assert whole["dtype"].tolist() == ["complex64", "complex128"]


def test_frontiers_of_failing_verdicts_and_of_overflow_are_shown():
    def frontier(before, after, **more):
        return PLACE | {"ray": "Re z", "before": before, "after": after, "x": 1.0, "y": 0.0,
                        "hex": "0x1p+0"} | more  # fmt: skip

    table = frontier_table(
        pd.DataFrame(
            [
                frontier("accurate", "spurious_nan"),
                frontier("accurate", "spurious_nan", mode="xla"),
                frontier("overflow", "accurate"),
                frontier("accurate", "flushed"),
                frontier("accurate", "wrong", dtype="complex64"),
                frontier("accurate", "wrong", upstream="0.5"),
            ]
        )
    )
    assert table["then"].tolist() == ["spurious nan", "accurate"]
    assert table["mode"].tolist() == ["graph, xla", "graph"]


def test_errors_are_merged_over_modes_dtypes_and_studies():
    row = {name: PLACE[name] for name in (*MAP, "study", "dtype")} | {"error": "raised"}
    errors = pd.DataFrame(
        [row | {"mode": m, "dtype": d} for d in ("float32", "float64") for m in ("eager", "xla")]
    )
    table = error_table(errors)
    assert len(table) == 1
    assert (table["mode"][0], table["dtype"][0]) == ("eager, xla", "float32, float64")
    assert error_table(errors.head(0)).empty
    assert set(PLANE) - set(table.columns)  # a plane's other columns are not an error's


def test_the_distribution_has_a_column_for_some_thresholds():
    rows = [
        {"panel": "window, value", "variant": "auto", "ulp": u, "share": s}
        for u, s in ((0.5, 1.0), (3.0, 0.5), (4.0, 0.25))
    ]
    table = distribution_table(pd.DataFrame(rows))
    assert table.to_dict("records") == [
        {"study": "window, value", "variant": "auto", "> 0.5 ulp": "100 %", "> 4 ulp": "25.0 %"}
    ]
