"""The worst cases of a subject: a witness for each way in which a variant fails, and the command
that shows the exact numbers there."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pandas as pd

from argand.report.times import DOUBLE
from argand.report.words import portable, spaced
from argand.verdict import VERDICTS

COLUMNS = ["variant", "quantity", "verdict", "dtype", "modes", "ulp", "input", "upstream",
           "computed", "exact", "condition", "blame", "what", "replay"]  # fmt: skip
_ROUNDING = {v.name for v in VERDICTS if v.failing}
_CONDITION = re.compile(r"Condition number ([^,]+), ")


def from_sweep(worst: pd.DataFrame) -> pd.DataFrame:
    """The failing cases of ``worst`` (one subject's, of a sweep): for each variant, quantity,
    verdict and dtype the one that is furthest off, with the modes that have it; double first."""
    failing = worst[worst["verdict"].isin(_ROUNDING)]
    rows = []
    for _, of in failing.groupby(["variant", "quantity", "by", "verdict", "dtype"], sort=False):
        at = of.loc[of["ulp"].astype(float).fillna(0).idxmax()]
        condition = at["condition"]
        rows.append(
            {
                "variant": at["variant"],
                "quantity": f"{at['quantity']} by {at['by']}" if at["by"] else at["quantity"],
                "verdict": spaced(at["verdict"]),
                "dtype": at["dtype"],
                "modes": ", ".join(dict.fromkeys(of["mode"])),
                "ulp": float(at["ulp"]),
                "input": str(at["input"]),
                "upstream": str(at["at_upstream"]),
                "computed": str(at["computed"]),
                "exact": str(at["exact"]),
                "condition": "" if pd.isna(condition) else f"{condition:.3g}",
                "blame": ", ".join(p for p in (at["op"], portable(at["source"])) if p),
                "what": portable(at["reason"]),
                "replay": portable(at["command"]),
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    double = table["dtype"].isin(DOUBLE)
    return pd.concat([table[double], table[~double]], ignore_index=True)


def from_check(check: dict[str, Any]) -> pd.DataFrame:
    """The rounding findings of ``check``, each once for all modes that fail at the same place;
    double precision first."""
    kinds = [i["kind"] for i in check["subject"]["inputs"]]
    target, double = check["target"], check["subject"]["dtypes"][-1]
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for f in check["findings"]:
        if f["kind"] not in _ROUNDING or not f["input"]:
            continue
        key = (f["variant"], f["quantity"], f["kind"], f["dtype"])
        if key in rows:
            if f["mode"] not in rows[key]["modes"].split(", "):
                rows[key]["modes"] += f", {f['mode']}"
            continue
        condition = _CONDITION.search(f["message"])
        rows[key] = {
            "variant": f["variant"],
            "quantity": f["quantity"],
            "verdict": spaced(f["kind"]),
            "dtype": f["dtype"],
            "modes": f["mode"],
            "ulp": math.nan,
            "input": ", ".join(f["input"]),
            "upstream": f["upstream"],
            "computed": f["computed"],
            "exact": f["exact"],
            "condition": condition[1] if condition else "",
            "blame": ", ".join(p for p in (f["op"], portable(f["source"])) if p),
            "what": portable(f["message"]),
            "replay": replay(target, kinds, f["input"], f["upstream"], f["dtype"]),
        }
    ordered = sorted(rows.values(), key=lambda row: row["dtype"] != double)
    return pd.DataFrame(ordered, columns=COLUMNS)


def broken(check: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings of ``check`` that are not rounding, each once for all the dtypes and modes in
    which the variant has it."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for f in check["findings"]:
        if f["kind"] not in _ROUNDING:
            group = found.setdefault((f["variant"], f["kind"]), f | {"dtypes": {}, "modes": {}})
            group["dtypes"][f["dtype"]] = group["modes"][f["mode"]] = None
    return [g | {name: ", ".join(g[name]) for name in ("dtypes", "modes")} for g in found.values()]


def replay(target: str, kinds: list[str], given: list[str], upstream: str, dtype: str) -> str:
    """The command that prints the exact value and derivatives at these hexadecimal components;
    empty for a function of rows, which `argand exact` does not take."""
    if len(given) != sum(2 if kind == "complex" else 1 for kind in kinds):
        return ""
    words = ["argand", "exact", portable(target)]
    words += [f"--at={point}" for point in _points(kinds, given)]
    if upstream:
        words.append(f"--upstream={upstream.strip('()')}")
    return shlex.join([*words, f"--dtype={dtype}"])


def _points(kinds: list[str], given: list[str]) -> Iterator[str]:
    rest = iter(given)
    for kind in kinds:
        yield ",".join(next(rest) for _ in range(2 if kind == "complex" else 1))
