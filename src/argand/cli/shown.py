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


def show_answers(
    reports: dict[str, Report], refused: dict[str, str], format: str, verbose: bool, single: bool
) -> None:
    """Print the answer to each target; of several first a line each. ``refused`` are those that
    could not be judged, with the reason."""
    if format == "json":
        rows = [r.to_json() for r in reports.values()]
        rows += [{"target": name, "refused": why} for name, why in refused.items()]
        show_json(rows[0] if single else rows)
        return
    if not single:
        for name, report in reports.items():
            marks = {line.mark for own in report.answer.values() for line in own.lines.values()}
            defects = len(report.of("defect"))
            told = f"{defects} defect{'s' * (defects > 1)}" if defects else "no defect"
            if report.changes is not None and report.changes.worse:
                told += f", {len(report.changes.worse)} worse than the baseline"
            print(
                f"{'○' if report.ok and '○' in marks else '✓' if report.ok else '✗'} {name}: {told}"
            )
        for name, why in refused.items():
            print(f"? {name}: {why}")
        print()
    print("\n\n".join(report.screen(verbose).as_text() for report in reports.values()))


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
