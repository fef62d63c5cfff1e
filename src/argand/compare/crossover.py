"""From which size on another device is faster than the processor."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from argand.compare.sides import Side

CELL = ["subject", "variant", "dtype", "mode"]


def crossovers(processor: Side, other: Side) -> pd.DataFrame:
    """From which size on ``other`` is faster, for each cell (subject, variant, dtype, mode) of
    both.

    ``compute`` is that size with the operands on the device already, ``with transfer`` with the
    copies there and back. It is 0 where ``other`` is always faster, infinite where it never is.
    """
    here, there = (_seconds(side) for side in (processor, other))
    both = here.merge(there, on=[*CELL, "size"], suffixes=("", "_other")).reset_index()
    rows = []
    for where, cell in both.groupby(CELL, sort=False):
        cell = cell.sort_values("size")
        size = cell["size"].to_numpy(float)
        own, others, transfer = (
            cell[name].to_numpy(float) for name in ("time", "time_other", "transfer_other")
        )
        found = (crossover(size, own, others), crossover(size, own, others + transfer))
        rows.append([*where, *found])
    return pd.DataFrame(rows, columns=[*CELL, "compute", "with transfer"])


def crossover(size: np.ndarray, here: np.ndarray, there: np.ndarray) -> float:
    """The size beyond the last one at which ``there`` is not faster than ``here``.

    ``size``, ``here`` and ``there`` (seconds) have shape (sizes,). It is interpolated between
    sizes, logarithmically; 0 where ``there`` is faster throughout, infinite where it is not at the
    largest size, NaN where a time is.
    """
    with np.errstate(invalid="ignore"):
        advantage = np.log(here) - np.log(there)
    if np.isnan(advantage).any():
        return math.nan
    behind = np.flatnonzero(advantage <= 0)
    if not behind.size:
        return 0.0
    k = int(behind[-1])
    if k == size.size - 1:
        return math.inf
    share = advantage[k] / (advantage[k] - advantage[k + 1])
    return float(size[k] * (size[k + 1] / size[k]) ** share)


def _seconds(side: Side) -> pd.DataFrame:
    """Time and transfer by cell and size. All variants and modes have the same transfer."""
    measured = side.times[side.times["state"] == "measured"]
    times = measured[measured["quantity"] == "time"].set_index([*CELL, "size"])["value"]
    transfer = measured[measured["quantity"] == "transfer"]
    where = ["subject", "dtype", "size"]
    moved = transfer.drop_duplicates(where).set_index(where)["value"]
    table = times.to_frame("time")
    keys = pd.MultiIndex.from_frame(table.reset_index()[where])
    return table.assign(transfer=moved.reindex(keys).to_numpy(float))
