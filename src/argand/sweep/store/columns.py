"""The columns of a sweep's tables: whoever writes or reads one takes them from here."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

PLANE = ["study", "subject", "dtype", "over", "upstream", "length", "device"]  # which plane it is
MAP = ["variant", "mode", "quantity", "by"]  # which of the maps of a plane
POINT = ["x", "y", "verdict", "ulp"]  # of each point of a map
RANGES = {"x_low": "min", "x_high": "max", "y_low": "min", "y_high": "max", "max_ulp": "max"}


def _schema(columns: Sequence[str], numbers: Sequence[str]) -> pa.Schema:
    return pa.schema([(c, pa.float64() if c in numbers else pa.string()) for c in columns])


FRONTIERS = _schema([*MAP, "ray", "before", "after", "x", "y", "hex"], ["x", "y"])
WORST = _schema(
    [*MAP, "verdict", "ulp", "input", "at_upstream", "computed", "exact", "condition", "op",
     "source", "reason", "command"],
    ["ulp", "condition"],
)  # fmt: skip


def table(rows: Sequence[Sequence[object]], schema: pa.Schema) -> pa.Table:
    """The table whose rows are ``rows``, with a value for each column of ``schema`` in order."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.table([pa.array(c, t) for c, t in zip(columns, schema.types, strict=True)], schema)
