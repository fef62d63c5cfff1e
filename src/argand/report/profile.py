"""The profile along the axes: a strip for each map, with its frontiers to the last float."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from argand.report.maps import VERDICT_COLOURS, Maps, Panel
from argand.report.raster import Tick, place, png, ticks
from argand.sweep.store.columns import PLANE


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


def profiles(of: Maps, shown: list[Panel], frontiers: pd.DataFrame) -> list[Profile]:
    """The verdicts along both axes.

    The ray of an axis goes through the places at which ``frontiers`` were sought; where there are
    none, it is the row or column nearest to 0.
    """
    plane, x, y = of.plane, of.x, of.y
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
        for panel in shown:
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
