"""What was swept, checked and timed of one subject, read once for all sections of the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from argand.report.answer import Row, answers
from argand.report.counts import COLUMNS, counts, kept
from argand.report.maps import Maps, Panel, maps
from argand.report.tables import MOST, Beside, Table
from argand.report.times import DOUBLE, newest, of_subject
from argand.report.words import portable
from argand.subject import TargetError
from argand.sweep.store.results import Results

_SHOWN = "graph"  # the mode of the pictures, if it was swept
_POINTS = 512  # along an axis that are read; of a larger plane the others are left out


@dataclass(frozen=True)
class Pictured:
    """A plane whose maps have pictures, in double precision.

    ``shown`` are its maps of one mode, a map for each variant and quantity. ``others`` are those of
    the other modes, each after the share of the points at which it has another verdict than the one
    that is shown, the largest share first. ``scale`` is its study's.
    """

    maps: Maps
    scale: str
    shown: list[Panel]
    others: list[tuple[float, Panel]]


@dataclass(frozen=True)
class Gathered:
    """All that is known of one subject. The tables have the subject's rows only.

    ``check`` is what ``argand check`` wrote, ``studies`` names those that were swept. ``planes``
    has one of those that differ only in upstream, length or device. ``counts`` has a row for each
    map and verdict, with the columns of ``argand.report.counts``; ``errors`` says what raised;
    ``frontiers`` and ``worst`` are the sweep's tables; ``times`` has asv's measured cells of every
    commit. ``answers`` has a row for each variant. ``notes`` say what could not be read.
    """

    check: dict[str, Any]
    studies: list[str]
    planes: list[Pictured]
    counts: pd.DataFrame
    errors: pd.DataFrame
    frontiers: pd.DataFrame
    worst: pd.DataFrame
    times: pd.DataFrame
    answers: list[Row]
    notes: list[str]
    beside: Beside

    @property
    def name(self) -> str:
        """The subject's."""
        return str(self.check["subject"]["name"])

    def table(
        self, frame: pd.DataFrame, what: str, whole: pd.DataFrame | None = None, most: int = MOST
    ) -> Table | None:
        """``frame`` for the page, at most ``most`` rows of it; None where it is empty.

        Where ``whole`` (else ``frame``) has more rows than are shown, it goes to a CSV file beside
        the page, which is named by the subject and ``what``.
        """
        return self.beside.table(frame, f"{self.name}.{what}", whole, most)


def gather(
    results: Results,
    check: dict[str, Any],
    planes: list[str],
    tables: dict[str, pd.DataFrame],
    folder: str,
) -> Gathered:
    """What is known of the subject that ``check`` is of, from its ``planes`` (their names).

    ``tables`` has its ``frontiers``, ``worst`` and ``times``; its CSV files go to ``folder``. A
    plane that cannot be read becomes a note.
    """
    scales = {s["name"]: s["scale"] for s in results.manifest["studies"]}
    counted: list[pd.DataFrame] = []
    errors: list[dict[str, Any]] = []
    pictured: dict[tuple[str, str], Pictured] = {}
    notes = []
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
            if of.panels:
                light = replace(of, plane=replace(plane, points=pd.DataFrame()))  # maps have all
                pictured[shape] = Pictured(light, scales.get(plane.study, ""), *_by_mode(of.panels))
        except (TargetError, KeyError, ValueError, TypeError, AttributeError) as error:
            notes.append(f"{name} is left out: {_reason(error)}")
    found = pd.concat(counted, ignore_index=True) if counted else pd.DataFrame(columns=COLUMNS)
    times = of_subject(tables["times"], check["subject"]["name"])
    frontiers = tables["frontiers"]
    return Gathered(
        check=check,
        studies=list(scales),
        planes=list(pictured.values()),
        counts=found,
        errors=pd.DataFrame(errors),
        frontiers=frontiers,
        worst=tables["worst"],
        times=times,
        answers=answers(check, list(scales), found, frontiers, newest(times)),
        notes=notes,
        beside=Beside(folder),
    )


def _reason(error: Exception) -> str:
    words = portable(" ".join(str(error).split()))
    return words if isinstance(error, TargetError) else f"{type(error).__name__}: {words}"


def _by_mode(of: list[Panel]) -> tuple[list[Panel], list[tuple[float, Panel]]]:
    """``shown`` and ``others`` of Pictured, from all maps of a plane."""
    swept = {p.key["mode"]: None for p in of}
    chosen = _SHOWN if _SHOWN in swept else next(iter(swept))
    shown = {(p.key["variant"], p.title): p for p in of if p.key["mode"] == chosen}
    pairs = [(p, shown.get((p.key["variant"], p.title), p)) for p in of]
    others = [(float((p.verdicts != s.verdicts).mean()), p) for p, s in pairs if p is not s]
    return list(shown.values()), sorted(others, key=lambda pair: -pair[0])
