"""The page on which machines, commits or TensorFlow versions stand side by side."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from argand.compare.accuracy import accuracy_differences, without_result
from argand.compare.crossover import crossovers
from argand.compare.measured import Measured
from argand.compare.sides import Side, comparable, passport_differences, sides
from argand.compare.speed import relative, speeds
from argand.report.charts import ratios
from argand.report.shell import render, write
from argand.report.tables import Beside
from argand.report.words import number

_CELL = ["subject", "dtype"]


def compare(measured: Sequence[Measured], out: Path) -> int:
    """Write the page ``out``, and CSV files beside it; returns the page's size in bytes.

    All are compared with the first measurement's first device. Raises TargetError with the field's
    name for what cannot be compared, and where ``out`` cannot be written.
    """
    kept, notes = comparable(measured)
    found = sides(kept)
    times, digits, lacking = speeds(found), accuracy_differences(found), without_result(found)
    beside = Beside(f"{out.stem}.data")
    best = _best(times)
    text = render(
        "compare.html",
        sides=found,
        measured=kept,
        answers=_answers(found, best, digits, lacking),
        picture=ratios(best[best["side"] != found[0].label], found[0].label),
        best=beside.table(_rounded(best), "best"),
        digits=beside.table(digits, "digits"),
        crossings=beside.table(_crossings(found), "crossover"),
        times=beside.table(_rounded(times), "times"),
        passports=beside.table(passport_differences(kept), "passports", most=200),
        notes=[*notes, *_lacking(lacking)],
    )
    return write(out, text, beside.folder, beside.files)


def _best(times: pd.DataFrame) -> pd.DataFrame:
    """For each subject, dtype and side the fastest variant and mode, at the largest size that all
    sides have. ``ratio`` is to the first side's fastest."""
    common = [set(of["size"]) for _, of in times.groupby("side")]
    sizes = set.intersection(*common) if common else set()
    if not sizes:
        return times.head(0)
    of = times[times["size"] == max(sizes)].sort_values("nanoseconds", kind="stable")
    best = of.drop_duplicates([*_CELL, "side"])
    first = times["side"].iloc[0]
    there = best[best["side"] == first].set_index(_CELL)[["nanoseconds", "low", "high"]]
    joined = best.merge(there, how="left", on=_CELL, suffixes=("", "_first"))
    joined = relative(joined, "nanoseconds")
    order = {name: k for k, name in enumerate(dict.fromkeys(times["side"]))}
    joined = joined.sort_values(
        [*_CELL, "side"], key=lambda c: c.map(order) if c.name == "side" else c, kind="stable"
    )
    return joined[times.columns.drop("judgement")].reset_index(drop=True)


def _answers(
    found: Sequence[Side], best: pd.DataFrame, digits: pd.DataFrame, lacking: pd.DataFrame
) -> list[dict[str, Any]]:
    """One row for each subject and dtype: the fastest of each side, and whether digits differ."""
    rows = []
    tables = (best, digits, lacking)
    names = sorted({pair for t in tables for pair in zip(t["subject"], t["dtype"], strict=True)})
    for subject, dtype in names:
        own = best[(best["subject"] == subject) & (best["dtype"] == dtype)].set_index("side")
        cells = [_fastest(own, side.label, k == 0) for k, side in enumerate(found)]
        of, without = (t[(t["subject"] == subject) & (t["dtype"] == dtype)] for t in tables[1:])
        words = _digits(of, len(without))
        rows.append({"subject": subject, "dtype": dtype, "cells": cells, "digits": words})
    return rows


def _fastest(own: pd.DataFrame, label: str, is_first: bool) -> tuple[str, str]:
    if label not in own.index:
        return "not timed", ""
    row = own.loc[label]
    what = f"{number(row['nanoseconds'])} ns, {row['variant']} {row['mode']}"
    if is_first or math.isnan(row["ratio"]):
        return what, ""
    ratio, low, high = (_ratio(row[name]) for name in ("ratio", "ratio_low", "ratio_high"))
    return what, f"×{ratio} [{low}, {high}]"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def _digits(of: pd.DataFrame, lacking: int) -> str:
    words = []
    if len(of):
        verdicts, bits = int(of["verdicts differ"].sum()), int(of["bits differ"].sum())
        words.append(f"{bits} differ, {verdicts} in the verdict")
    if lacking:
        words.append(f"{lacking} without any")
    return "; ".join(words) or "the same"


def _lacking(found: pd.DataFrame) -> Iterator[str]:
    """A line for each side and subject that says which cells have no result."""
    for (side, subject), of in found.groupby(["side", "subject"], sort=False):
        cells = "; ".join(
            f"{variant} in {', '.join(dict.fromkeys(own['mode']))} "
            f"({', '.join(dict.fromkeys(own['dtype']))})"
            for variant, own in of.groupby("variant", sort=False)
        )
        why = "it raises there, or TensorFlow leaves it to the processor"
        yield f"no result of {subject} on {side}: {cells}; {why}"


def _crossings(found: Sequence[Side]) -> pd.DataFrame:
    """The processor of each measurement against its other devices."""
    tables = []
    for side in found:
        processors = [s for s in found if s.measured is side.measured and s.device == "CPU:0"]
        if processors and side.device != "CPU:0":
            table = crossovers(processors[0], side)
            tables.append(table.assign(side=side.label))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    numbers = table.select_dtypes("float").columns
    return table.assign(**{n: [_digits3(v) for v in table[n]] for n in numbers})


def _digits3(value: float) -> float:
    return float(f"{value:.4g}") if np.isfinite(value) else value
