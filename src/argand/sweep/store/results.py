"""Read a folder of sweep results back, as tidy tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from argand.subject import TargetError
from argand.sweep.store.columns import FRONTIERS, MAP, PLANE, WORST
from argand.sweep.store.counted import joined, places
from argand.sweep.store.store import Store
from argand.verdict import FAILING


@dataclass(frozen=True)
class SweptPlane:
    """All maps of one study, subject, dtype, pair of axes, upstream, length and device.

    ``over``: the labels of both axes. ``length``: of the tensors, 0 where they are as long as
    there are samples. ``x``, ``y``: of each axis its label, scale and number of points.
    ``resting``: the values of the components that no axis moves, by label. ``points``: a row for
    each point of each map, with the columns MAP and POINT of ``argand.sweep.store.columns``.
    ``errors``: the maps that are absent because the function raised, with its words.
    """

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
        found = []
        for name in self.manifest["results"]:
            if name.startswith("check/"):
                kept = self.store(name).json(name)
                if kept is None or "findings" not in kept:
                    raise TargetError(f"{self.folder}/{name}.json is not argand's; sweep again")
                found.append(kept)
        return found

    def store(self, name: str) -> Store:
        """The store, if ``name`` in it is the very file that the sweep wrote; else TargetError."""
        store = Store(self.folder)
        store.verify(name, self.manifest["results"][name])
        return store

    @property
    def failures(self) -> pd.DataFrame:
        """One row for each piece that could not be carried out: job and reason. Its points are
        absent from the tables."""
        return pd.DataFrame(self.manifest["failed"], columns=["job", "reason"])

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
            facts = self.store(tiles[0]).facts(tiles[0])
            order = next(s for s in self.manifest["studies"] if s["name"] == facts["study"])
            rank = [order[f"{c}s"].index(facts[c]) for c in ("upstream", "length", "device")]
            if not any(rank):
                first.setdefault(tuple(facts[c] for c in ("study", "subject", "dtype")), name)
        return list(first.values())

    def plane(self, name: str, every: int = 1) -> SweptPlane:
        """The plane ``name``, of ``plane_names``, with one of ``every`` points along each axis.

        Raises TargetError for a file that is damaged or gone.
        """
        tables, errors = [], []
        facts: dict[str, Any] = {}
        for tile in sorted(self._tiles[name]):
            table, facts = self.store(tile).table(tile)
            tables.append(_thinned(table, every, int(tile.rpartition(".")[2])))
            errors += [error for error in facts["errors"] if error not in errors]
        facts = {
            field.name: facts[field.name] for field in fields(SweptPlane) if field.name in facts
        }
        for axis in ("x", "y"):
            facts[axis] = facts[axis] | {"points": -(-facts[axis]["points"] // every)}
        points = pa.concat_tables(tables, promote_options="permissive").unify_dictionaries()
        return SweptPlane(**facts | {"points": points.to_pandas(), "errors": errors})

    def facts(self, name: str) -> dict[str, Any]:
        """The facts of the plane ``name``, of which no point is read: those of SweptPlane, and
        ``summary``, the counts of each tile. Raises TargetError as above."""
        found: dict[str, Any] = {}
        errors: list[dict[str, str]] = []
        summary = []
        for tile in sorted(self._tiles[name]):
            found = self.store(tile).facts(tile)
            errors += [error for error in found["errors"] if error not in errors]
            summary.append(found["summary"])
        return found | {"errors": errors, "summary": summary}

    def planes(self) -> Iterator[SweptPlane]:
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
        return self._table("frontiers", FRONTIERS.names)

    @cached_property
    def worst(self) -> pd.DataFrame:
        """One row for each map and failing verdict, and for ``accurate``: PLANE, MAP, verdict, the
        error ``ulp`` of the worst sample that a search found, its ``input`` (hex floats, a
        complex one re,im) and ``at_upstream``, what was ``computed`` and is ``exact``, the
        ``condition`` number, the ``op`` and ``source`` line to blame and the ``reason``, and the
        ``command`` that certifies it again."""
        return self._table("worst", WORST.names)

    def _table(self, kind: str, columns: list[str]) -> pd.DataFrame:
        tables = []
        for name in self.manifest["results"]:
            if name.startswith(f"{kind}/"):
                table, facts = self.store(name).table(name)
                tables.append(table.to_pandas().assign(**facts))
        columns = [*PLANE, *columns]
        found = [table for table in tables if len(table)]
        return (
            pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
        )

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row for each map and verdict: PLANE, MAP, verdict, failing, points, share, the
        ranges x_low … y_high where it occurs, the axes' x_label and y_label, and max_ulp."""
        rows = []
        for tiles in self._tiles.values():
            facts = [self.store(tile).facts(tile) for tile in tiles]
            row = joined([f["summary"] for f in facts])
            if row.empty:
                continue
            for at, name in enumerate(PLANE):
                row.insert(at, name, facts[0][name])
            rows.append(row.assign(x_label=facts[0]["x"]["label"], y_label=facts[0]["y"]["label"]))
        if not rows:
            raise TargetError(f"{self.folder} holds no map; run argand sweep")
        table = pd.concat(rows, ignore_index=True).astype(dict.fromkeys([*MAP, "verdict"], str))
        total = table.groupby([*PLANE, *MAP])["points"].transform("sum")
        return table.assign(share=table["points"] / total, failing=table["verdict"].isin(FAILING))


def _thinned(table: pa.Table, every: int, start: int) -> pa.Table:
    """Of a tile whose first row is ``start``, one of ``every`` points along each axis."""
    if every == 1:
        return table
    x, y = places(table, "x"), places(table, "y")
    return table.filter(pa.array((x % every == 0) & ((y + start) % every == 0)))


def results(folder: Path | str) -> Results:
    """The results of a sweep in ``folder``: its maps, summary, frontiers and worst cases as tables.

    Raises TargetError where there are none, or unfinished ones. A file that is gone, or not the one
    that the sweep wrote, raises it when a table needs it.
    """
    folder = Path(folder)
    manifest = Store(folder).manifest()
    if manifest is None or "results" not in manifest:
        raise TargetError(
            f"{folder} holds no finished sweep; run argand sweep --out {folder} (it goes on where "
            "it was stopped)"
        )
    return Results(folder, manifest)
