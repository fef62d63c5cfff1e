"""The tables beneath the maps."""

from __future__ import annotations

import pandas as pd

from argand.sweep.results import MAP, Plane
from argand.verdict import VERDICTS

_NAMES = ["variant", "quantity", "by"]


def verdict_table(plane: Plane) -> pd.DataFrame:
    """For each variant and quantity, in all modes: ``safe``, the share of points that are
    accurate among those whose exact result is a normal number; the largest error among the
    accurate; and how many points have each verdict. Modes that agree share a row."""
    keys = [*_NAMES, "mode"]
    grouped = plane.points.groupby([*keys, "verdict"], observed=True, sort=False)
    counts = grouped.size().unstack("verdict", fill_value=0)
    accurate = plane.points[plane.points["verdict"] == "accurate"]
    ulps = accurate.groupby(keys, observed=True, sort=False)["ulp"].max()
    present = [v for v in VERDICTS if v.name in counts.columns]
    judged = counts[[v.name for v in present if v.failing or v.name == "accurate"]].sum(axis=1)
    right = counts["accurate"] if "accurate" in counts else 0 * judged
    rows = counts[[v.name for v in present]]
    rows.insert(0, "safe", right / judged.where(judged > 0))
    rows.insert(1, "max ulp", ulps.reindex(rows.index).round(2))
    return _merge_modes(rows.reset_index())


def error_table(plane: Plane) -> pd.DataFrame:
    """What raised, or did not fit its input, instead of giving a result that can be judged."""
    return _merge_modes(pd.DataFrame(plane.errors, columns=[*MAP, "error"]))


def frontier_table(frontiers: pd.DataFrame) -> pd.DataFrame:
    """Of one subject's frontiers, those at which a verdict that counts begins or ends, in double
    precision; modes that agree share a row."""
    counts = [v.name for v in VERDICTS if v.failing or v.name == "overflow"]
    of = frontiers[
        frontiers["dtype"].isin(["float64", "complex128"])
        & (frontiers["upstream"] == "1")
        & (frontiers["length"] == 0)
        & (frontiers["before"].isin(counts) | frontiers["after"].isin(counts))
    ]
    rows = of.assign(place=[f"{x:.17g}, {y:.17g}" for x, y in zip(of["x"], of["y"], strict=True)])
    rows = rows.rename(columns={"before": "up to here", "after": "then", "place": "x, y"})
    rows = rows[[*MAP, "ray", "up to here", "then", "x, y", "hex"]]
    return _merge_modes(rows.drop_duplicates())


def _merge_modes(rows: pd.DataFrame) -> pd.DataFrame:
    names = list(rows.columns)
    same = [name for name in names if name != "mode"]
    grouped = rows.astype({"mode": str}).groupby(
        same, sort=False, dropna=False, observed=True, as_index=False
    )
    return grouped["mode"].agg(", ".join)[names]
