"""What the commands print: tables for people, rows for JSON, and the progress of a long one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from argand.subject import Subject

if TYPE_CHECKING:  # it needs TensorFlow, and help does not
    from argand.check.report import Report

_QUANTITIES = (
    "value", "dz", "dzbar", "vjp", "dzdz", "dzdzbar", "dzbardzbar", "condition",
    "condition_gradient",
)  # fmt: skip
# Of each severity the mark of a paragraph, and the line above the first.
_MARKS = {
    "defect": ("✗", ""),
    "limit": ("○", "Limits: range or digits lost where few people work, or by conditioning."),
    "advice": ("→", "Advice: hazards that the function can avoid."),
}


def show_json(rows: Any) -> None:
    """Print ``rows`` as one line of JSON."""
    print(json.dumps(rows, ensure_ascii=False))


def subject_row(subject: Subject) -> dict[str, Any]:
    """``subject`` as a row of ``argand list --format json``."""
    return {
        "name": subject.name,
        "formula": subject.formula,
        "inputs": [{"name": i.name, "kind": i.kind} for i in subject.inputs],
        "dtypes": list(subject.dtypes),
        "variants": list(subject.variants),
    }


def show_subjects(subjects: Sequence[Subject]) -> None:
    """Print one line for each subject."""
    table = Table("subject", "formula (TeX)", "dtypes", "variants")
    for s in subjects:
        row = (s.name, s.formula, ", ".join(s.dtypes), ", ".join(s.variants))
        table.add_row(*map(escape, row))
    Console().print(table)


def show_point(target: str, row: dict[str, Any]) -> None:
    """Print what is certified at one point, ``row`` as ``argand.replay.replay`` returns it."""
    state = f"{row['state']}, {row['bits']} bits" if row["bits"] else row["state"]
    Console().print(f"{target} at {', '.join(row['at'])} ({state})", highlight=False, markup=False)
    table = Table("quantity", "correctly rounded")
    for name in _QUANTITIES:
        numbers = row[name] if isinstance(row[name], list) else [row[name]]
        for i, number in enumerate(numbers):
            suffix = f"[{i}]" if len(numbers) > 1 else ""
            if number is not None:
                table.add_row(escape(f"{name}{suffix}"), escape(number))
    Console().print(table)


def show_report(report: Report) -> None:
    """Print a check's findings, a paragraph each kind, defects first; then its table and its
    counts."""
    if report.by_kind:
        print(f"{report.by_kind}\n")
    for severity, (mark, heading) in _MARKS.items():
        groups = report.grouped(severity)
        if groups and heading:
            print(f"{heading}\n")
        for group in groups:
            print(f"{mark} {group}\n")
    for note in report.notes:
        print(f"note: {note}")
    table = Table(
        "variant", "gradient", "value fails by", "gradient fails by", title=escape(report.target)
    )
    for row in report.table():
        table.add_row(*map(escape, row))
    Console().print(table)
    counts = {name: len(report.of(name)) for name in _MARKS}
    plural = {"defect": "defects", "limit": "limits", "advice": "pieces of advice"}
    found = [f"{n} {plural[name] if n > 1 else name}" for name, n in counts.items() if n]
    verdict = f"{', '.join(found)} (json lists all)" if found else "no finding"
    print(
        f"{verdict}; {report.samples} results judged, "
        f"{report.undecided} undecided{_first(report)}, "
        f"{report.undefined} where the function is undefined; {report.special} special points tried"
    )


def _first(report: Report) -> str:
    """Where the first undecided sample of each dtype is."""
    told = "; ".join(f"{dtype}: {found}" for dtype, found in report.left_open.items())
    return f" ({told})" if told else ""


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far a long command is: a bar on a terminal, a line for each step in a log.

    What it yields is called with a step's name, and how many of how many are done.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step, done, total: print(f"{done}/{total} {step}", file=sys.stderr, flush=True)
        return
    with Progress(console=console) as bar:
        task = bar.add_task(what)
        yield lambda step, done, total: bar.update(
            task, completed=done, total=total, description=step
        )
