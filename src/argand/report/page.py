"""The page: what was swept and timed, gathered into one HTML file that needs no network."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jinja2
import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from argand.report.answer import answers, in_short, percent
from argand.report.figure import Picture, drawing
from argand.report.maps import MODE
from argand.report.section import draw_all
from argand.report.tables import frontier_table
from argand.report.times import of_subject, times_figure, times_table
from argand.subject import TargetError
from argand.sweep.results import Results
from argand.sweep.results import results as read
from argand.timing.asv_results import read_results
from argand.verdict import VERDICTS

_HERE = Path(__file__).resolve()
# In the repository the template lies with what is published; a wheel carries it beside this file.
_TEMPLATES = [_HERE.parent / "templates", _HERE.parents[3] / "reports" / "templates"]


def report(
    sweep: Path,
    timings: Path,
    out: Path,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> int:
    """Write ``out`` from the sweep's folder and asv's results; returns its size in bytes.

    Raises TargetError where there is no finished sweep, or ``out`` cannot be written. Without
    timings the page says so.
    """
    results = read(sweep)
    times, notes = _times(timings)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    rows = answers(results, times)
    text = environment.get_template("page.html").render(
        manifest=results.manifest,
        short=in_short(rows),
        answers=rows,
        studies=[study["name"] for study in results.manifest["studies"]],
        subjects=list(_subjects(results, times, progress)),
        verdicts=VERDICTS,
        mode=MODE,
        notes=notes,
        timed=sorted(set(times["commit"])),
        tensorflow=sorted(set(times["tensorflow"])),
    )
    partial = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(out)
    except OSError as error:
        raise TargetError(f"{out} cannot be written: {error.strerror or error}") from error
    return len(text.encode())


def _times(folder: Path) -> tuple[pd.DataFrame, list[str]]:
    """The latest commit's times, and what a reader must be told about them."""
    try:
        times, unreadable = read_results(folder)
    except TargetError as error:
        times, unreadable = pd.DataFrame(columns=_NO_TIMES), (str(error),)
    notes = [f"not read: {line}" for line in unreadable]
    if len(times):
        newest = times["date"].max()
        times = times[times["date"] == newest]
        first, *others = times["machine"].unique()
        if others:
            notes.append(f"{folder} has times of {first} (shown), {', '.join(others)}")
            times = times[times["machine"] == first]
    return times, notes


_NO_TIMES = ["commit", "tensorflow", "subject", "variant", "dtype", "mode", "size", "quantity",
             "value", "low", "high", "samples", "state"]  # fmt: skip


def _subjects(
    results: Results, times: pd.DataFrame, progress: Callable[[str, int, int], None]
) -> Iterator[dict[str, Any]]:
    """What the page shows of each subject."""
    sections = draw_all(results, progress)
    for check in results.checks:
        name = check["subject"]["name"]
        cells = of_subject(times, name)
        yield {
            "name": name,
            "about": check["subject"],
            "formula": _typeset(check["subject"]["formula"]),
            "check": check,
            "sections": [s for s in sections if s.plane.subject == name],
            "frontiers": frontier_table(_innermost(results, name)),
            "times": times_table(cells) if len(cells) else None,
            "times_figure": times_figure(cells, name) if len(cells) else None,
        }


def _innermost(results: Results, subject: str) -> pd.DataFrame:
    """The frontiers of the subject, from a study that goes out to them if there is one."""
    of = results.frontiers[results.frontiers["subject"] == subject]
    scales = {study["name"]: study["scale"] for study in results.manifest["studies"]}
    for scale in ("frontier", "float line"):
        found = of[of["study"].map(scales) == scale]
        if len(found):
            return found
    return of


def _typeset(formula: str) -> Picture | None:
    """The formula as a picture; None where matplotlib's TeX does not know a command of it."""
    figure = Figure()
    figure.text(0, 0, f"${formula}$", fontsize=14)
    try:
        with mpl.rc_context({"svg.fonttype": "path"}):  # whatever fonts the reader has
            return drawing(figure, formula)
    except ValueError:
        return None
