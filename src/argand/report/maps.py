"""Maps of a plane: the verdict and the error in ulp of each variant, as small multiples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from argand.floats import ordinals
from argand.report.figure import Picture, picture
from argand.sweep.results import Plane
from argand.verdict import CODE, VERDICTS

MODE = "graph"  # shown as pictures; the table beneath has all modes
_PANEL = 2.5  # inches
_BLOCK = 2  # points along each side of a block of an ulp map: it shows their worst
_NOTHING = "#b9c4cc"
_LABELLED = 0.02  # share of the plane from which a verdict's glyph is written on its region
# Upper edges of the classes of error, in ulp: each some digits worse than the one before.
_EDGES = (0.5, 1.0, 2.0, 4.0, 16.0, 2.0**10, 2.0**20, np.inf)
_CLASSES = ("≤ ½", "≤ 1", "≤ 2", "≤ 4", "≤ 16", "≤ 2¹⁰", "≤ 2²⁰", "more, or not finite")

Ticks = list[tuple[float, str]]  # place in cells, and what stands there


@dataclass(frozen=True)
class Panel:
    """One map: which variant and quantity, and its matrices, rows by y."""

    variant: str
    quantity: str
    verdicts: np.ndarray
    ulps: np.ndarray


def panels(plane: Plane, mode: str = MODE) -> list[Panel]:
    """The maps of ``plane`` in ``mode``, variants in their order of declaration."""
    shape = (plane.y["points"], plane.x["points"])
    of_mode = plane.points[plane.points["mode"] == mode]
    found = []
    for (variant, quantity, by), rows in of_mode.groupby(
        ["variant", "quantity", "by"], observed=True, sort=False
    ):
        codes = rows["verdict"].cat.codes.to_numpy()
        names = [CODE[name] for name in rows["verdict"].cat.categories]
        found.append(
            Panel(
                variant,
                title(quantity, by),
                np.array(names)[codes].reshape(shape),
                rows["ulp"].to_numpy().reshape(shape),
            )
        )
    return found


def title(quantity: str, by: str) -> str:
    """``value``, or ``gradient by x``."""
    return f"{quantity} by {by}" if by else quantity


def verdict_map(plane: Plane, shown: list[Panel]) -> Picture:
    """Which verdict each point has; a region of some size carries its verdict's glyph."""
    colours = ListedColormap([v.colour for v in VERDICTS])

    def draw(panel: Panel, axes: Axes) -> None:
        sns.heatmap(
            panel.verdicts[::-1], ax=axes, cmap=colours, vmin=-0.5, vmax=len(VERDICTS) - 0.5,
            cbar=False, xticklabels=False, yticklabels=False,
        )  # fmt: skip
        for verdict in VERDICTS:
            where = panel.verdicts[::-1] == verdict.code
            if where.mean() >= _LABELLED:
                column, row = _inside(where)
                dark = verdict.name in ("spurious_nan", "spurious_underflow", "wrong", "undecided")
                axes.text(
                    column, row, verdict.glyph, ha="center", va="center", fontsize=9,
                    color="white" if dark else "black",
                )  # fmt: skip

    present = sorted({int(c) for p in shown for c in np.unique(p.verdicts)})
    legend = [
        (VERDICTS[c].colour, f"{VERDICTS[c].glyph}  {VERDICTS[c].name.replace('_', ' ')}")
        for c in present
    ]
    return _small_multiples(plane, shown, draw, legend, "verdict")


def ulp_map(plane: Plane, shown: list[Panel]) -> Picture:
    """The normwise error in ulp by class, the worst of each block of points; grey where the exact
    result is out of range or not decided, so that there is nothing to compare."""
    palette = sns.color_palette("magma_r", len(_EDGES)).as_hex()
    colours = ListedColormap(palette)

    def draw(panel: Panel, axes: Axes) -> None:
        worst = _blocks(panel.ulps[::-1])
        classes = np.searchsorted(_EDGES, worst).astype(float)
        axes.set_facecolor(_NOTHING)
        sns.heatmap(
            np.where(np.isnan(worst), np.nan, classes), ax=axes, cmap=colours,
            vmin=-0.5, vmax=len(_EDGES) - 0.5, cbar=False, xticklabels=False, yticklabels=False,
        )  # fmt: skip

    legend = [*zip(palette, _CLASSES, strict=True), (_NOTHING, "nothing to compare")]
    return _small_multiples(plane, shown, draw, legend, "error in ulp")


