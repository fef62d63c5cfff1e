"""The tables behind the figures: short in the page, whole in a CSV file beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from argand.report.words import number, spaced

MOST = 10  # rows of a table in the page


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


def merge(rows: pd.DataFrame, of: str) -> pd.DataFrame:
    """Rows that agree in all but ``of`` become one that lists theirs."""
    names = list(rows.columns)
    same = [name for name in names if name != of]
    grouped = rows.astype({of: str}).groupby(
        same, sort=False, dropna=False, observed=True, as_index=False
    )
    return grouped[of].agg(", ".join)[names]
