"""The tables behind the figures: short in the page, whole in a CSV file beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from argand.report.times import DOUBLE
from argand.report.words import number, percent, spaced
from argand.verdict import FAILING, VERDICTS

MOST = 10  # rows of a table in the page
_SETTING = ["over", "upstream", "length", "device"]
_KEYS = ["study", "dtype", *_SETTING, "variant", "quantity", "by", "mode"]


@dataclass(frozen=True)
class Table:
    """A table for the page: ``rows`` of cells (text, whether it is a number). All ``total`` rows
    are in ``file``, None where the page shows them."""

    columns: list[str]
    rows: list[list[tuple[str, bool]]]
    total: int
    file: str | None


class Beside:
    """The CSV files that lie beside a page, by name: tables that the page shows in part."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.files: dict[str, str] = {}

    def table(
        self, frame: pd.DataFrame, name: str, whole: pd.DataFrame | None = None, most: int = MOST
    ) -> Table | None:
        """``frame`` for the page, at most ``most`` rows of it; None where it is empty.

        Where ``whole`` (else ``frame``) has more rows than are shown, it goes to the file
        ``name``.csv.
        """
        if frame.empty:
            return None
        whole = frame if whole is None else whole
        file = None
        if len(whole) > min(most, len(frame)):
            name = re.sub(r"[^\w.-]", "_", name)
            file = f"{self.folder}/{name}.csv"
            self.files[f"{name}.csv"] = whole.to_csv(index=False, lineterminator="\n")
        rows = [[_cell(v) for v in row] for row in frame.head(most).itertuples(index=False)]
        return Table([spaced(str(c)) for c in frame.columns], rows, len(whole), file)


def _cell(value: Any) -> tuple[str, bool]:
    if isinstance(value, bool):
        return ("yes" if value else "no"), False
    if isinstance(value, (int, float)) or hasattr(value, "dtype"):
        if pd.isna(value):
            return "—", True
        whole = float(value).is_integer() and abs(value) < 1e15
        return (f"{int(value):,}" if whole else number(float(value))), True
    return ("" if value is None else str(value)), False


def map_table(counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the page shows of the table of maps, in double precision; and the table itself.

    It has for each map: ``safe``, the share of points that are accurate among those whose exact
    result is a normal number; the largest error among the accurate; and the share of points with
    each verdict. Modes that agree share a row.
    """
    if counts.empty:
        return counts, counts
    right = counts["verdict"] == "accurate"
    names = {v.name: f"{v.glyph} {spaced(v.name)}" for v in VERDICTS}
    told = [
        "" if r else f"{names[v]} {percent(s)}"
        for r, v, s in zip(right, counts["verdict"], counts["share"], strict=True)
    ]
    columns = {
        "safe": counts["points"].where(right, 0),
        "judged": counts["points"].where(right | counts["failing"].astype(bool), 0),
        "max ulp": counts["max_ulp"].where(right).astype(float),
        "verdicts beside accurate": told,
    }
    maps = counts.assign(**columns).groupby(_KEYS, sort=False, dropna=False)
    table = maps[["safe", "judged"]].sum()
    table["max ulp"] = maps["max ulp"].max().round(2)
    table["verdicts beside accurate"] = maps["verdicts beside accurate"].agg(
        lambda shares: ", ".join(filter(None, shares)) or "none"
    )
    pairs = zip(table["safe"], table.pop("judged"), strict=True)
    table["safe"] = [percent(s / judged if judged else None) for s, judged in pairs]
    table = _merge(table.reset_index(), "mode")
    shown = table[table["dtype"].isin(DOUBLE)]
    shown = (shown if len(shown) else table).drop(
        columns=[c for c in _SETTING if _constant(table[c])]
    )
    return shown, table


def _constant(column: pd.Series) -> bool:
    return bool(column.nunique(dropna=False) < 2)


def frontier_table(frontiers: pd.DataFrame) -> pd.DataFrame:
    """The frontiers of one subject at which a failing verdict, or overflow, begins or ends.

    They are those of double precision and upstream 1. Modes that agree share a row.
    """
    counts = FAILING | {"overflow"}
    of = frontiers[
        frontiers["dtype"].isin(DOUBLE)
        & (frontiers["upstream"] == "1")
        & (frontiers["length"] == 0)
        & (frontiers["before"].isin(counts) | frontiers["after"].isin(counts))
    ]
    place = [f"{x:.17g}, {y:.17g}" for x, y in zip(of["x"], of["y"], strict=True)]
    rows = of.assign(place=place, before=of["before"].map(spaced), after=of["after"].map(spaced))
    rows = rows.rename(columns={"before": "up to here", "after": "then", "place": "x, y"})
    names = ["study", "variant", "mode", "quantity", "by", "ray", "up to here", "then", "x, y",
             "hex"]  # fmt: skip
    return _merge(rows[names].drop_duplicates(), "mode")


def error_table(errors: pd.DataFrame) -> pd.DataFrame:
    """What raised, or did not fit its input, instead of giving a result that can be judged."""
    if errors.empty:
        return errors
    first = ["variant", "quantity", "by", "mode"]
    last = [c for c in errors.columns if c not in (*first, "study", "dtype", "error")]
    table = errors[[*first, *last, "dtype", "study", "error"]]
    for name in ("mode", "dtype", "study"):
        table = _merge(table, name)
    return table


def distribution_table(exceeding: pd.DataFrame) -> pd.DataFrame:
    """The share of points with a larger error than 1, 4, 16 … ulp, by study and variant."""
    if exceeding.empty:
        return exceeding
    some = exceeding[exceeding["ulp"].isin([0.5, 1.0, 2.0, 4.0, 16.0, 2.0**10, 2.0**20, 2.0**53])]
    wide = some.assign(
        share=some["share"].map(percent), over=[f"> {u:g} ulp" for u in some["ulp"]]
    ).pivot_table("share", ["panel", "variant"], "over", aggfunc="first", sort=False)
    table = wide.reset_index().rename(columns={"panel": "study"})
    table.columns.name = None
    return table


def _merge(rows: pd.DataFrame, of: str) -> pd.DataFrame:
    """Rows that agree in all but ``of`` become one that lists theirs."""
    names = list(rows.columns)
    same = [name for name in names if name != of]
    grouped = rows.astype({of: str}).groupby(
        same, sort=False, dropna=False, observed=True, as_index=False
    )
    return grouped[of].agg(", ".join)[names]
