"""What the maps of a plane hold, counted: a row for each map and verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from argand.report.maps import ABSENT, Maps, Panel
from argand.sweep.store.columns import MAP, PLANE
from argand.sweep.store.counted import joined
from argand.verdict import CODE, FAILING, VERDICTS

COLUMNS = [*PLANE, *MAP, "verdict", "failing", "points", "share", "x_low", "x_high", "y_low",
           "y_high", "x_label", "y_label", "max_ulp", "x_worst", "y_worst"]  # fmt: skip


def counts(of: Maps) -> pd.DataFrame:
    """The table COLUMNS, a row for each map and verdict: how many points have it, where they lie,
    and their largest finite error with its place."""
    rows = [row for panel in of.panels for row in _of_map(of, panel)]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=COLUMNS)


def kept(facts: dict[str, Any]) -> pd.DataFrame:
    """The table COLUMNS of a plane, from the counts that were kept with its tiles.

    No point is read, so the place of the largest error is not known.
    """
    rows = joined(facts["summary"])
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    of = {name: facts[name] for name in PLANE}
    labels = {f"{a}_label": facts[a]["label"] for a in "xy"}
    total = rows.groupby(MAP, dropna=False)["points"].transform("sum")
    failing = rows["verdict"].isin(FAILING)
    rows = rows.assign(
        **of, **labels, share=rows["points"] / total, failing=failing, x_worst=np.nan,
        y_worst=np.nan, max_ulp=rows["max_ulp"].where(np.isfinite(rows["max_ulp"])),
    )  # fmt: skip
    return rows[COLUMNS]


def _of_map(of: Maps, panel: Panel) -> Iterator[dict[str, Any]]:
    plane, x, y = of.plane, of.x, of.y
    whole = int((panel.verdicts != ABSENT).sum())
    for verdict in VERDICTS:
        there = panel.verdicts == verdict.code
        points = int(there.sum())
        if not points:
            continue
        columns, rows = np.flatnonzero(there.any(axis=0)), np.flatnonzero(there.any(axis=1))
        row: dict[str, Any] = {
            **{name: getattr(plane, name) for name in PLANE}, **panel.key,
            "verdict": verdict.name, "failing": verdict.failing,
            "points": points, "share": points / whole,
            "x_low": x[columns[0]], "x_high": x[columns[-1]],
            "y_low": y[rows[0]], "y_high": y[rows[-1]],
            "x_label": plane.x["label"], "y_label": plane.y["label"],
            "max_ulp": np.nan, "x_worst": np.nan, "y_worst": np.nan,
        }  # fmt: skip
        comparable = there & np.isfinite(panel.ulps)
        if comparable.any():
            at = np.unravel_index(np.where(comparable, panel.ulps, -1).argmax(), there.shape)
            row |= {"max_ulp": float(panel.ulps[at]), "y_worst": y[at[0]], "x_worst": x[at[1]]}
        yield row


def exceeding(panel: Panel, thresholds: np.ndarray) -> np.ndarray | None:
    """The share of the points whose error is above each of ``thresholds`` (in ulp).

    Points with nothing to compare do not count; an infinite error is above every threshold.
    Returns None where no point counts.
    """
    ulps = panel.ulps[~np.isnan(panel.ulps) & (panel.verdicts != CODE["undefined"])]
    if not ulps.size:
        return None
    below: np.ndarray = np.searchsorted(np.sort(ulps), thresholds, side="right") / ulps.size
    return 1 - below
