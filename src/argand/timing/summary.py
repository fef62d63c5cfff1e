"""A run in a screenful: times and ratios at the largest size, and what the control says."""

from __future__ import annotations

import pandas as pd
from rich.console import Group
from rich.table import Table

from argand.timing.statistics import Comparison, Interval, compare

GLYPHS = {"faster": "−", "slower": "+", "same within 5 %": "=", "cannot tell": "?"}
COLUMNS = {  # heading: the variant and quantity below it
    "auto": ("auto", "time"),
    "custom": ("custom", "ratio"),
    "stable": ("stable", "ratio"),
    "floor": ("exp_copy", "floor"),
}


def summarise(table: pd.DataFrame) -> Group:
    """For the terminal: ``table`` is read_results' one, of one commit on one machine."""
    measured = table[table["state"] == "measured"]
    times = measured[measured["quantity"] == "time"]
    if times.empty:
        return Group("no times: asv's messages above say why", *_notes(table))
    largest = times["size"].max()
    shown = Table(
        title=f"value and gradient of {largest:,} points",
        caption="ms; custom and stable in times auto: − faster, + slower, = same within 5 %, "
        "? cannot tell; floor: one exponential and a copy",
        box=None,
    )
    for name in ("subject", "dtype", "mode"):
        shown.add_column(name, no_wrap=True)
    for name in COLUMNS:
        shown.add_column(name, justify="right", no_wrap=True)
    for where, cell in measured[measured["size"] == largest].groupby(
        ["subject", "dtype", "mode"], sort=False
    ):
        rows = cell.set_index(["variant", "quantity"])
        shown.add_row(*map(str, where), *(_words(rows, key) for key in COLUMNS.values()))
    return Group(shown, *_notes(table))


def _words(rows: pd.DataFrame, key: tuple[str, str]) -> str:
    if key not in rows.index:
        return "—"
    row = rows.loc[key]
    if key[1] != "ratio":
        return f"{1e3 * row['value']:.3g}"
    return f"×{row['value']:.2f} {GLYPHS[judge(row).judgement]}"


def judge(ratio: pd.Series) -> Comparison:
    """The verdict on a row whose quantity is ``ratio``."""
    count = 0 if pd.isna(ratio["samples"]) else int(ratio["samples"])
    return compare(Interval(ratio["value"], ratio["low"], ratio["high"], count))


def _notes(table: pd.DataFrame) -> list[str]:
    control = table[
        (table["quantity"] == "ratio")
        & (table["variant"] == "auto")
        & (table["state"] == "measured")
    ]
    said = [judge(row).judgement for _, row in control.iterrows()]
    different = sum(j in ("faster", "slower") for j in said)
    width = ((control["high"] - control["low"]) / (2 * control["value"])).median()
    notes = [f"control: auto against itself, {len(said)} pairs, {different} called different"]
    if said:
        notes[0] += f", typically ±{100 * width:.1f} %"
    counts = table.groupby(["quantity", "state"]).size()
    for (quantity, state), count in counts.items():
        if state != "measured":
            notes.append(f"{count} of {quantity} {state}")
    failed = table[(table["state"] == "failed") & (table["quantity"] == "time")]
    for (subject, variant, dtype), _ in failed.groupby(["subject", "variant", "dtype"]):
        notes.append(f"no time: {subject} {variant} {dtype} (asv run --show-stderr says why)")
    return notes
