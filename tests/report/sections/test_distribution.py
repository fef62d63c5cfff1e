"""The table beneath the distribution of errors."""

import pandas as pd

from argand.report.sections.distribution import distribution_table


def test_the_distribution_has_a_column_for_some_thresholds():
    rows = [
        {"panel": "window, value", "variant": "auto", "ulp": u, "share": s}
        for u, s in ((0.5, 1.0), (3.0, 0.5), (4.0, 0.25))
    ]
    table = distribution_table(pd.DataFrame(rows))
    assert table.to_dict("records") == [
        {"study": "window, value", "variant": "auto", "> 0.5 ulp": "100 %", "> 4 ulp": "25.0 %"}
    ]
