"""asv's result files as one tidy table: a row a cell, with its interval."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from argand.subject import DTYPES, TargetError
from argand.timing.statistics import Comparison, Interval, compare

COLUMNS = (
    "commit", "date", "machine", "environment", "tensorflow",
    "subject", "variant", "timed", "dtype", "mode", "size", "device",
    "quantity", "value", "low", "high", "unit", "samples", "state",
)  # fmt: skip
CELL = ("subject", "variant", "timed", "dtype", "mode", "size", "device", "quantity")
PRECISIONS = {"single": 32, "double": 64}
NOT_RESULTS = ("machine.json", "benchmarks.json")
VALUE_AND_GRADIENT = "value and gradient"


def read_results(
    folder: Path | str, timed: str | None = VALUE_AND_GRADIENT
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The table COLUMNS, and one line for each file that cannot be read, with the reason.

    ``folder`` has asv's results; the table has the cells in which ``timed`` was timed, with None
    all cells that the suite tracks. ``quantity`` is ``time``, ``floor``, ``ratio`` (to ``auto``;
    ``auto``'s own is the control), ``over_floor``, ``gradient_error`` or another ``track_`` name.
    ``low`` and ``high`` are the suite's 99.9 % interval of a ratio, else asv's of 99 %, NaN where
    there were no ``samples``. ``state`` is ``measured``, ``skipped`` or ``failed`` (a wrong
    gradient too), and ``value`` is NaN unless measured. Raises TargetError without a folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise TargetError(f"no folder {folder} with asv's results; run `make bench` first")
    rows: list[dict[str, Any]] = []
    unreadable = []
    try:
        described = _load(folder / "benchmarks.json")
    except (OSError, ValueError) as error:
        described = {}
        unreadable.append(f"{folder / 'benchmarks.json'}: {_reason(error)}")
    for file in sorted(folder.glob("*/*.json")):
        if file.name in NOT_RESULTS:
            continue
        try:
            rows += _bounded(list(_rows(_load(file), described)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            unreadable.append(f"{file}: {_reason(error)}")
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if timed is not None:
        table = table[table["timed"] == timed].reset_index(drop=True)
    table["size"] = table["size"].astype("Int64")
    table["samples"] = table["samples"].astype("Int64")
    table["date"] = pd.to_datetime(table["date"], unit="ms", utc=True)
    return table.astype({"value": float, "low": float, "high": float}), tuple(unreadable)


def compared(ratio: pd.Series) -> Comparison:
    """The verdict on a row of the table whose quantity is ``ratio``."""
    count = 0 if pd.isna(ratio["samples"]) else int(ratio["samples"])
    return compare(Interval(ratio["value"], ratio["low"], ratio["high"], count))


def _load(file: Path) -> dict[str, Any]:
    data = json.loads(file.read_text())
    if not isinstance(data, dict):
        raise ValueError(f"holds a {type(data).__name__}, not an object")
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error}"
    if isinstance(error, KeyError):
        return f"not a result of asv: the key {error} is missing"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _rows(data: dict[str, Any], described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    results = {
        name: dict(zip(data["result_columns"], columns, strict=False))
        for name, columns in data["results"].items()
    }
    kinds = _kinds(results)
    shared = {
        "commit": data["commit_hash"],
        "date": data["date"],
        "machine": data["params"]["machine"],
        "environment": data["env_name"],
        "tensorflow": data["requirements"].get("tensorflow"),
    }
    for name, result in results.items():
        if name not in described:
            raise ValueError(f"{name} is not in benchmarks.json; run asv again")
        tracked = name.rsplit(".", 1)[-1]
        quantity = tracked.removeprefix("track_")
        if quantity in ("complex", tracked):  # or what asv timed by itself
            continue
        axes, unit = described[name]["param_names"], described[name].get("unit")
        cells = list(product(*result["params"]))
        values, lows, highs, counts = (
            _column(result, key, len(cells))
            for key in ("result", "stats_ci_99_a", "stats_ci_99_b", "stats_repeat")
        )
        for cell, value, low, high, count in zip(cells, values, lows, highs, counts, strict=True):
            where = dict(zip(axes, map(_literal, cell), strict=True))
            precision = PRECISIONS.get(where.pop("precision", None))
            kind = kinds.get(where.get("subject"))
            failed, skipped = value is None, isinstance(value, float) and math.isnan(value)
            yield (
                shared
                | {"timed": VALUE_AND_GRADIENT if "variant" in where else None}
                | {k: v for k, v in where.items() if k in COLUMNS}
                | {
                    "dtype": DTYPES[kind, precision] if kind and precision else None,
                    "quantity": quantity,
                    "value": value,
                    "low": low,
                    "high": high,
                    "unit": unit,
                    "samples": count,
                    "state": "failed" if failed else "skipped" if skipped else "measured",
                }
            )


def _bounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows ``x_low`` and ``x_high`` of one file become the bounds of its rows ``x``."""
    found = {tuple(row.get(k) for k in CELL): row for row in rows}
    for key, row in found.items():
        for side in ("low", "high"):
            of = found.get((*key[:-1], str(key[-1]).removesuffix(f"_{side}")))
            if of is not None and of is not row and row["value"] is not None:
                of[side] = row["value"]
    return [r for r in rows if not r["quantity"].endswith(("_low", "_high"))]


def _column(result: dict[str, Any], key: str, cells: int) -> list[Any]:
    """asv leaves out a column that is empty throughout."""
    values = result.get(key)
    return [None] * cells if values is None else values


def _literal(text: str) -> Any:
    """A parameter as it was: asv stores its repr."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


def _kinds(results: dict[str, dict[str, Any]]) -> dict[Any, Any]:
    """Whether each subject is real or complex, as the suite's track_complex says."""
    for name, result in results.items():
        if name.endswith("track_complex"):
            subjects = map(_literal, result["params"][0])
            values = _column(result, "result", len(result["params"][0]))
            kinds = {1: "complex", 0: "real"}
            return {s: kinds.get(v) for s, v in zip(subjects, values, strict=True)}
    return {}
