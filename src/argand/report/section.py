"""All that the page shows of one subject, made in a process of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import starmap
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from argand.report import charts
from argand.report.answer import Row, answers
from argand.report.counts import COLUMNS, counts, exceeding, kept
from argand.report.figure import typeset
from argand.report.maps import (
    Maps,
    Panel,
    axes,
    change_map,
    differing,
    maps,
    ulp_map,
    verdict_map,
)
from argand.report.profile import Profile, profiles
from argand.report.raster import Axes, Raster
from argand.report.tables import map_table
from argand.report.times import DOUBLE, newest, of_subject, over_commits
from argand.report.words import number, percent, portable, spaced
from argand.subject import TargetError
from argand.sweep.store.results import Results, SweptPlane

PROCESSES = 2
_SHOWN = "graph"  # the mode of the pictures, if it was swept
_DIFFERS = 0.005  # another mode has a picture if more than this share of its points differs
_POINTS = 512  # along an axis that are read; of a larger plane the others are left out
_MOST = 4  # pictures of other modes, of one plane
_PROFILED = ("frontier", "float line", "window", "")  # scales, the best for a profile first
_DISTRIBUTIONS = 2  # studies whose errors are drawn


@dataclass(frozen=True)
class MapSection:
    """The pictures of one plane.

    ``verdicts`` has a row for each quantity: a picture for each variant, None where it raised, and
    last what ``stable`` changes; ``columns`` says how many pictures a row has.
    """

    study: str
    over: str
    dtype: str
    about: str
    axes: Axes
    columns: int
    verdicts: list[Raster | None]
    ulps: list[Raster | None]
    others: list[Raster]
    changed: list[str]
    uniform: bool  # the same verdict everywhere: the pictures say no more


@dataclass
class Section:
    """One subject's part of the page: its answer, pictures, and what was counted for the tables."""

    check: dict[str, Any]
    formula: Markup | None = None
    maps: list[MapSection] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    profiled: str = ""
    distribution: Markup | None = None
    exceeding: pd.DataFrame = field(default_factory=pd.DataFrame)
    answers: list[Row] = field(default_factory=list)
    points: int = 0  # judged
    undecided: int = 0
    by_map: tuple[pd.DataFrame, pd.DataFrame] = (pd.DataFrame(), pd.DataFrame())  # as map_table
    errors: pd.DataFrame = field(default_factory=pd.DataFrame)
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    times: Markup | None = None
    commits: pd.DataFrame = field(default_factory=pd.DataFrame)
    history: Markup | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The subject's."""
        return str(self.check["subject"]["name"])


def draw_all(
    results: Results,
    checks: list[dict[str, Any]],
    planes: dict[str, list[str]],
    frontiers: pd.DataFrame,
    times: pd.DataFrame,
    executor: Executor | None,
    progress: Callable[[str, int, int], None],
) -> Iterator[Section]:
    """The sections of all ``checks``, in their order, each as soon as it is drawn.

    ``planes`` has the names of each subject's. Without an ``executor`` they are drawn here.
    """
    names = [check["subject"]["name"] for check in checks]
    jobs = [
        (
            results,
            check,
            planes.get(name, []),
            frontiers[frontiers["subject"] == name],
            times[times["subject"] == name],
        )
        for check, name in zip(checks, names, strict=True)
    ]
    drawn = executor.map(draw, *zip(*jobs, strict=True)) if executor else starmap(draw, jobs)
    for done, section in enumerate(drawn, 1):
        yield section
        progress(section.name, done, len(jobs))


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
    """Do nothing: to call this, a process must have imported the module."""


