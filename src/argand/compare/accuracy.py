"""Where two sides give different results at the same points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from argand.compare.sides import Side

KEY = ["subject", "variant", "dtype", "mode", "quantity", "by"]
_POINT = [*KEY, "point"]


_WITNESS = ["point", "computed, first", "computed", "verdict, first", "verdict"]


def accuracy_differences(found: Sequence[Side]) -> pd.DataFrame:
    """One row for each quantity and side whose results differ from the first side's.

    ``bits differ`` and ``verdicts differ`` count the ``points`` that do; ``max ulp`` is the largest
    error, of the side and of the first. The witness is the point that differs most: its ``input``
    and ``upstream`` in hexadecimal, and both results and verdicts.
    """
    first = found[0]
    columns = [
        *KEY, "side", "points", "bits differ", "verdicts differ", "max ulp, first", "max ulp",
        "input", "upstream", *_WITNESS[1:],
    ]  # fmt: skip
    tables = [pd.DataFrame(columns=columns), *(_between(first, other) for other in found[1:])]
    whole = pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)
    points = first.measured.points
    if len(whole):
        whole = whole.merge(points, on=["subject", "dtype", "point"], how="left")
    return whole[columns]


def without_result(found: Sequence[Side]) -> pd.DataFrame:
    """One row for each cell (subject, variant, dtype, mode) of which a ``side`` has no result.

    Another side has one: here the variant raises, or TensorFlow leaves it to the processor. What a
    side did not measure at all is not missed.
    """
    cell = ["subject", "variant", "dtype", "mode"]
    have = [(side.label, side.results[cell].drop_duplicates()) for side in found]
    whole = pd.concat([table for _, table in have]).drop_duplicates()
    rows = []
    for label, table in have:
        asked = whole.merge(table[["subject", "dtype"]].drop_duplicates())
        lacking = asked.merge(table, how="left", indicator=True)
        lacking = lacking[lacking.pop("_merge") == "left_only"]
        rows.append(lacking.assign(side=label))
    return pd.concat(rows, ignore_index=True)[["side", *cell]]


def _between(first: Side, other: Side) -> pd.DataFrame:
    both = other.results.merge(first.results, on=[*KEY, "point"], suffixes=("", ", first"))
    both["bits"] = both["computed"] != both["computed, first"]
    both["verdicts"] = both["verdict"] != both["verdict, first"]
    # Errors may be infinite or NaN; a verdict that differs comes before any difference of errors.
    errors = both[["ulp", "ulp, first"]].fillna(0.0).clip(upper=1e300)
    both["far"] = np.abs(errors["ulp"] - errors["ulp, first"]) + both["verdicts"] * 1e301
    rows = both.groupby(KEY, sort=False, observed=True).agg(
        **{
            "points": ("point", "size"),
            "bits differ": ("bits", "sum"),
            "verdicts differ": ("verdicts", "sum"),
            "max ulp, first": ("ulp, first", "max"),
            "max ulp": ("ulp", "max"),
        }
    )
    differing = both[both["bits"]].sort_values("far", ascending=False, kind="stable")
    witnesses = differing.drop_duplicates(KEY)[[*KEY, *_WITNESS]]
    return rows.reset_index().merge(witnesses, on=KEY).assign(side=other.label)
