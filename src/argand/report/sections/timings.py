"""Times: each variant's over the tensor's size, and over commits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from argand.report import charts
from argand.report.gathered import Gathered
from argand.report.times import DOUBLE, PER_ELEMENT, newest
from argand.timing.asv_results import compared

TITLE = "Times"
PLACE = 70
TEMPLATE = """
{% if picture %}
<p class="faint">Value and gradient, double precision; <em>exp_copy</em> and <em>stream</em> are the
floors (one exponential and a copy; a stream). The band about <em>auto</em> is the A/A control: how
far it seems to be from itself.</p>
{{ picture }}
{{ behind(times, "times of " ~ name, "The figures, with intervals and the control") }}
{% if history %}<h4>Over commits</h4>{{ history }}
{% elif commits %}
<p class="faint">One commit has been timed; asv run with a range of commits adds the history.</p>
{% endif %}
{{ behind(commits, "history of " ~ name, "By commit") }}
{% else %}<p>Not timed: run <code>make bench</code>.</p>{% endif %}
"""


def section(of: Gathered) -> dict[str, Any]:
    """The pictures and tables of the latest commit, and of several where they were timed."""
    cells, commits = newest(of.times), over_commits(of.times)
    several = len(commits) and len(set(commits["commit"])) > 1
    return {
        "picture": charts.times(cells, of.name) if len(cells) else None,
        "times": of.table(times_table(cells), "times") if len(cells) else None,
        "history": charts.history(commits, of.name) if several else None,
        "commits": of.table(commits, "history"),
    }


def times_table(cells: pd.DataFrame) -> pd.DataFrame:
    """For each dtype, mode and size the milliseconds of each variant and floor, and ratios to
    ``auto``.

    A ratio has its interval and verdict. ``auto`` against itself is the control.
    """
    keys = ["dtype", "mode", "size"]
    milliseconds = (
        cells[cells["quantity"].isin(["time", "floor"])]
        .assign(words=lambda c: [f"{1e3 * v:.3g}" for v in c["value"]])
        .pivot_table("words", keys, "variant", aggfunc="first", sort=False)
    )
    ratios = cells[cells["quantity"] == "ratio"].copy()
    ratios["words"] = [
        f"{r['value']:.2f} [{r['low']:.2f}, {r['high']:.2f}] {compared(r).judgement}"
        for _, r in ratios.iterrows()
    ]
    ratios["variant"] = [
        "control: auto ÷ auto" if v == "auto" else f"{v} ÷ auto" for v in ratios["variant"]
    ]
    wide = ratios.pivot_table("words", keys, "variant", aggfunc="first", sort=False)
    joined = milliseconds.rename(columns=lambda v: f"{v}, ms").join(wide)
    return joined.fillna("—").reset_index()


def over_commits(cells: pd.DataFrame) -> pd.DataFrame:
    """The times of one subject's variants over commits, the oldest first.

    They are those of the largest size in double precision, in graph mode if that was timed.
    """
    of = cells[(cells["quantity"] == "time") & cells["dtype"].isin(DOUBLE)]
    if of.empty:
        return of
    modes = list(dict.fromkeys(of["mode"]))
    of = of[of["mode"] == ("graph" if "graph" in modes else modes[0])]
    of = of[of["size"] == of["size"].max()].sort_values("date", kind="stable")
    return of[["commit", "date", "variant", "mode", "dtype", "size", "value", PER_ELEMENT]]