def draw(
    results: Results,
    check: dict[str, Any],
    planes: list[str],
    frontiers: pd.DataFrame,
    times: pd.DataFrame,
) -> Section:
    """The section of the subject that ``check`` is of, from its ``planes``.

    A plane that cannot be read becomes a note. Of planes that differ only in upstream, length or
    device, the first has pictures.
    """
    section = Section(check, typeset(check["subject"]["formula"]))
    scales = {s["name"]: s["scale"] for s in results.manifest["studies"]}
    counted: list[pd.DataFrame] = []
    exceeds: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    best = None  # the plane whose profile is shown goes out to where the range ends
    pictured = set()
    for name in planes:
        try:
            facts = results.facts(name)
            errors += [{n: facts[n] for n in ("study", "dtype")} | e for e in facts["errors"]]
            shape = facts["study"], facts["over"]
            if facts["dtype"] not in DOUBLE or shape in pictured:
                counted.append(kept(facts))
                continue
            plane = results.plane(name, max(1, facts["x"]["points"] // _POINTS))
            of = maps(plane)
            counted.append(counts(of) if plane.x["points"] == facts["x"]["points"] else kept(facts))
            if not of.panels:
                continue
            pictured.add(shape)
            shown, others = _base(of.panels)
            section.maps.append(_maps(of, shown, others))
            exceeds += _exceeding(plane, shown)
            rank = _PROFILED.index(scales.get(plane.study, ""))
            if best is None or rank < best:
                best = rank
                section.profiles = profiles(of, shown, frontiers)
                section.profiled = plane.study
        except (TargetError, KeyError, ValueError, TypeError, AttributeError) as error:
            section.notes.append(f"{name} is left out: {_reason(error)}")
    _time(section, times)
    found = pd.concat(counted, ignore_index=True) if counted else pd.DataFrame(columns=COLUMNS)
    section.answers = answers(check, list(scales), found, frontiers, section.cells)
    section.points = int(found["points"].sum())
    section.undecided = int(found.loc[found["verdict"] == "undecided", "points"].sum())
    section.by_map = map_table(found)
    section.errors = pd.DataFrame(errors)
    section.exceeding = pd.DataFrame(exceeds)
    if exceeds:
        first = section.exceeding.drop_duplicates(["panel", "variant", "ulp"])
        drawn = list(dict.fromkeys(first["panel"]))[:_DISTRIBUTIONS]
        section.distribution = charts.distribution(first[first["panel"].isin(drawn)], section.name)
    return section


def _reason(error: Exception) -> str:
    words = portable(" ".join(str(error).split()))
    return words if isinstance(error, TargetError) else f"{type(error).__name__}: {words}"


def _time(section: Section, times: pd.DataFrame) -> None:
    cells = of_subject(times, section.name)
    section.cells = newest(cells)
    if len(section.cells):
        section.times = charts.times(section.cells, section.name)
    section.commits = over_commits(cells)
    if len(section.commits) and len(set(section.commits["commit"])) > 1:
        section.history = charts.history(section.commits, section.name)


def _base(of: list[Panel]) -> tuple[list[Panel], list[tuple[Panel, Panel]]]:
    """The panels that are shown for each variant and quantity, and beside each the others."""
    swept = list(dict.fromkeys(p.key["mode"] for p in of))
    chosen = _SHOWN if _SHOWN in swept else swept[0]
    shown = [p for p in of if p.key["mode"] == chosen]
    same = {(p.key["variant"], p.title): p for p in shown}
    pairs = ((same.get((p.key["variant"], p.title)), p) for p in of if p.key["mode"] != chosen)
    return shown, [(base, p) for base, p in pairs if base is not None]


def _maps(of: Maps, shown: list[Panel], others: list[tuple[Panel, Panel]]) -> MapSection:
    plane = of.plane
    variants = list(dict.fromkeys(p.key["variant"] for p in shown))
    compared = {"auto", "stable"} <= set(variants)
    verdicts: list[Raster | None] = []
    ulps: list[Raster | None] = []
    changed = []
    for quantity in dict.fromkeys(p.title for p in shown):
        row = {p.key["variant"]: p for p in shown if p.title == quantity}
        verdicts += [verdict_map(row[v]) if v in row else None for v in variants]
        ulps += [ulp_map(row[v]) if v in row else None for v in variants]
        if "auto" in row and "stable" in row:
            raster, shares = change_map(row["auto"], row["stable"])
            verdicts.append(raster)
            changed.append(
                f"{quantity}: gained {percent(shares['gained'])}, lost {percent(shares['lost'])}"
            )
        elif compared:
            verdicts.append(None)
    ranked = sorted(
        ((differing([p], base)[0][0], base, p) for base, p in others), key=lambda t: -t[0]
    )
    return MapSection(
        plane.study,
        plane.over,
        plane.dtype,
        _about(plane, shown[0].key["mode"]),
        axes(of),
        len(variants) + compared,
        verdicts,
        ulps,
        [verdict_map(p, p.key["mode"]) for share, _, p in ranked[:_MOST] if share > _DIFFERS],
        changed,
        len({int(c) for p in shown for c in np.unique(p.verdicts)}) == 1,
    )


def _about(plane: SweptPlane, mode: str) -> str:
    x, y = (
        f"{axis['label']} ({axis['scale']}{', even in ordinals' * (axis['scale'] == 'float line')})"
        for axis in (plane.x, plane.y)
    )
    words = [f"{plane.x['points']} × {plane.y['points']} points over {x} and {y}"]
    words += [f"upstream {plane.upstream}"]
    words += [f"tensors of {plane.length}"] * bool(plane.length)
    words += [f"{name} = {number(value)}" for name, value in plane.resting.items()]
    return ", ".join([*words, f"on {plane.device}, mode {mode}"])


def _exceeding(plane: SweptPlane, shown: list[Panel]) -> Iterator[dict[str, Any]]:
    gradients = [p for p in shown if p.key["quantity"] == "gradient"]
    for panel in gradients:
        if panel.key["by"] != gradients[0].key["by"]:
            continue  # the picture shows the first input's; the counts have each
        shares = exceeding(panel, charts.THRESHOLDS)
        for ulp, share in zip(charts.THRESHOLDS, [] if shares is None else shares, strict=False):
            yield {
                "panel": f"{spaced(plane.study)}, {panel.title}",
                "over": plane.over,
                "variant": panel.key["variant"],
                "ulp": ulp,
                "share": share,
            }
