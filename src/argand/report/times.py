"""Times on the page: which of asv's cells are shown, their table, and the history of commits."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from argand.subject import TargetError
from argand.timing.asv_results import COLUMNS, compared, read_results

PER_ELEMENT = "ns an element"
DOUBLE = ("float64", "complex128")


def read_times(folder: Path) -> tuple[pd.DataFrame, list[str]]:
    """Every cell of the machine that was timed last, and what a reader must be told."""
    try:
        times, unreadable = read_results(folder)
    except TargetError as error:
        times, unreadable = pd.DataFrame(columns=list(COLUMNS)), (str(error),)
    notes = [f"not read: {line}" for line in unreadable]
    if len(times):
        latest = times.sort_values("date", kind="stable").iloc[-1]
        others = sorted(set(times["machine"]) - {latest["machine"]})
        if others:
            notes.append(f"times of {latest['machine']} are shown, not of {', '.join(others)}")
        times = times[times["machine"] == latest["machine"]]
    return times, notes


def newest(times: pd.DataFrame) -> pd.DataFrame:
    """The cells of the latest commit."""
    return times[times["date"] == times["date"].max()] if len(times) else times


def of_subject(times: pd.DataFrame, subject: str) -> pd.DataFrame:
    """The measured cells of ``subject``, with the time of an element in nanoseconds."""
    of = times[(times["subject"] == subject) & (times["state"] == "measured")]
    return of.assign(**{PER_ELEMENT: 1e9 * of["value"] / of["size"].astype(float)})


def times_table(cells: pd.DataFrame) -> pd.DataFrame:
    """For each dtype, mode and size the milliseconds of each variant and floor, and ratios to
    ``auto``.

    A ratio has its interval and verdict. ``auto`` against itself is the control.
    """
    keys = ["dtype", "mode", "size"]
    milliseconds = (
        cells[cells["quantity"].isin(["time", "floor"])]
        .assign(words=lambda c: [f"{1e3 * v:.3g}" for v in c["value"]])
        .pivot_table("words", keys, "variant", aggfunc="first", sort=False)
    )
    ratios = cells[cells["quantity"] == "ratio"].copy()
    ratios["words"] = [
        f"{r['value']:.2f} [{r['low']:.2f}, {r['high']:.2f}] {compared(r).judgement}"
        for _, r in ratios.iterrows()
    ]
    ratios["variant"] = [
        "control: auto ÷ auto" if v == "auto" else f"{v} ÷ auto" for v in ratios["variant"]
    ]
    wide = ratios.pivot_table("words", keys, "variant", aggfunc="first", sort=False)
    joined = milliseconds.rename(columns=lambda v: f"{v}, ms").join(wide)
    return joined.fillna("—").reset_index()


def over_commits(cells: pd.DataFrame) -> pd.DataFrame:
    """The times of one subject's variants over commits, the oldest first.

    They are those of the largest size in double precision, in graph mode if that was timed.
    """
    of = cells[(cells["quantity"] == "time") & cells["dtype"].isin(DOUBLE)]
    if of.empty:
        return of
    modes = list(dict.fromkeys(of["mode"]))
    of = of[of["mode"] == ("graph" if "graph" in modes else modes[0])]
    of = of[of["size"] == of["size"].max()].sort_values("date", kind="stable")
    return of[["commit", "date", "variant", "mode", "dtype", "size", "value", PER_ELEMENT]]
