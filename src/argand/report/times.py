"""Which of asv's cells the page shows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from argand.subject import TargetError
from argand.timing.asv_results import COLUMNS, read_results

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
