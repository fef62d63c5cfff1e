"""The tables beneath the maps: modes that agree share a row."""

import pandas as pd

from argand.report.sections.pictures import error_table, map_table
from argand.sweep.store.columns import MAP, PLANE

PLACE = {
    "study": "window", "subject": "f", "dtype": "complex128", "over": "Re z, Im z",
    "upstream": "1", "length": 0, "device": "CPU:0", "variant": "auto", "mode": "graph",
    "quantity": "gradient", "by": "z",
}  # fmt: skip


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
