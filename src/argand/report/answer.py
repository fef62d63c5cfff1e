"""What a person wants to know first: which variant is right, safe where, and how fast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from argand.sweep.results import Results
from argand.timing.summary import judge
from argand.verdict import VERDICTS

_VERDICTS = {v.name: v for v in VERDICTS}
_SHOWN = 2  # regions in which a variant fails; the maps show all
_NARROW = 0.9  # a region that spans more of an axis than this is everywhere along it


@dataclass(frozen=True)
class Speed:
    """The time of a variant in one mode, relative to ``auto``, with its interval and verdict."""

    mode: str
    ratio: float
    low: float
    high: float
    judgement: str

    def __str__(self) -> str:
        return f"{self.mode} ×{self.ratio:.2f} [{self.low:.2f}, {self.high:.2f}] {self.judgement}"


@dataclass(frozen=True)
class Row:
    """One variant: whether its formula is right, and ``safe``: for each study the least share,
    over dtypes, modes, value and gradient, of the points with a normal exact result at which the
    variant is accurate; ``fails`` says where it is not."""

    subject: str
    variant: str
    right: str
    why: str
    safe: dict[str, float | None]
    fails: list[str]
    max_ulp: float
    speed: list[Speed]


@dataclass(frozen=True)
class Short:
    """The answer for one subject in three phrases."""

    subject: str
    wrong: list[tuple[str, str]]
    safest: str
    fastest: str


def in_short(rows: list[Row]) -> list[Short]:
    """For each subject: what is wrong, the right variant that is safest, and the fastest."""
    found = []
    for subject in dict.fromkeys(row.subject for row in rows):
        of = [row for row in rows if row.subject == subject]
        right = [row for row in of if row.right == "right"]
        found.append(
            Short(
                subject,
                [(row.variant, row.why) for row in of if row.right == "wrong"],
                _safest(right),
                _fastest(right),
            )
        )
    return found


def _safest(right: list[Row]) -> str:
    def least(row: Row) -> float:
        return min((s for s in row.safe.values() if s is not None), default=0.0)

    if not right:
        return "no variant is right"
    best = max(right, key=least)
    others = [f"{r.variant} {percent(least(r))}" for r in right if r is not best]
    rest = f" ({', '.join(others)})" if others else ""
    return f"{best.variant}: {percent(least(best))} of every map at the least{rest}"


def _fastest(right: list[Row]) -> str:
    timed = [(speed, row) for row in right for speed in row.speed]
    if not timed:
        return "not timed" if len(right) != 1 else "only one variant is right"
    found: dict[str, list[str]] = {}
    for mode in dict.fromkeys(speed.mode for speed, _ in timed):
        faster = [
            (s.ratio, r.variant) for s, r in timed if (s.mode, s.judgement) == (mode, "faster")
        ]
        ratio, variant = min(faster, default=(1.0, ""))
        words = f"{variant} ×{ratio:.2f}" if faster else "none is faster than auto"
        found.setdefault(words, []).append(mode)
    return "; ".join(f"{', '.join(modes)}: {words}" for words, modes in found.items())


def answers(results: Results, times: pd.DataFrame) -> list[Row]:
    """One row for each subject and variant, in the catalogue's order."""
    rows = []
    for check in results.checks:
        name = check["subject"]["name"]
        whole = results.summary[results.summary.subject == name]
        for variant in check["subject"]["variants"]:
            of = whole[whole.variant == variant]
            why = check["subject"]["variants"][variant]["wrong"]
            right = "wrong" if why else "right"
            rows.append(
                Row(
                    name,
                    variant,
                    right,
                    why,
                    {
                        study: _safe(whole[whole.study == study], variant)
                        for study in _studies(results)
                    },
                    [] if right == "wrong" else list(_fails(of)),
                    of.loc[of.verdict.isin(["accurate", "inaccurate"]), "max_ulp"].max(),
                    list(speeds(times, name, variant)) if right == "right" else [],
                )
            )
    return rows


def _studies(results: Results) -> list[str]:
    return [study["name"] for study in results.manifest["studies"]]


def _safe(whole: pd.DataFrame, variant: str) -> float | None:
    judged = whole[whole.failing | (whole.verdict == "accurate")]
    if judged.empty:
        return None
    right = judged.points.where(judged.verdict == "accurate", 0)
    maps = judged.assign(right=right).groupby(["dtype", "mode", "quantity", "by", "variant"])
    totals = maps[["right", "points"]].sum()
    # A map that another variant has and this one has not is one that raised here.
    share = (totals.right / totals.points).unstack("variant").get(variant)
    return 0.0 if share is None else float(share.fillna(0.0).min())


def _fails(of: pd.DataFrame) -> Iterator[str]:
    """Where each failing verdict takes the largest share of a map, in words; double precision
    stands for both."""
    maps = of.groupby(["study", "dtype"])
    whole = {
        axis: maps[f"{axis}_high"].transform("max") - maps[f"{axis}_low"].transform("min")
        for axis in "xy"
    }
    failing = of.assign(**{f"{axis}_whole": width for axis, width in whole.items()})[of.failing]
    double = failing[failing.dtype.isin(["float64", "complex128"])]
    failing = (double if len(double) else failing).sort_values("share", ascending=False)
    for _, at in failing.drop_duplicates("verdict").head(_SHOWN).iterrows():
        what = f"{at.quantity} by {at.by}" if at.by else at.quantity
        ranges = [
            f"{at[f'{axis}_label']} {at[f'{axis}_low']:.4g} … {at[f'{axis}_high']:.4g}"
            for axis in "xy"
            if at[f"{axis}_high"] - at[f"{axis}_low"] < _NARROW * at[f"{axis}_whole"]
        ]
        where = f", {', '.join(ranges)}" if ranges else ""
        yield (
            f"{_VERDICTS[at.verdict].glyph} {at.verdict.replace('_', ' ')}: {what}, {at['mode']}"
            f"{where} ({at.study.replace('_', ' ')}: {percent(at.share)})"
        ).replace("-", "−")


def percent(share: float | None) -> str:
    """A share in per cent, never rounded up to 100 or down to 0."""
    if share is None or np.isnan(share):
        return "—"
    if share in (0, 1):
        return f"{100 * share:.0f} %"
    digits = next((d for d in range(1, 6) if 0 < round(100 * share, d) < 100), 6)
    return f"{100 * share:.{digits}f} %"


def speeds(times: pd.DataFrame, subject: str, variant: str) -> Iterator[Speed]:
    """Time relative to ``auto`` at the largest size in double precision, mode by mode."""
    if times.empty or variant == "auto":
        return
    of = times.query(
        "subject == @subject and variant == @variant and quantity == 'ratio' "
        "and state == 'measured' and dtype in ['float64', 'complex128']"
    )
    for _, cell in of[of["size"] == of["size"].max()].iterrows():
        yield Speed(cell["mode"], cell["value"], cell["low"], cell["high"], judge(cell).judgement)
