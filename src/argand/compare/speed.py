"""Times of the sides: per element, against the first side, and against the streaming rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from argand.compare.sides import Side
from argand.timing.statistics import Interval, compare

KEY = ["subject", "variant", "dtype", "mode", "size"]
_SECONDS = ["value", "low", "high"]
_RATIO = ["ratio", "ratio_low", "ratio_high"]


def speeds(found: Sequence[Side]) -> pd.DataFrame:
    """One row for each cell and side.

    ``nanoseconds`` are per element, with ``low`` and ``high``. ``ratio`` is to the first side's
    time, with its interval and ``judgement`` ("" for the first side itself). ``stream`` is the
    share of the side's own streaming rate that is reached.

    Two machines cannot be timed in turns, so a ratio's interval is all that the intervals of both
    times allow. It is wider than a paired one.
    """
    first = _cells(found[0])
    tables = []
    for side in found:
        joined = _cells(side).merge(first, how="left", on=KEY, suffixes=("", "_first"))
        rows = relative(joined, "value").reset_index()
        bounds = rows[_RATIO].itertuples(index=False)
        rows["judgement"] = "" if side is found[0] else [_judgement(*b) for b in bounds]
        rows["stream"] = _share(side, rows)
        rows[_SECONDS] = rows[_SECONDS].mul(1e9 / rows["size"].astype(float), axis=0)
        tables.append(rows.rename(columns={"value": "nanoseconds"}).assign(side=side.label))
    columns = [*KEY, "side", "nanoseconds", "low", "high", *_RATIO, "judgement", "stream"]
    return pd.concat(tables, ignore_index=True)[columns]


def relative(rows: pd.DataFrame, time: str) -> pd.DataFrame:
    """``rows`` with ``ratio``, the column ``time`` ÷ ``time``_first, and its interval.

    The interval is what those of both times allow: ``low`` to ``high``, ``low_first`` to
    ``high_first``.
    """
    return rows.assign(
        ratio=rows[time] / rows[f"{time}_first"],
        ratio_low=rows["low"] / rows["high_first"],
        ratio_high=rows["high"] / rows["low_first"],
    )


def _cells(side: Side) -> pd.DataFrame:
    times = side.times[(side.times["quantity"] == "time") & (side.times["state"] == "measured")]
    return times.set_index(KEY)[_SECONDS]


def _judgement(ratio: float, low: float, high: float) -> str:
    return compare(Interval(ratio, low, high, 0)).judgement if ratio > 0 else "not timed there"


def _share(side: Side, rows: pd.DataFrame) -> np.ndarray:
    """The share of the streaming rate that each row reaches: the floor ``stream``'s time ÷ its own,
    for ``stream`` reads and writes as much as value and gradient do."""
    of = side.times[(side.times["quantity"] == "floor") & (side.times["variant"] == "stream")]
    where = ["subject", "dtype", "mode", "size"]
    floor = of.set_index(where)["value"].reindex(pd.MultiIndex.from_frame(rows[where]))
    share: np.ndarray = floor.to_numpy(float) / rows["value"].to_numpy(float)
    return share
