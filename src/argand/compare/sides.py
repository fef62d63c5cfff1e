"""What is set side by side: each device of each measurement, the first one being the measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from argand.compare.measured import Measured
from argand.passport import differences
from argand.subject import TargetError


@dataclass(frozen=True)
class Side:
    """One device of one measurement, with its own rows of times and results."""

    measured: Measured
    device: str
    times: pd.DataFrame
    results: pd.DataFrame

    @property
    def label(self) -> str:
        """The name under which a page shows it."""
        return f"{self.measured.name}, {self.device}"


def sides(measured: Sequence[Measured]) -> list[Side]:
    """Every device of every measurement, processors first within each."""
    found = []
    for m in measured:
        devices = sorted({*m.times["device"], *m.results["device"]})
        for device in devices:
            times, results = (t[t["device"] == device] for t in (m.times, m.results))
            found.append(Side(m, device, times, results))
    if len(found) < 2:
        raise TargetError("there is one device to compare with itself; name a second measurement")
    return found


def passport_differences(measured: Sequence[Measured]) -> pd.DataFrame:
    """One row for each passport field that differs, with what each measurement has there."""
    rows: dict[str, dict[str, str]] = {}
    first = measured[0]
    for other in measured[1:]:
        for field, (a, b) in differences(first.passport, other.passport).items():
            row = rows.setdefault(field, {first.name: _words(a)})
            row[other.name] = _words(b)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[m.name for m in measured])
    # Where a measurement agrees with the first, it has the first's content.
    table = table.apply(lambda row: row.fillna(row[first.name]), axis=1) if len(table) else table
    return table.rename_axis("field").reset_index()


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def comparable(measured: Sequence[Measured]) -> tuple[list[Measured], list[str]]:
    """The measurements without what cannot be compared, and a line for each subject left out.

    Raises TargetError with the field's name where nothing is left, or where suites differ.
    """
    suites = {m.name: m.facts["suite"] for m in measured if m.facts["suite"] is not None}
    if len(set(suites.values())) > 1:
        said = ", ".join(f"{suite} in {name}" for name, suite in suites.items())
        raise TargetError(
            f"the field suite differs ({said}): what was timed is not the same; measure again"
        )
    notes, dropped = [], set()
    for field in ("formulas", "points"):
        for name in sorted({n for m in measured for n in m.facts[field]}):
            found = {m.facts[field].get(name) for m in measured if name in m.facts[field]}
            if len(found) > 1:
                subject = name.partition(" ")[0]
                dropped.add(subject)
                notes.append(f"{subject} is not compared: the field {field}.{name} differs")
    kept = [
        replace(
            m,
            times=m.times[~m.times["subject"].isin(dropped)],
            results=m.results[~m.results["subject"].isin(dropped)],
        )
        for m in measured
    ]
    for m in kept:
        if m.times.empty and m.results.empty:
            raise TargetError(f"nothing of {m.name} can be compared: {notes[0] if notes else ''}")
    return kept, notes