def _blocks(ulps: np.ndarray) -> np.ndarray:
    """Every point with the largest of its block, NaN where all of that is NaN."""
    height, width = (-(-n // _BLOCK) for n in ulps.shape)
    padded = np.full((height * _BLOCK, width * _BLOCK), np.nan)
    padded[: ulps.shape[0], : ulps.shape[1]] = ulps
    cells = padded.reshape(height, _BLOCK, width, _BLOCK)
    worst = np.fmax.reduce(np.fmax.reduce(cells, axis=3), axis=1)
    return worst.repeat(_BLOCK, 0).repeat(_BLOCK, 1)[: ulps.shape[0], : ulps.shape[1]]


def _inside(where: np.ndarray) -> tuple[float, float]:
    """(column, row) of a point inside the region: the middle of its middle row."""
    rows = np.flatnonzero(where.any(axis=1))
    row = rows[len(rows) // 2]
    columns = np.flatnonzero(where[row])
    return columns[len(columns) // 2] + 0.5, row + 0.5


def _small_multiples(
    plane: Plane,
    shown: list[Panel],
    draw: Callable[[Panel, Axes], None],
    legend: list[tuple[str, str]],
    what: str,
) -> Picture:
    ticks = [
        list(_tick_places(np.sort(plane.points[name].unique().astype(float)), axis["scale"]))
        for name, axis in (("x", plane.x), ("y", plane.y))
    ]
    variants = list(dict.fromkeys(p.variant for p in shown))
    quantities = list(dict.fromkeys(p.quantity for p in shown))
    figure = Figure(
        figsize=(_PANEL * len(variants) + 2.1, _PANEL * len(quantities) + 0.3), layout="constrained"
    )
    grid = figure.subplots(len(quantities), len(variants), squeeze=False, sharex=True, sharey=True)
    for panel in shown:
        row, column = quantities.index(panel.quantity), variants.index(panel.variant)
        axes = grid[row, column]
        draw(panel, axes)
        _ticks(axes, ticks[0], ticks[1], panel.verdicts.shape[0])
        axes.set_title(f"{panel.variant}, {panel.quantity}", fontsize=9)
        axes.set_xlabel(_unit(plane.x) if row == len(quantities) - 1 else "", fontsize=8)
        axes.set_ylabel(_unit(plane.y) if column == 0 else "", fontsize=8)
    for axes in grid.flat:
        if not axes.collections:
            axes.set_axis_off()
            axes.text(0.5, 0.5, "raises: see\nthe table", transform=axes.transAxes, fontsize=8,
                      ha="center", va="center")  # fmt: skip
    handles = [Patch(facecolor=c, edgecolor="#444444", linewidth=0.5) for c, _ in legend]
    figure.legend(
        handles, [words for _, words in legend], loc="outside right upper", fontsize=8,
        frameon=False, title=what, title_fontsize=8,
    )  # fmt: skip
    alt = (
        f"Maps of {what} of {plane.subject} in {plane.dtype}, mode {MODE}, over "
        f"{plane.x['label']} and {plane.y['label']}: {', '.join(variants)}; "
        f"{', '.join(quantities)}. The table beneath has the figures."
    )
    return picture(figure, alt)


def _unit(axis: dict) -> str:
    scale = "float line: even in ordinals" if axis["scale"] == "float line" else "linear"
    return f"{axis['label']} ({scale})"


def _ticks(axes: Axes, xs: Ticks, ys: Ticks, height: int) -> None:
    axes.set_xticks([at + 0.5 for at, _ in xs], [words for _, words in xs], rotation=45,
                    fontsize=7, ha="right", rotation_mode="anchor")  # fmt: skip
    axes.set_yticks([height - at - 0.5 for at, _ in ys], [words for _, words in ys], fontsize=7)
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_linewidth(0.5)


def _tick_places(values: np.ndarray, scale: str) -> Iterator[tuple[float, str]]:
    """Where round numbers stand, in cells."""
    if scale == "float line":
        top = np.log10(values[-1])
        powers = [10.0**p for p in (np.array([-0.6, 0.0, 0.6]) * top).round()]
        wanted = [-p for p in reversed(powers)] + [0.0, *powers]
        places = np.interp(_line(np.array(wanted)), _line(values), np.arange(values.size))
        yield from zip(places, [_power(w) for w in wanted], strict=True)
        return
    ticks = MaxNLocator(5).tick_values(values[0], values[-1])
    for tick in ticks[(ticks >= values[0]) & (ticks <= values[-1])]:
        place = np.interp(tick, values, np.arange(values.size))
        yield place, f"{tick:g}".replace("-", "−")


def _line(values: np.ndarray) -> np.ndarray:
    return ordinals(values.astype(np.float64)).astype(float)


def _power(value: float) -> str:
    if value == 0:
        return "0"
    sign = "−" if value < 0 else ""
    power = round(np.log10(abs(value)))
    return f"{sign}1" if power == 0 else f"{sign}1e{power}".replace("e-", "e−")
