"""The maps of a plane as matrices, and as pictures: verdicts, errors, and what stable changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import seaborn as sns

from argand.report.raster import Axes, Raster, dark, png, shrunk, ticks
from argand.sweep.store.columns import MAP
from argand.sweep.store.results import SweptPlane
from argand.verdict import CODE, RANK, VERDICTS, fails, unknown

ULP_SIDE = 48  # errors are noise, and a PNG of more noise is large
ABSENT = len(VERDICTS)  # the code of a place where nothing was computed
VERDICT_COLOURS = (*(v.colour for v in VERDICTS), "#ffffff")
DARK = {v.name for v in VERDICTS if dark(v.colour)}  # these carry a white glyph
_TOLD = 4  # the most frequent verdicts are told in words as well; the table has all
_MARKED = 0.02  # a verdict with a smaller share of the plane has no glyph on its region
# Upper edges of the classes of error, in ulp: each some digits worse than the one before.
EDGES = (0.5, 1.0, 2.0, 4.0, 16.0, 2.0**10, 2.0**20, np.inf)
CLASSES = ("≤ ½", "≤ 1", "≤ 2", "≤ 4", "≤ 16", "≤ 2¹⁰", "≤ 2²⁰", "more, or not finite",
           "nothing to compare")  # fmt: skip
ULP_COLOURS = (*sns.color_palette("magma_r", len(EDGES)).as_hex(), "#b9c4cc")
CHANGES = ("nothing to judge", "both right", "neither right", "gained", "lost")
CHANGE_COLOURS = ("#ffffff", "#d9ecf7", "#bdbdbd", "#0072b2", "#d55e00")
CHANGE_GLYPHS = ("", "✓", "✗", "+", "−")
# A block of a map shows the gravest of its points; a place where nothing was computed is last.
VERDICT_RANK = np.append(RANK, ABSENT)
_ERROR_RANK = np.array([*reversed(range(len(EDGES))), len(EDGES)])
_CHANGE_RANK = np.arange(len(CHANGES))[::-1]


@dataclass(frozen=True)
class Panel:
    """One map: its verdicts' codes and errors in ulp, a row for each y, ascending.

    ``key`` has the variant, mode, quantity and input (``by``) that it is of.
    """

    key: dict[str, str]
    verdicts: np.ndarray
    ulps: np.ndarray

    @property
    def title(self) -> str:
        """``value``, or ``gradient by x``."""
        return title(self.key["quantity"], self.key["by"])


def title(quantity: str, by: str) -> str:
    """``value``, or ``gradient by x``."""
    return f"{quantity} by {by}" if by else quantity


@dataclass(frozen=True)
class Maps:
    """Every map of one plane, and the values along its axes, ascending."""

    plane: SweptPlane
    x: np.ndarray
    y: np.ndarray
    panels: list[Panel]


def maps(plane: SweptPlane) -> Maps:
    """The maps of ``plane``, in the order in which they were swept. Where a tile lacks a map, the
    map is ABSENT."""
    points = plane.points
    keys = [points[n].astype("category") for n in MAP]
    number = np.zeros(len(points), np.int64)
    for key in keys:
        number = number * (len(key.cat.categories) + 1) + key.cat.codes.to_numpy()
    ends = np.append(np.flatnonzero(np.diff(number)) + 1, number.size)
    runs = [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True) if a < b]
    x, y, places = _places(points["x"].to_numpy(float), points["y"].to_numpy(float), runs)
    known = np.array([CODE[n] for n in points["verdict"].cat.categories] or [ABSENT], np.uint8)
    codes, ulps = known[points["verdict"].cat.codes.to_numpy()], points["ulp"].to_numpy()
    sizes = y.size, x.size
    found: dict[int, Panel] = {}
    for run, where in zip(runs, places, strict=True):
        if (of := int(number[run.start])) not in found:
            key = {n: str(k.iloc[run.start]) for n, k in zip(MAP, keys, strict=True)}
            found[of] = Panel(
                key, np.full(sizes, ABSENT, np.uint8), np.full(sizes, np.nan, np.float32)
            )
        found[of].verdicts[where], found[of].ulps[where] = codes[run], ulps[run]
    return Maps(plane, x, y, list(found.values()))


def _places(
    x: np.ndarray, y: np.ndarray, runs: list[slice]
) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """The values along x and y, and for each run of points the (rows, columns) that they have.

    All maps of a tile have their points in the same order, so each order is looked up once.
    """
    orders: list[slice] = []
    same = []
    for run in runs:
        k = len(orders) - 1
        if k < 0 or not (
            np.array_equal(x[run], x[orders[k]]) and np.array_equal(y[run], y[orders[k]])
        ):
            orders.append(run)
        same.append(len(orders) - 1)
    along = [np.unique(np.concatenate([a[o] for o in orders] or [a])) for a in (x, y)]
    found = [(np.searchsorted(along[1], y[o]), np.searchsorted(along[0], x[o])) for o in orders]
    return along[0], along[1], [found[k] for k in same]


def axes(of: Maps) -> Axes:
    """The ticks and labels of a plane's maps."""
    x, y = of.plane.x, of.plane.y
    return Axes(ticks(of.x, x["scale"]), ticks(of.y, y["scale"]), x["label"], y["label"])


