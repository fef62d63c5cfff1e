"""One plane's part of the page: its maps and tables, drawn in a process of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import pandas as pd

from argand.report.figure import Picture
from argand.report.maps import panels, ulp_map, verdict_map
from argand.report.tables import error_table, verdict_table
from argand.sweep.results import Plane, Results

PROCESSES = 2  # drawing is most of a page's time; each process holds one plane's points


@dataclass(frozen=True)
class Section:
    """The maps of ``plane`` (whose points are not kept) and the tables beneath them."""

    plane: Plane
    verdicts: Picture
    ulps: Picture
    table: pd.DataFrame
    errors: pd.DataFrame


def draw(results: Results, name: str) -> Section:
    """The section of the plane ``name``. Raises TargetError for a file damaged or gone."""
    plane = results.plane(name)
    shown = panels(plane)
    return Section(
        replace(plane, points=plane.points.head(0)),
        verdict_map(plane, shown),
        ulp_map(plane, shown),
        verdict_table(plane),
        error_table(plane),
    )


def draw_all(results: Results, progress: Callable[[str, int, int], None]) -> list[Section]:
    """The sections of the main planes, in the results' order."""
    names = results.main_planes
    found: list[Section] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(PROCESSES, len(names)), context) as executor:
        for section in executor.map(draw, [results] * len(names), names):
            found.append(section)
            progress(names[len(found) - 1], len(found), len(names))
    return found
