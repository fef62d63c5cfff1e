"""A run on the terminal's screen: what each subject's variants gain, and what the control says."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

import pandas as pd
from rich import box
from rich.console import Console, Group
from rich.table import Table

from argand.timing.asv_results import compared

GLYPHS = {"faster": "−", "slower": "+", "same within 5 %": "=", "cannot tell": "?"}
CELL = ["subject", "dtype", "mode"]
WIDEST = ("complex128", "float64")


def console() -> Console:
    """The terminal, or 100 columns where there is none."""
    return Console(width=shutil.get_terminal_size().columns if sys.stdout.isatty() else 100)


def summarise(table: pd.DataFrame) -> Group:
    """The lines for the terminal, one for each subject and device.

    ``table`` is read_results' one, of one commit on one machine. A line tells of double precision,
    in the mode in which the subject is fastest.
    """
    measured = table[table["state"] == "measured"]
    times = measured[measured["quantity"] == "time"]
    if times.empty:
        return Group("no times: asv's messages say why", *_notes(table))
    largest = times["size"].max()
    here = measured[measured["size"] == largest]
    devices = list(here["device"].unique())
    shown = Table(
        title=f"value and gradient of {largest:,} numbers, double precision, fastest mode",
        caption="custom and stable: time ÷ auto's in the same rounds [99.9 % interval], − faster, "
        "+ slower, = same within 5 %, ? cannot tell (and the rounds that would decide). "
        "floor: the fastest ÷ one exponential and a copy. stream: its share of the streaming rate",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for name in ("subject", "mode", *(["device"] if len(devices) > 1 else [])):
        shown.add_column(name, no_wrap=True)
    for name in ("auto ms", "custom", "stable", "floor", "stream"):
        shown.add_column(name, justify="right", no_wrap=True)
    for (subject, device), of in here.groupby(["subject", "device"], sort=False):
        of = of[of["dtype"] == (set(WIDEST) & set(of["dtype"]) or set(of["dtype"])).pop()]
        took = of[of["quantity"] == "time"]
        if took.empty:
            continue
        best = took.loc[took["value"].idxmin()]
        rows = of[of["mode"] == best["mode"]].set_index(["variant", "quantity"])
        shown.add_row(
            subject, best["mode"], *([device] if len(devices) > 1 else []),
            _number(rows, ("auto", "time"), lambda v: f"{1e3 * v:.3g}"),
            *(_ratio(rows, (variant, "ratio")) for variant in ("custom", "stable")),
            _number(rows, (best["variant"], "over_floor"), lambda v: f"×{v:.2f}"),
            _number(rows, (best["variant"], "stream_share"), lambda v: f"{100 * v:.0f} %"),
        )  # fmt: skip
    return Group(shown, *_notes(table))


def _number(rows: pd.DataFrame, key: tuple[str, str], words: Callable[[float], str]) -> str:
    return words(rows.loc[key]["value"]) if key in rows.index else "—"


def _ratio(rows: pd.DataFrame, key: tuple[str, str]) -> str:
    if key not in rows.index:
        return "—"
    row = rows.loc[key]
    said = compared(row)
    rounds = "" if said.rounds_needed is None else f"{min(said.rounds_needed, 9999)}"
    value, low, high = (f"{x:.2f}" if x < 10 else f"{x:.3g}" for x in row[["value", "low", "high"]])
    return f"{value} [{low} {high}] {GLYPHS[said.judgement]}{rounds}"


def _notes(table: pd.DataFrame) -> list[str]:
    control = table[
        (table["quantity"] == "ratio")
        & (table["variant"] == "auto")
        & (table["state"] == "measured")
    ]
    said = [compared(row).judgement for _, row in control.iterrows()]
    different = sum(j in ("faster", "slower") for j in said)
    width = ((control["high"] - control["low"]) / (2 * control["value"])).median()
    notes = [f"control: auto against itself, {len(said)} pairs, {different} called different"]
    if said:
        notes[0] += f", typically ±{100 * width:.1f} %"
    failing = table[(table["quantity"] == "failing") & (table["value"] > 0)]
    if len(failing):
        worst = failing.groupby(["subject", "variant"], sort=False)["value"].max()
        words = (f"{subject} {variant} {n:.0f}" for (subject, variant), n in worst.items())
        notes.append(f"samples of 64 with a failing verdict, at worst: {', '.join(words)}")
    failed = table[(table["state"] == "failed") & (table["quantity"] == "time")]
    for (subject, variant, dtype), _ in failed.groupby(["subject", "variant", "dtype"]):
        notes.append(f"no time: {subject} {variant} {dtype}")
    return notes