def verdict_map(panel: Panel, more: str = "") -> Raster:
    """The verdict of each point; a large enough region carries its verdict's glyph."""
    shown = shrunk(panel.verdicts, VERDICT_RANK)
    shares = [((panel.verdicts == v.code).mean(), v) for v in VERDICTS]
    words = ", ".join(
        f"{v.name.replace('_', ' ')} {100 * s:.1f} %"
        for s, v in sorted(shares, key=lambda pair: -pair[0])[:_TOLD]
        if s
    )
    marks = [
        (*_inside(shown == v.code), v.glyph, v.name in DARK) for s, v in shares if s >= _MARKED
    ]
    name = ", ".join(p for p in (panel.key["variant"], panel.title, more) if p)
    return Raster(png(shown, VERDICT_COLOURS), name, f"Verdicts of {name}: {words}.", marks)


def ulp_map(panel: Panel) -> Raster:
    """The class of each point's normwise error in ulp; a block shows the worst of its points."""
    classes = error_classes(panel.ulps)
    name = f"{panel.key['variant']}, {panel.title}"
    finite = panel.ulps[np.isfinite(panel.ulps)]
    words = f"at most {finite.max():.3g} ulp where finite" if finite.size else "nothing to compare"
    return Raster(
        png(shrunk(classes, _ERROR_RANK, ULP_SIDE), ULP_COLOURS),
        name,
        f"Errors of {name}: {words}.",
    )


def error_classes(ulps: np.ndarray) -> np.ndarray:
    """The class of each error, the last where there is nothing to compare."""
    return np.where(np.isnan(ulps), len(EDGES), np.searchsorted(EDGES, ulps)).astype(np.uint8)


def change_map(before: Panel, after: Panel) -> tuple[Raster, dict[str, float]]:
    """The map of where ``after`` is right and ``before`` is not, and the reverse; and the share
    of the plane that each of CHANGES has."""
    # Where nothing was computed there is as little to judge as where nothing could be decided.
    old, new = (
        np.where(p.verdicts == ABSENT, CODE["undecided"], p.verdicts) for p in (before, after)
    )
    failed, now = fails(old), fails(new)
    codes = np.select(
        [unknown(old) | unknown(new), ~failed & ~now, failed & now, failed], [0, 1, 2, 3], 4
    ).astype(np.uint8)
    shares = {c: float((codes == k).mean()) for k, c in enumerate(CHANGES)}
    shown = shrunk(codes, _CHANGE_RANK)
    marks = [
        (*_inside(shown == k), CHANGE_GLYPHS[k], dark(CHANGE_COLOURS[k]))
        for k, share in enumerate(shares.values())
        if share >= _MARKED and CHANGE_GLYPHS[k]
    ]
    names = f"{after.key['variant']} against {before.key['variant']}"
    words = ", ".join(f"{c} {100 * s:.1f} %" for c, s in shares.items() if s)
    alt = f"{names}, {after.title}: {words}."
    return Raster(png(shown, CHANGE_COLOURS), f"{names}, {after.title}", alt, marks), shares


def _inside(where: np.ndarray) -> tuple[float, float]:
    """A point inside the region, as (share of the width, share of the height from the bottom).

    Of the region's fullest rows it takes the middle one, and there the middle of the longest run.
    """
    if not where.any():
        return 0.5, 0.5
    full = where.sum(axis=1)
    rows = np.flatnonzero(full >= 0.8 * full.max())
    row = int(rows[rows.size // 2])
    columns = np.flatnonzero(where[row])
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    longest = max(runs, key=len)
    return (
        (float(longest[len(longest) // 2]) + 0.5) / where.shape[1],
        (row + 0.5) / where.shape[0],
    )
