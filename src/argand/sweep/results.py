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
PLANE = ["study", "subject", "dtype", "over", "upstream", "length", "device"]
_FAILING = [v.name for v in VERDICTS if v.failing]


@dataclass(frozen=True)
class Plane:
    """All maps of one study, subject, dtype, pair of axes (``over`` which), upstream, length of
    the tensors (0: as many as there are) and device. ``points`` has a row for each point of each
    map: variant, mode, quantity, by, x, y, verdict, ulp; ``errors`` lists what raised instead."""

    study: str
    subject: str
    dtype: str
    over: str
    upstream: str
    length: int
    device: str
    x: dict[str, Any]
    y: dict[str, Any]
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
            if name.startswith("maps/"):
                plane = name.removeprefix("maps/").rpartition(".")[0]
                groups.setdefault(plane, []).append(name)
        return groups

    @property
    def plane_names(self) -> list[str]:
        """What ``plane`` takes: study/subject.dtype, and what else tells a study's planes apart."""
        return list(self._tiles)

    @property
    def main_planes(self) -> list[str]:
        """Of each study, subject and dtype the first plane: the first of its axes, upstreams,
        lengths and devices."""
        first: dict[tuple[str, ...], str] = {}
        for name, tiles in self._tiles.items():
            facts = Store(self.folder).facts(tiles[0])
            order = next(s for s in self.manifest["studies"] if s["name"] == facts["study"])
            rank = [order[f"{c}s"].index(facts[c]) for c in ("upstream", "length", "device")]
            if not any(rank):
                first.setdefault(tuple(facts[c] for c in ("study", "subject", "dtype")), name)
        return list(first.values())

    def plane(self, name: str) -> Plane:
        """One plane that was swept. Raises TargetError for a file that is damaged or gone."""
        store = Store(self.folder)
        tables = [store.table(tile) for tile in sorted(self._tiles[name])]
        points = pa.concat_tables([t for t, _ in tables], promote_options="permissive")
        errors = [error for _, facts in tables for error in facts["errors"]]
        distinct = [error for k, error in enumerate(errors) if error not in errors[:k]]
        facts = {k: v for k, v in tables[0][1].items() if k != "worst"} | {"errors": distinct}
        return Plane(points=points.unify_dictionaries().to_pandas(), **facts)

    def planes(self) -> Iterator[Plane]:
        """Each plane, one at a time. Raises TargetError as above."""
        for name in self._tiles:
            yield self.plane(name)

    @property
    def maps(self) -> pd.DataFrame:
        """Every point of every map, with PLANE, MAP, x, y, verdict and ulp; ``plane`` by ``plane``
        where that is too much at once."""
        planes = [
            plane.points.assign(**{name: getattr(plane, name) for name in PLANE})
            for plane in self.planes()
        ]
        for points in planes:
            points[["x", "y"]] = points[["x", "y"]].astype(float)
        return pd.concat(planes, ignore_index=True).astype(dict.fromkeys(PLANE, "category"))

    @cached_property
    def frontiers(self) -> pd.DataFrame:
        """One row for each place where a map's verdict changes along a ray: PLANE, MAP, ray, the
        verdicts before and after, and x, y, hex of the last float before the change."""
        return self._table("frontiers", ["ray", "before", "after", "x", "y", "hex"])

    @cached_property
    def worst(self) -> pd.DataFrame:
        """One row for each map and failing verdict, and for ``accurate``: PLANE, MAP, verdict, the
        error ``ulp`` of the worst sample that a search found, its ``input`` (hex floats, a
        complex one re,im) and ``at_upstream``, what was ``computed`` and is ``exact``, the
        ``condition`` number, the ``op`` and ``source`` line to blame and the ``reason``, and the
        ``command`` that certifies it again."""
        return self._table("worst", ["verdict", "ulp", "input", "at_upstream", "computed", "exact",
                                     "condition", "op", "source", "reason", "command"])  # fmt: skip

    def _table(self, kind: str, columns: list[str]) -> pd.DataFrame:
        store, tables = Store(self.folder), []
        for name in self.manifest["results"]:
            if name.startswith(f"{kind}/"):
                table, facts = store.table(name)
                tables.append(table.to_pandas().assign(**facts))
        columns = [*PLANE, *MAP, *columns]
        found = [table for table in tables if len(table)]
        return (
            pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
        )

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


def results(folder: Path | str) -> Results:
    """The results of a sweep in ``folder``: its maps, summary, frontiers and worst cases as tables.

    Raises TargetError where there are none, or unfinished ones.
    """
    folder = Path(folder)
    manifest = Store(folder).json("manifest")
    if not isinstance(manifest, dict) or "results" not in manifest:
        raise TargetError(
            f"{folder} holds no finished sweep; run argand sweep --out {folder} (it goes on where "
            "it was stopped)"
        )
    return Results(folder, manifest)
