"""One subject's part of the page: its sections, drawn in a process of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import starmap
from typing import Any

import pandas as pd
from markupsafe import Markup

from argand.report.answer import Row
from argand.report.figure import typeset
from argand.report.gathered import gather
from argand.report.sections import sections
from argand.report.times import newest
from argand.sweep.store.results import Results

PROCESSES = 2


@dataclass(frozen=True)
class Part:
    """What the page shows of one subject, and what it counts of it.

    ``sections`` has each section's title, template and values; ``files`` the CSV files that lie
    beside the page, by name; ``times`` the cells of the latest commit.
    """

    about: dict[str, Any]  # the subject
    formula: Markup | None
    sections: list[tuple[str, str, Mapping[str, Any]]]
    answers: list[Row]
    points: int  # judged
    undecided: int
    times: pd.DataFrame
    notes: list[str]
    files: dict[str, str]


def draw_all(
    results: Results,
    checks: list[dict[str, Any]],
    planes: dict[str, list[str]],
    tables: dict[str, pd.DataFrame],
    folder: str,
    executor: Executor | None,
    progress: Callable[[str, int, int], None],
) -> Iterator[Part]:
    """The parts of all ``checks``, in their order, each as soon as it is drawn.

    ``planes`` has the names of each subject's, ``tables`` and ``folder`` are as in ``gather``, with
    the rows of all subjects. Without an ``executor`` the parts are drawn here.
    """
    names = [check["subject"]["name"] for check in checks]
    jobs = [
        (
            results,
            check,
            planes.get(name, []),
            {kind: table[table["subject"] == name] for kind, table in tables.items()},
            folder,
        )
        for check, name in zip(checks, names, strict=True)
    ]
    drawn = executor.map(draw, *zip(*jobs, strict=True)) if executor else starmap(draw, jobs)
    for done, (name, part) in enumerate(zip(names, drawn, strict=True), 1):
        yield part
        progress(name, done, len(jobs))


def drawers(subjects: int) -> AbstractContextManager[Executor | None]:
    """Processes that draw ``subjects``, or None for a single one, which is not worth a process.

    They begin at once to import what they need.
    """
    if subjects < 2:
        return nullcontext()
    count = min(PROCESSES, subjects)
    executor = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"))
    for _ in range(count):
        executor.submit(_import)
    return executor


def _import() -> None:
    """Import what a process draws with; this module it has imported to find the function."""
    sections()


def draw(
    results: Results,
    check: dict[str, Any],
    planes: list[str],
    tables: dict[str, pd.DataFrame],
    folder: str,
) -> Part:
    """The part of the subject that ``check`` is of, from what ``gather`` takes."""
    of = gather(results, check, planes, tables, folder)
    drawn = ((s.TITLE, s.TEMPLATE, s.section(of)) for s in sections())
    return Part(
        about=check["subject"],
        formula=typeset(check["subject"]["formula"]),
        sections=[
            (title, template, values) for title, template, values in drawn if values is not None
        ],
        answers=of.answers,
        points=int(of.counts["points"].sum()),
        undecided=int(of.counts.loc[of.counts["verdict"] == "undecided", "points"].sum()),
        times=newest(of.times),
        notes=of.notes,
        files=of.beside.files,
    )
