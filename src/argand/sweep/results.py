"""Read a folder of sweep results back, as tidy tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from argand.subject import TargetError
from argand.sweep.store import Store
from argand.verdict import VERDICTS

MAP = ["variant", "mode", "quantity", "by"]  # what tells the maps of one subject and dtype apart
PLANE = ["study", "subject", "dtype"]
_FAILING = [v.name for v in VERDICTS if v.failing]


@dataclass(frozen=True)
class Plane:
    """All maps of one study, subject and dtype. ``points`` has a row for each point of each map:
    variant, mode, quantity, by, x, y, verdict, ulp; ``errors`` lists what raised instead."""

    study: str
    subject: str
    dtype: str
    x: dict[str, Any]
    y: dict[str, Any]
    upstream: str | None
    resting: dict[str, float]
    points: pd.DataFrame
    errors: list[dict[str, str]]


@dataclass(frozen=True)
class Results:
    """A finished sweep: its ``manifest``, and what it holds."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def checks(self) -> list[dict[str, Any]]:
        """The check of each subject: as `argand check --format json` has it, and what the subject
        says of itself. Raises TargetError for a file that is damaged or gone."""
        store = Store(self.folder)
        found = []
        for name in self.manifest["results"]:
            if name.startswith("check/"):
                kept = store.json(name)
                if not isinstance(kept, dict) or "findings" not in kept:
                    raise TargetError(
                        f"{self.folder}/{name}.json is gone or not argand's; sweep again"
                    )
                found.append(kept)
        return found

    @cached_property
    def _tiles(self) -> dict[str, list[str]]:
        """The tiles of each plane."""
        groups: dict[str, list[str]] = {}
        for name in self.manifest["results"]:
            if not name.startswith("check/"):
                groups.setdefault(name.rpartition(".")[0], []).append(name)
        return groups

    @property
    def plane_names(self) -> list[str]:
        """What ``plane`` takes: study/subject.dtype."""
        return list(self._tiles)

    def plane(self, name: str) -> Plane:
        """One plane that was swept. Raises TargetError for a file that is damaged or gone."""
        store = Store(self.folder)
        tables = [store.table(tile) for tile in sorted(self._tiles[name])]
        points = pa.concat_tables([t for t, _ in tables], promote_options="permissive")
        return Plane(points=points.unify_dictionaries().to_pandas(), **tables[0][1])

    def planes(self) -> Iterator[Plane]:
        """Each plane, one at a time. Raises TargetError as above."""
        for name in self._tiles:
            yield self.plane(name)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row for each map and verdict: PLANE, MAP, verdict, failing, points, share, the
        ranges x_low … y_high where it occurs, the axes' x_label and y_label, and max_ulp."""
        rows = []
        for plane in self.planes():
            of = plane.points
            if of.empty:
                continue
            for name in ("x", "y"):
                of[name] = of[name].astype(float)
            grouped = of.groupby([*MAP, "verdict"], observed=True)
            row = grouped.agg(
                points=("ulp", "size"),
                x_low=("x", "min"),
                x_high=("x", "max"),
                y_low=("y", "min"),
                y_high=("y", "max"),
                max_ulp=("ulp", "max"),
            ).reset_index()
            for at, name in enumerate(PLANE):
                row.insert(at, name, getattr(plane, name))
            row = row.assign(x_label=plane.x["label"], y_label=plane.y["label"])
            rows.append(row)
        if not rows:
            raise TargetError(f"{self.folder} holds no map; run argand sweep")
        table = pd.concat(rows, ignore_index=True).astype(dict.fromkeys([*MAP, "verdict"], str))
        total = table.groupby([*PLANE, *MAP])["points"].transform("sum")
        return table.assign(share=table["points"] / total, failing=table["verdict"].isin(_FAILING))


def read(folder: Path) -> Results:
    """The results in ``folder``. Raises TargetError where there are none, or unfinished ones."""
    manifest = Store(folder).json("manifest")
    if not isinstance(manifest, dict) or "results" not in manifest:
        raise TargetError(
            f"{folder} holds no finished sweep; run argand sweep --out {folder} (it goes on where "
            "it was stopped)"
        )
    return Results(folder, manifest)
