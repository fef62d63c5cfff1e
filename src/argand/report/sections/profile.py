"""The profile along the axes: a strip for each map, with its frontiers to the last float."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from argand.report.gathered import Gathered, Pictured
from argand.report.maps import VERDICT_COLOURS, Panel
from argand.report.raster import Tick, place, png, ticks
from argand.report.tables import merge
from argand.report.times import DOUBLE
from argand.report.words import spaced
from argand.sweep.store.columns import PLANE
from argand.verdict import FAILING

TITLE = "Profile along the axes"
PLACE = 40
TEMPLATE = """
<p class="faint">{{ study | spaced | capitalize }}: verdicts along each axis; a stroke is a
frontier, the last float before the verdict changes, found by bisection on the floats' ordinals.</p>
{% for profile in profiles %}{{ strips(profile) }}{% endfor %}
{{ behind(frontiers, "frontiers of " ~ name, "Frontiers to the last float") }}
"""
_RANK = {"frontier": 0, "float line": 1, "window": 2}  # scales, the best for a profile first


@dataclass(frozen=True)
class Strip:
    """The verdicts of one map along a ray. ``frontiers`` say where they change: (share of the
    length, words)."""

    title: str
    source: str
    frontiers: list[tuple[float, str]]


@dataclass(frozen=True)
class Profile:
    """The strips along one axis."""

    label: str
    where: str
    ticks: list[Tick]
    strips: list[Strip]
    alt: str


def section(of: Gathered) -> dict[str, Any] | None:
    """The profile of the plane that goes furthest out to where the range ends."""
    if not of.planes:
        return None
    plane = min(of.planes, key=lambda plane: _RANK.get(plane.scale, len(_RANK)))
    return {
        "study": plane.maps.plane.study,
        "profiles": profiles(plane, of.frontiers),
        "frontiers": of.table(frontier_table(of.frontiers), "frontiers", of.frontiers, 24),
    }


def profiles(of: Pictured, frontiers: pd.DataFrame) -> list[Profile]:
    """The verdicts along both axes.

    The ray of an axis goes through the places at which ``frontiers`` were sought; where there are
    none, it is the row or column nearest to 0.
    """
    plane, x, y = of.maps.plane, of.maps.x, of.maps.y
    same = np.ones(len(frontiers), bool)
    for name in PLANE:
        same &= (frontiers[name] == getattr(plane, name)).to_numpy()
    mine = frontiers[same]
    found = []
    for name, axis, values, across in (("x", plane.x, x, y), ("y", plane.y, y, x)):
        other = "y" if name == "x" else "x"
        along = mine[mine["ray"] == axis["label"]]
        rest = float(along[other].iloc[0]) if len(along) else 0.0
        nearest = int(np.abs(across - rest).argmin())
        strips = []
        for panel in of.shown:
            line = panel.verdicts[nearest] if name == "x" else panel.verdicts[:, nearest]
            changes = _of(along, panel)
            at = place(values, changes[name].to_numpy(float), axis["scale"])
            words = [
                f"up to {c['hex']} ({c[name]:.17g}) {c['before']}, then {c['after']}".replace(
                    "_", " "
                )
                for _, c in changes.iterrows()
            ]
            strips.append(
                Strip(
                    f"{panel.key['variant']}, {panel.title}",
                    png(line[None, :], VERDICT_COLOURS),
                    list(zip(at.tolist(), words, strict=True)),
                )
            )
        label = plane.y["label"] if name == "x" else plane.x["label"]
        where = f"{label} = {rest:g}".replace("-", "−")
        count = sum(len(s.frontiers) for s in strips)
        alt = (
            f"Verdicts of {plane.subject} along {axis['label']} at {where}, a strip for each "
            f"variant, with {count} frontiers. The table beneath has them to the last float."
        )
        found.append(Profile(axis["label"], where, ticks(values, axis["scale"]), strips, alt))
    return found


def _of(frontiers: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    same = np.ones(len(frontiers), bool)
    for k in panel.key:
        same &= (frontiers[k].astype(str) == panel.key[k]).to_numpy()
    quiet = {"accurate", "flushed", "inaccurate"}  # digits that come and go are no frontier
    both = frontiers["before"].isin(quiet) & frontiers["after"].isin(quiet)
    return frontiers[same & ~both.to_numpy()]


def frontier_table(frontiers: pd.DataFrame) -> pd.DataFrame:
    """The frontiers of one subject at which a failing verdict, or overflow, begins or ends.

    They are those of double precision and upstream 1. Modes that agree share a row.
    """
    counts = FAILING | {"overflow"}
    of = frontiers[
        frontiers["dtype"].isin(DOUBLE)
        & (frontiers["upstream"] == "1")
        & (frontiers["length"] == 0)
        & (frontiers["before"].isin(counts) | frontiers["after"].isin(counts))
    ]
    place = [f"{x:.17g}, {y:.17g}" for x, y in zip(of["x"], of["y"], strict=True)]
    rows = of.assign(place=place, before=of["before"].map(spaced), after=of["after"].map(spaced))
    rows = rows.rename(columns={"before": "up to here", "after": "then", "place": "x, y"})
    names = ["study", "variant", "mode", "quantity", "by", "ray", "up to here", "then", "x, y",
             "hex"]  # fmt: skip
    return merge(rows[names].drop_duplicates(), "mode")
