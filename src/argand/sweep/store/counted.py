"""What a tile's maps hold, counted: kept with the tile, so that no reader needs its points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from argand.sweep.store.columns import POINT, RANGES


def summarize(table: pa.Table) -> list[dict[str, Any]]:
    """A row for each map and verdict in ``table``, in its order: how many ``points``, between
    which x and y they lie, and their ``max_ulp`` (None where there is nothing to compare)."""
    labels = [name for name in table.column_names if name not in POINT]
    group = np.zeros(table.num_rows, np.int64)
    words = {}
    for name in (*labels, "verdict"):
        codes, words[name] = _decoded(table, name)
        group = group * len(words[name]) + codes
    order = np.argsort(group, kind="stable")
    group = group[order]
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    if not starts.size:
        return []
    columns = {"points": np.diff(starts, append=group.size)}
    for name in "xy":
        codes, values = _decoded(table, name)  # the values ascend
        for end, reduce in (("low", np.minimum), ("high", np.maximum)):
            columns[f"{name}_{end}"] = np.array(values)[reduce.reduceat(codes[order], starts)]
    columns["max_ulp"] = np.fmax.reduceat(table["ulp"].to_numpy()[order], starts)
    rows = []
    for k, place in enumerate(group[starts]):
        at = np.unravel_index(place, [len(w) for w in words.values()])
        row = {name: w[code] for (name, w), code in zip(words.items(), at, strict=True)}
        row |= {name: column[k].item() for name, column in columns.items()}
        row["max_ulp"] = None if np.isnan(row["max_ulp"]) else row["max_ulp"]
        rows.append(row)
    return rows


def joined(tiles: Sequence[list[dict[str, Any]]]) -> pd.DataFrame:
    """The rows of ``tiles`` of one plane as those of the whole."""
    rows = pd.DataFrame([row for tile in tiles for row in tile])
    if rows.empty:
        return rows
    rows["max_ulp"] = rows["max_ulp"].astype(float)
    keys = [name for name in rows.columns if name not in ("points", *RANGES)]
    return rows.groupby(keys, sort=False, as_index=False).agg({"points": "sum"} | RANGES)


def places(table: pa.Table, name: str) -> np.ndarray:
    """Of each row, at which of the tile's values of ``name`` it lies, counted as they appear."""
    return _decoded(table, name)[0]


def _decoded(table: pa.Table, name: str) -> tuple[np.ndarray, list[Any]]:
    column = table[name].combine_chunks()
    if not pa.types.is_dictionary(column.type):  # as Parquet gives numbers back
        column = column.dictionary_encode()
    return column.indices.to_numpy(), column.dictionary.to_pylist()
