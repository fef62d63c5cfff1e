"""The page: what was swept and timed, gathered into one HTML file that needs no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from argand.report import charts
from argand.report.answer import accuracy_and_speed, by_subject
from argand.report.maps import CHANGE_COLOURS, CHANGE_GLYPHS, CHANGES, CLASSES, DARK, ULP_COLOURS
from argand.report.part import draw_all, drawers
from argand.report.raster import dark as is_dark
from argand.report.shell import render, write
from argand.report.tables import Beside
from argand.report.times import read_times
from argand.report.words import portable
from argand.subject import TargetError
from argand.sweep.store.columns import MAP, PLANE
from argand.sweep.store.results import Results
from argand.sweep.store.results import results as read
from argand.verdict import VERDICTS

FORMAT = 2  # of a sweep's manifest
_FRONTIER = [*PLANE, *MAP, "ray", "before", "after", "x", "y", "hex"]
_WORST = [*PLANE, *MAP, "verdict", "ulp", "input", "at_upstream", "computed", "exact",
          "condition", "op", "source", "reason", "command"]  # fmt: skip


def report(
    sweep: Path,
    timings: Path,
    out: Path,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> int:
    """Write the page ``out``, and CSV files beside it, from a sweep's folder and asv's results.

    Returns the page's size in bytes. What cannot be read is said on the page, in a line each, and
    the rest is reported. Raises TargetError where there is no finished sweep, or ``out`` cannot be
    written.
    """
    results = read(sweep)
    if not isinstance(results.manifest["results"], dict):
        raise TargetError(f"{sweep} was swept by another version of argand; run argand sweep again")
    manifest, notes = _manifest(results)
    checks, lost = _checks(results)
    with drawers(len(checks)) as executor:
        planes, absent = _planes(results)
        frontiers, gone = _tables(results, "frontiers", _FRONTIER)
        worst, missing = _tables(results, "worst", _WORST)
        times, untimed = read_times(timings)
        tables = {"frontiers": frontiers, "worst": worst, "times": times}
        beside = Beside(f"{out.stem}.data")
        parts = list(draw_all(results, checks, planes, tables, beside.folder, executor, progress))
    for part in parts:
        beside.files |= part.files
    points = sum(part.points for part in parts)
    if not points:
        notes.append("no map could be read: run argand sweep again")
    cells = pd.concat([times.head(0), *(part.times for part in parts)])
    found = by_subject([row for part in parts for row in part.answers])
    timed = accuracy_and_speed(found)
    text = render(
        "page.html",
        manifest=manifest,
        answers=found,
        overview=charts.overview(timed) if len(timed) else None,
        points=beside.table(timed, "speed_and_accuracy", most=90),
        subjects=parts,
        verdicts=VERDICTS,
        dark=DARK,
        classes=list(zip(CLASSES, ULP_COLOURS, strict=True)),
        changes=[
            (c, colour, glyph, is_dark(colour))
            for c, colour, glyph in zip(CHANGES, CHANGE_COLOURS, CHANGE_GLYPHS, strict=True)
            if glyph
        ],
        notes=[portable(n) for n in [*notes, *lost, *absent, *gone, *missing, *untimed]]
        + [note for part in parts for note in part.notes],
        timed=sorted(set(cells["commit"])),
        tensorflow=sorted({str(v) for v in cells["tensorflow"].dropna()}),
        undecided=(sum(part.undecided for part in parts), points),
    )
    return write(out, text, beside.folder, beside.files)


def _manifest(results: Results) -> tuple[dict[str, Any], list[str]]:
    """The manifest with all that the page asks of it, and what is odd about it."""
    manifest, notes = dict(results.manifest), []
    if manifest.get("format") != FORMAT:
        notes.append(
            f"the sweep's manifest has format {manifest.get('format')}, this argand reads "
            f"{FORMAT}: what differs is left out; sweep again"
        )
    notes += [f"not swept: {f['job']}: {f['reason']}" for f in manifest.get("failed", ())]
    manifest.setdefault("commit", None)
    manifest.setdefault("studies", [])
    passport = manifest.setdefault("passport", {})
    passport.setdefault("cpu", {}).setdefault("model", "unknown processor")
    passport["cpu"].setdefault("threads", "?")
    passport.setdefault("versions", {}).setdefault("tensorflow", "?")
    return manifest, notes


def _checks(results: Results) -> tuple[list[dict[str, Any]], list[str]]:
    """The checks that can be read, and a line for each that cannot."""
    found, notes = [], []
    studies = results.manifest.get("studies", [])
    given = {t.rpartition(":")[2]: t for study in studies for t in study.get("subjects", ())}
    for name in results.manifest["results"]:
        if name.startswith("check/"):
            try:
                kept = results.store(name).json(name)
            except TargetError:
                kept = None
            if isinstance(kept, dict) and {"findings", "subject", "target"} <= set(kept):
                subject = kept["subject"]["name"]
                found.append(kept | {"target": given.get(subject, kept["target"])})
            else:
                notes.append(f"{name}.json is gone or not argand's: sweep again")
    return found, notes


def _planes(results: Results) -> tuple[dict[str, list[str]], list[str]]:
    """The planes of each subject, and a line for each that cannot be read."""
    found: dict[str, list[str]] = {}
    notes = []
    tiles: dict[str, str] = {}
    for name in results.manifest["results"]:
        if name.startswith("maps/"):
            tiles.setdefault(name.removeprefix("maps/").rpartition(".")[0], name)
    for plane, tile in tiles.items():
        try:
            found.setdefault(results.store(tile).facts(tile)["subject"], []).append(plane)
        except (TargetError, KeyError) as error:
            notes.append(f"{plane} is left out: {' '.join(str(error).split())}")
    return found, notes


def _tables(results: Results, kind: str, columns: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """The tables of one ``kind`` that can be read, as one, and a line for each that cannot."""
    tables: list[pa.Table] = []
    notes = []
    for name in results.manifest["results"]:
        if name.startswith(f"{kind}/"):
            try:
                table, facts = results.store(name).table(name)
                if not len(table):
                    continue
                for fact, value in facts.items():
                    table = table.append_column(fact, pa.array([value] * len(table)))
                table = table.select(columns)
                tables.append(table.cast(tables[0].schema) if tables else table)
            except (TargetError, KeyError, ValueError) as error:
                notes.append(f"{name} is left out: {' '.join(str(error).split())}")
    whole = pa.concat_tables(tables).to_pandas() if tables else pd.DataFrame(columns=columns)
    return whole, notes
