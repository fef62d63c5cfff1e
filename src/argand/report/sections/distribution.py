"""Distribution of errors: the share of the points whose gradient is further off than so much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from argand.report import charts
from argand.report.counts import exceeding
from argand.report.gathered import Gathered, Pictured
from argand.report.words import percent, spaced

TITLE = "Distribution of errors"
PLACE = 50
TEMPLATE = """
<p class="faint">Share of the points with something to compare whose gradient has an error above so
many ulp.</p>
{{ picture }}
{{ behind(shares, "errors of " ~ name ~ " by study", "The figures") }}
"""
_DRAWN = 2  # studies whose errors are drawn


def section(of: Gathered) -> dict[str, Any] | None:
    """The picture of the first studies, and the table of all."""
    whole = pd.DataFrame([row for plane in of.planes for row in _shares(plane)])
    if whole.empty:
        return None
    first = whole.drop_duplicates(["panel", "variant", "ulp"])
    drawn = first[first["panel"].isin(first["panel"].unique()[:_DRAWN])]
    return {
        "picture": charts.distribution(drawn, of.name),
        "shares": of.table(distribution_table(whole), "distribution", whole),
    }


def _shares(pictured: Pictured) -> Iterator[dict[str, Any]]:
    plane = pictured.maps.plane
    gradients = [p for p in pictured.shown if p.key["quantity"] == "gradient"]
    for panel in gradients:
        if panel.key["by"] != gradients[0].key["by"]:
            continue  # the picture shows the first input's; the counts have each
        shares = exceeding(panel, charts.THRESHOLDS)
        for ulp, share in zip(charts.THRESHOLDS, [] if shares is None else shares, strict=False):
            yield {
                "panel": f"{spaced(plane.study)}, {panel.title}",
                "over": plane.over,
                "variant": panel.key["variant"],
                "ulp": ulp,
                "share": share,
            }


def distribution_table(whole: pd.DataFrame) -> pd.DataFrame:
    """The share of points with a larger error than 1, 4, 16 … ulp, by study and variant."""
    some = whole[whole["ulp"].isin([0.5, 1.0, 2.0, 4.0, 16.0, 2.0**10, 2.0**20, 2.0**53])]
    wide = some.assign(
        share=some["share"].map(percent), over=[f"> {u:g} ulp" for u in some["ulp"]]
    ).pivot_table("share", ["panel", "variant"], "over", aggfunc="first", sort=False)
    table = wide.reset_index().rename(columns={"panel": "study"})
    table.columns.name = None
    return table
