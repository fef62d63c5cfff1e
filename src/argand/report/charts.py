"""The page's line and point charts, by seaborn, drawn as small SVG."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, NullLocator

from argand.report.figure import INK, SERIES, drawing, literal, sheet
from argand.report.times import DOUBLE, PER_ELEMENT
from argand.subject import MODES

SAFEST = 1e-6  # a smaller share of failing points is drawn here: the axis is logarithmic
_VARIANTS = ("auto", "published", "custom", "stable")  # each has the same colour in all pictures
_MARKERS = ("o", "X", "s", "D", "^", "v", "P", "*")
THRESHOLDS = 2.0 ** np.arange(-2.0, 54.0)  # ulp


def look(names: list[str]) -> dict[str, tuple[str, str]]:
    """The colour and marker of each variant or floor."""
    known = [*_VARIANTS, *(n for n in names if n not in _VARIANTS)]
    return {n: (SERIES[k % len(SERIES)], _MARKERS[k % len(_MARKERS)]) for k, n in enumerate(known)}


def overview(rows: pd.DataFrame) -> Markup:
    """The picture of speed against accuracy, one point for each row.

    Columns: ``subject``, ``variant``, ``ratio`` (time ÷ auto's), and ``unsafe``, the failing share
    of its worst map.
    """
    names = list(dict.fromkeys(rows["variant"]))
    looks = look(names)
    figure, (axes,) = sheet(1, 6.2, 2.6)
    sns.scatterplot(
        rows.assign(unsafe=rows["unsafe"].clip(lower=SAFEST)), x="ratio", y="unsafe",
        hue="variant", style="variant", hue_order=names, style_order=names, s=45,
        palette={n: looks[n][0] for n in names}, markers={n: looks[n][1] for n in names},
        ax=axes, linewidth=0,
    )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="time relative to auto (left: faster)",
             ylabel="failing points")  # fmt: skip
    axes.set_ylim(SAFEST / 2, 2)
    axes.axvline(1, color=INK, linewidth=0.6, linestyle=":")
    axes.yaxis.set_major_formatter(lambda share, _: _share(share))
    low, high = rows["ratio"].min(), rows["ratio"].max()
    steps = [m * 10.0**p for p in range(-3, 4) for m in (1, 2, 5)]
    _ticks(axes.xaxis, [s for s in steps if low / 2.5 <= s <= 2.5 * high], "×{:g}")
    axes.legend(title="", loc="upper left", bbox_to_anchor=(1, 1))
    return drawing(
        figure,
        f"Speed against accuracy: {len(rows)} variants by time relative to auto and by the share "
        "of points at which they fail. The table beneath has the figures.",
    )


def _share(share: float) -> str:
    return "none" if share <= SAFEST else f"{100 * share:g} %"


def _ticks(axis: Axis, places: Sequence[float], words: str) -> None:
    """Put plain numbers at ``places``: typeset ones would take most of the figure's time."""
    axis.set_major_locator(FixedLocator(places))
    axis.set_minor_locator(NullLocator())
    axis.set_ticklabels([words.format(p) for p in places])


def _decades(axis: Axis, low: float, high: float) -> None:
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    step = max(1, -(-(last - first) // 4))
    axis.set_major_locator(FixedLocator([10.0**p for p in range(first, last + 1, step)]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(lambda value, _: _plain(value))


def _plain(value: float) -> str:
    """1000 as it is, 1e6 short."""
    return f"{value:g}" if 1e-3 <= value < 1e5 else f"{value:.0e}".replace("e+0", "e")


def distribution(shares: pd.DataFrame, subject: str) -> Markup:
    """The picture of the share of the points whose error is above each of THRESHOLDS.

    Columns: ``panel`` (what and where), ``variant``, ``ulp`` and ``share``.
    """
    kinds, names = list(dict.fromkeys(shares["panel"])), list(dict.fromkeys(shares["variant"]))
    looks = look(names)
    figure, grid = sheet(len(kinds), 2.3, 1.5)
    for axes, kind in zip(grid, kinds, strict=True):
        for name in names:
            of = shares[(shares["panel"] == kind) & (shares["variant"] == name)]
            moves = of["share"].diff().ne(0)  # a level stretch is one line
            moves.iloc[-1:] = True
            of = of[moves]
            axes.step(of["ulp"], of["share"].clip(lower=SAFEST), color=looks[name][0],
                      where="post", linewidth=1.2, label=literal(name),
                      linestyle=_dashes(name, names))  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel="ulp", title=literal(kind))
        axes.set_ylim(SAFEST, 1.5)
        axes.xaxis.set_major_locator(FixedLocator([1.0, 2.0**12, 2.0**24, 2.0**36, 2.0**48]))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(lambda ulp, _: f"2{_raised(int(np.log2(ulp)))}")
    grid[0].set_ylabel("share with a larger error")
    grid[0].yaxis.set_major_locator(FixedLocator([SAFEST, 1e-4, 1e-2, 1.0]))
    grid[0].yaxis.set_minor_locator(NullLocator())
    grid[0].yaxis.set_major_formatter(lambda share, _: _share(share))
    grid[-1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    return drawing(
        figure,
        f"Distribution of errors of {subject}: the share of points with an error larger than a "
        f"number of ulp, by variant, for {', '.join(kinds)}. The table beneath has the figures.",
    )


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))


def _dashes(name: str, names: list[str]) -> str:
    """Lines that lie on each other are told apart."""
    return ("-", "--", "-.", ":")[names.index(name) % 4]


def times(cells: pd.DataFrame, subject: str) -> Markup:
    """The picture of an element's time over the tensor's size, in double precision.

    It has a panel for each mode, with variants and floors, and about auto the band of the A/A
    control.
    """
    double = cells[cells["dtype"].isin(DOUBLE)]
    shown = double[double["quantity"].isin(["time", "floor"])].sort_values("size")
    names = list(shown.sort_values("quantity", ascending=False, kind="stable")["variant"].unique())
    modes = [m for m in MODES if m in set(shown["mode"])]
    figure, grid = sheet(len(modes), 2.2, 1.7)
    for axes, mode in zip(grid, modes, strict=True):
        _sizes(axes, shown[shown["mode"] == mode], names)
        _band(axes, double[double["mode"] == mode])
        axes.set(xscale="log", yscale="log", title=mode, xlabel="size of the tensor")
        _decades(axes.xaxis, shown["size"].min(), shown["size"].max())
    _decades(grid[0].yaxis, shown[PER_ELEMENT].min(), shown[PER_ELEMENT].max())
    grid[0].set_ylabel(PER_ELEMENT)
    grid[-1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    return drawing(
        figure,
        f"Time of value and gradient of {subject}, nanoseconds an element over the tensor's size, "
        f"modes {', '.join(modes)}. The table beneath has the figures.",
    )


def _sizes(axes: Axes, shown: pd.DataFrame, names: list[str]) -> None:
    looks = look(names)
    for name in names:
        of = shown[shown["variant"] == name]
        colour, marker = looks[name]
        axes.plot(of["size"].astype(float), of[PER_ELEMENT], color=colour, marker=marker,
                  markersize=3, linewidth=1, label=literal(name))  # fmt: skip


def _band(axes: Axes, cells: pd.DataFrame) -> None:
    """How far auto seems to be from itself."""
    auto = cells[cells["variant"] == "auto"]
    of = auto[auto["quantity"] == "time"].merge(
        auto[auto["quantity"] == "ratio"], on="size", suffixes=("", "_control")
    ).sort_values("size")  # fmt: skip
    for bound in ("low_control", "high_control"):
        of = of[np.isfinite(of[bound]) & (of[bound] > 0)]
    if len(of):
        low, high = (of[PER_ELEMENT] * of[bound] for bound in ("low_control", "high_control"))
        size = of["size"].astype(float)
        axes.fill_between(size, low, high, color=SERIES[0], alpha=0.25, linewidth=0)


def history(cells: pd.DataFrame, subject: str) -> Markup:
    """The picture of an element's time over commits. Columns: ``commit``, in order, ``variant`` and
    PER_ELEMENT."""
    names = list(dict.fromkeys(cells["variant"]))
    commits = list(dict.fromkeys(cells["commit"]))
    looks = look(names)
    figure, (axes,) = sheet(1, 4.6, 1.4)
    for name in names:
        of = cells[cells["variant"] == name]
        colour, marker = looks[name]
        axes.plot([commits.index(c) for c in of["commit"]], of[PER_ELEMENT], color=colour,
                  marker=marker, markersize=3, linewidth=1, label=literal(name))  # fmt: skip
    axes.set_xticks(range(len(commits)), [c[:7] for c in commits], fontsize=7, rotation=30)
    axes.set_ylabel(PER_ELEMENT)
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return drawing(
        figure,
        f"Time of value and gradient of {subject} over {len(commits)} commits. The table beneath "
        "has the figures.",
    )


def ratios(best: pd.DataFrame, measure: str) -> Markup | None:
    """The picture of times ÷ ``measure``'s, with their intervals; None where there are none.

    It has a line for each ``subject`` and ``dtype``, and on it a marker for each ``side``.
    """
    shown = best[np.isfinite(best["ratio"].astype(float))]
    if shown.empty:
        return None
    rows = list(dict.fromkeys(zip(shown["subject"], shown["dtype"], strict=True)))
    figure, (axes,) = sheet(1, 5.5, max(1.2, 0.17 * len(rows)), left=2.2)
    for k, (side, of) in enumerate(shown.groupby("side", sort=False)):
        places = [rows.index(r) for r in zip(of["subject"], of["dtype"], strict=True)]
        spread = np.abs(of[["ratio_low", "ratio_high"]].to_numpy(float).T - of["ratio"].to_numpy())
        spread = np.where(np.isfinite(spread), spread, 0.0)
        axes.errorbar(of["ratio"], places, xerr=spread, fmt=_MARKERS[k % len(_MARKERS)],
                      color=SERIES[k % len(SERIES)], markersize=4, linewidth=0.8,
                      label=literal(str(side)))  # fmt: skip
    axes.set_yticks(range(len(rows)), [literal(" ".join(r)) for r in rows], fontsize=7)
    axes.invert_yaxis()
    axes.set(xscale="log", xlabel=f"time relative to {literal(measure)} (left: faster)")
    axes.axvline(1, color=INK, linewidth=0.6, linestyle=":")
    low, high = shown["ratio"].min(), shown["ratio"].max()
    steps = [m * 10.0**p for p in range(-4, 5) for m in (1, 2, 5)]
    _ticks(axes.xaxis, [s for s in steps if low / 2.5 <= s <= 2.5 * high], "×{:g}")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return drawing(
        figure,
        f"Time of the fastest variant relative to {measure}, for {len(rows)} functions and "
        "dtypes. The table beneath has the figures.",
    )
