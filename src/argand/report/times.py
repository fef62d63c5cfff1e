"""Times over size: a picture and a table of each subject's variants, with floors and control."""

from __future__ import annotations

import pandas as pd
import seaborn as sns

from argand.report.figure import Picture, drawing
from argand.subject import MODES
from argand.timing.summary import judge

PER_ELEMENT = "ns an element"


def of_subject(times: pd.DataFrame, subject: str) -> pd.DataFrame:
    """The measured cells of ``subject``, with the time of an element in nanoseconds."""
    of = times[(times["subject"] == subject) & (times["state"] == "measured")]
    return of.assign(**{PER_ELEMENT: 1e9 * of["value"] / of["size"].astype(float)})


def times_figure(cells: pd.DataFrame, subject: str) -> Picture:
    """Time of an element over size, a panel for each mode and dtype, variants and floors."""
    shown = cells[cells["quantity"].isin(["time", "floor"])].rename(
        columns={"size": "size of the tensor"}
    )
    order = list(shown.sort_values("quantity", ascending=False, kind="stable")["variant"].unique())
    grid = sns.relplot(
        shown.assign(**{"size of the tensor": shown["size of the tensor"].astype(int)}),
        x="size of the tensor", y=PER_ELEMENT, hue="variant", style="variant", markers=True,
        hue_order=order, style_order=order,
        col="mode", row="dtype", col_order=[m for m in MODES if m in set(shown["mode"])],
        kind="line", palette="colorblind", height=2.2, aspect=1.35, errorbar=None,
        facet_kws={"margin_titles": True},
    )  # fmt: skip
    grid.set(xscale="log", yscale="log")
    return drawing(
        grid.figure,
        f"Time of value and gradient of {subject}, nanoseconds an element over the tensor's size, "
        "for each mode and dtype. The table beneath has the figures.",
    )


def times_table(cells: pd.DataFrame) -> pd.DataFrame:
    """For each dtype, mode and size: milliseconds of each variant and floor, and the ratio to
    ``auto`` with its interval and verdict (``auto`` against itself is the control)."""
    keys = ["dtype", "mode", "size"]
    milliseconds = (
        cells[cells["quantity"].isin(["time", "floor"])]
        .assign(words=lambda c: [f"{1e3 * v:.3g}" for v in c["value"]])
        .pivot_table("words", keys, "variant", aggfunc="first", sort=False)
    )
    ratios = cells[cells["quantity"] == "ratio"].copy()
    ratios["words"] = [
        f"{r['value']:.2f} [{r['low']:.2f}, {r['high']:.2f}] {judge(r).judgement}"
        for _, r in ratios.iterrows()
    ]
    ratios["variant"] = [
        "control: auto ÷ auto" if v == "auto" else f"{v} ÷ auto" for v in ratios["variant"]
    ]
    wide = ratios.pivot_table("words", keys, "variant", aggfunc="first", sort=False)
    joined = milliseconds.rename(columns=lambda v: f"{v}, ms").join(wide)
    return joined.fillna("—").reset_index()
