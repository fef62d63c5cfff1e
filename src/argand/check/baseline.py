"""A baseline: the limits that a project knows of its functions, so that only news fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from argand.check.report import Changes, Report
from argand.subject import TargetError

VERSION = 1
WORSE_ULP = 2.0  # times the recorded error, and beyond the limit
WORSE_SIZE = 1.01  # times nearer to 1 is an edge that moved

Known = dict[str, dict[str, float]]  # what is recorded of one variant in one dtype


def recorded(report: Report) -> dict[str, Known]:
    """What a baseline holds of a report: of each variant and dtype its limits with their worst
    error in ulp (0 where it has none), and the edges of its range."""
    held: dict[str, Known] = {}
    for f in report.findings:
        known = held.setdefault(f"{f.variant}, {f.dtype}", {"limits": {}, "edges": {}})
        if f.severity == "limit":
            key = f"{f.kind} of the {f.quantity} in {f.mode}"
            known["limits"][key] = max(known["limits"].get(key, 0.0), f.error)
    for variant, by_dtype in report.facts.items():
        for dtype, facts in by_dtype.items():
            known = held.setdefault(f"{variant}, {dtype}", {"limits": {}, "edges": {}})
            for e in facts.box.edges:
                known["edges"][f"{e.name} {'beyond' if e.outward else 'below'}"] = e.size
    return held


def compared(path: Path, report: Report, max_ulp: float, update: bool = False) -> Changes:
    """What is new or worse than ``path`` records of the report's target, and what is better.

    The file is written where it is not there, or does not know the target; ``update`` takes what is
    there now. Raises TargetError for a file that is no baseline.
    """
    targets = _read(path)
    now, before = recorded(report), targets.get(report.target)
    if before is None or update:
        targets[report.target] = now
        text = json.dumps({"argand": VERSION, "targets": targets}, indent=1, sort_keys=True)
        path.write_text(f"{text}\n", encoding="utf-8")
    if before is None:
        return Changes((), (), f"{path}: recorded")
    worse = tuple(_worse(before, now, max_ulp))
    better = tuple(_worse(now, before, max_ulp))
    told = f"{path}: {'updated' if update else f'{len(worse)} worse, {len(better)} better'}"
    return Changes(() if update else worse, better, told)


def _worse(before: dict[str, Known], now: dict[str, Known], max_ulp: float) -> list[str]:
    """What ``now`` has and ``before`` has not, or less of."""
    told = []
    for place, known in now.items():
        old = before.get(place, {"limits": {}, "edges": {}})
        for key, error in known["limits"].items():
            if key not in old["limits"]:
                told.append(f"{place}: {key}")
            elif error > max(max_ulp, WORSE_ULP * old["limits"][key]):
                told.append(f"{place}: {key}, {old['limits'][key]:.3g} → {error:.3g} ulp")
        for key, size in known["edges"].items():
            if key not in old["edges"]:
                told.append(f"{place}: fails for {key} {size:.4g}")
            elif _nearer(key, old["edges"][key], size):
                told.append(f"{place}: fails for {key} {old['edges'][key]:.4g} → {size:.4g}")
    return told


def _nearer(key: str, before: float, now: float) -> bool:
    """Whether an edge has moved towards 1."""
    return now * WORSE_SIZE < before if key.endswith("beyond") else now > before * WORSE_SIZE


def _read(path: Path) -> dict[str, Any]:
    """The targets that a baseline knows; none where there is no file."""
    if not path.parent.is_dir():
        raise TargetError(
            f"{path} is in no folder that is there: check its path, or make the folder"
        )
    if not path.exists():
        return {}
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["argand"] != VERSION:
            raise ValueError
        targets: dict[str, Any] = dict(held["targets"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TargetError(
            f"{path} is no baseline that argand {VERSION} wrote; name another file, or remove it"
        ) from error
    return targets
