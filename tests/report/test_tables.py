"""Tables: short on the page, whole beside it; rows that agree become one."""

import numpy as np
import pandas as pd

from argand.report.tables import Beside, merge


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


def test_rows_that_agree_in_all_else_become_one():
    rows = pd.DataFrame({"variant": ["a", "b", "a"], "mode": ["eager", "eager", "xla"]})
    assert merge(rows, "mode").to_dict("list") == {
        "variant": ["a", "b"], "mode": ["eager, xla", "eager"],
    }  # fmt: skip
