"""What a person wants to know first: which variant is right, safe where, how accurate and fast."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from argand.report.times import DOUBLE
from argand.report.words import number, percent, spaced
from argand.sweep.store.columns import MAP, PLANE
from argand.timing.asv_results import compared
from argand.verdict import FAILING, VERDICTS

_VERDICTS = {v.name: v for v in VERDICTS}
_SHOWN = 2  # regions in which a variant fails are told; the maps show all
_NARROW = 0.9  # a region that spans more of an axis than this is everywhere along it
_MAPS = [*(name for name in PLANE if name != "subject"), *(n for n in MAP if n != "variant")]


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
    """One variant of a subject.

    ``right`` is "right" or "wrong", and ``why`` says what is wrong. ``safe`` has a share for each
    study: that of the variant's worst map there, in which the points with a normal exact result
    count, and are safe where the variant is accurate. ``fails`` says where it is not; ``max_ulp``
    and ``witness`` how far a finite result is off, and where.
    """

    subject: str
    variant: str
    right: str
    why: str
    safe: dict[str, float | None]
    fails: list[str]
    frontier: str
    max_ulp: float
    witness: str
    speed: list[Speed]

    @property
    def least(self) -> float | None:
        """The share on the worst of all maps; None where nothing was judged."""
        return min((s for s in self.safe.values() if s is not None), default=None)


@dataclass(frozen=True)
class Answer:
    """One subject: its variants, the ``best`` of them, and ``auto``.

    The best is the safest variant that is right; of several the fastest.
    """

    subject: str
    rows: list[Row]
    best: Row | None
    auto: Row | None

    @property
    def gain(self) -> float:
        """How much more of the worst map is safe with ``best`` than with ``auto``."""
        if self.best is None or self.auto is None:
            return 0.0
        return (self.best.least or 0.0) - (self.auto.least or 0.0)

    @property
    def speed(self) -> list[Speed]:
        """That of ``best``; where ``best`` is ``auto``, that of the fastest right variant."""
        return self.faster.speed if self.faster else []

    @property
    def faster(self) -> Row | None:
        """The variant whose speed is quoted."""
        timed = [r for r in self.rows if r.speed]
        if self.best in timed:
            return self.best
        return min(timed, key=lambda r: min(s.ratio for s in r.speed), default=None)


def by_subject(rows: list[Row]) -> list[Answer]:
    """One answer for each subject, those first where ``auto`` loses most."""
    found = []
    for subject in dict.fromkeys(row.subject for row in rows):
        of = [row for row in rows if row.subject == subject]
        right = [row for row in of if row.right == "right"]
        best = max(right, key=_merit, default=None)
        auto = next((row for row in of if row.variant == "auto"), None)
        found.append(Answer(subject, of, best, auto))
    return sorted(found, key=lambda a: (-round(a.gain, 9), a.subject))


def _merit(row: Row) -> tuple[float, float, bool]:
    fastest = min((s.ratio for s in row.speed), default=1.0)
    return row.least or 0.0, -fastest, row.variant == "auto"


def answers(
    check: dict[str, Any],
    studies: list[str],
    counts: pd.DataFrame,
    frontiers: pd.DataFrame,
    times: pd.DataFrame,
) -> list[Row]:
    """One row for each variant of the subject that ``check`` is of.

    ``studies`` are names of studies; ``counts``, ``frontiers`` and ``times`` are the subject's
    tables.
    """
    name = check["subject"]["name"]
    safe = {study: _safe(counts[counts["study"] == study]) for study in studies}
    rows = []
    for variant, about in check["subject"]["variants"].items():
        of = counts[counts["variant"] == variant]
        right = "wrong" if about["wrong"] else "right"
        ulp, witness = _worst(of)
        rows.append(
            Row(
                name,
                variant,
                right,
                about["wrong"],
                {s: of.get(variant, 0.0 if of else None) for s, of in safe.items()},
                [] if right == "wrong" else list(_fails(of)),
                _frontier(frontiers, variant),
                ulp,
                witness,
                list(speeds(times, name, variant)) if right == "right" else [],
            )
        )
    return rows


def _safe(whole: pd.DataFrame) -> dict[str, float]:
    """By variant the least share, over a study's maps, of judged points that are accurate."""
    judged = whole[whole["failing"].astype(bool) | (whole["verdict"] == "accurate")]
    if judged.empty:
        return {}
    right = judged["points"].where(judged["verdict"] == "accurate", 0)
    keys = [*_MAPS, "variant"]
    totals = judged.assign(right=right).groupby(keys, dropna=False)[["right", "points"]].sum()
    # Where another variant has a map and this one has none, this one raised.
    shares = (totals["right"] / totals["points"]).unstack("variant").fillna(0.0).min()
    return {str(variant): float(share) for variant, share in shares.items()}


def _worst(of: pd.DataFrame) -> tuple[float, str]:
    """The largest error of a finite result, in double precision, and where it is."""
    of = of[of["dtype"].isin(DOUBLE) & of["verdict"].isin(["accurate", "inaccurate", "wrong"])]
    if of["max_ulp"].isna().all():
        return math.nan, ""
    worst = of.loc[of["max_ulp"].astype(float).idxmax()]
    where = ", ".join(f"{worst[f'{a}_label']} = {worst[f'{a}_worst']:.6g}" for a in "xy")
    return float(worst["max_ulp"]), where.replace("-", "−")


def _frontier(frontiers: pd.DataFrame, variant: str) -> str:
    """The nearest place at which the variant's gradient begins to fail, in words.

    It is sought along the axes, from the origin outward, in double precision. A place of ordinary
    size (1e-3 to 1e5) comes before all others.
    """
    failing = FAILING - {"inaccurate"}
    of = frontiers[
        (frontiers["variant"] == variant)
        & (frontiers["quantity"] == "gradient")
        & (frontiers["upstream"] == "1")
        & (frontiers["length"] == 0)
        & frontiers["dtype"].isin(DOUBLE)
        & (frontiers["before"].isin(failing) != frontiers["after"].isin(failing))
    ]
    if of.empty:
        return ""
    of = of.assign(at=[float.fromhex(h) for h in of["hex"]])
    of = of[of["after"].isin(failing) == (of["at"] > 0)]  # it fails on the outer side
    of = of[~of["ray"].str.contains("=")]  # the axes, not the diagonals
    if of.empty:
        return ""
    linear = of[of["at"].abs().between(1e-3, 1e5)]
    nearest = (linear if len(linear) else of).sort_values("at", key=abs, kind="stable").iloc[0]
    outer = nearest["after"] if nearest["at"] > 0 else nearest["before"]
    side = ">" if nearest["at"] > 0 else "<"
    words = (
        f"{_VERDICTS[outer].glyph} {spaced(outer)} at {nearest['ray']} {side} {nearest['at']:.6g}"
    )
    return words.replace("-", "−")


def _fails(of: pd.DataFrame) -> Iterator[str]:
    """Where each failing verdict takes the largest share of a map, in words. Single precision is
    told only where there is no double."""
    maps = of.groupby(["study", "dtype"])
    whole = {
        axis: maps[f"{axis}_high"].transform("max") - maps[f"{axis}_low"].transform("min")
        for axis in "xy"
    }
    failing = of.assign(**{f"{axis}_whole": width for axis, width in whole.items()})
    failing = failing[failing["failing"].astype(bool)]
    double = failing[failing["dtype"].isin(DOUBLE)]
    failing = (double if len(double) else failing).sort_values("share", ascending=False)
    for _, at in failing.drop_duplicates("verdict").head(_SHOWN).iterrows():
        what = f"{at['quantity']} by {at['by']}" if at["by"] else at["quantity"]
        ranges = [
            f"{at[f'{axis}_label']} {at[f'{axis}_low']:.4g} … {at[f'{axis}_high']:.4g}"
            for axis in "xy"
            if at[f"{axis}_high"] - at[f"{axis}_low"] < _NARROW * at[f"{axis}_whole"]
        ]
        where = f", {', '.join(ranges)}" if ranges else ""
        yield (
            f"{_VERDICTS[at['verdict']].glyph} {spaced(at['verdict'])}: {what}, {at['mode']}"
            f"{where} ({spaced(at['study'])}: {percent(at['share'])})"
        ).replace("-", "−")


def speeds(times: pd.DataFrame, subject: str, variant: str) -> Iterator[Speed]:
    """Time relative to ``auto`` at the largest size in double precision, mode by mode."""
    if times.empty or variant == "auto":
        return
    of = times[
        (times["subject"] == subject)
        & (times["variant"] == variant)
        & (times["quantity"] == "ratio")
        & (times["state"] == "measured")
        & times["dtype"].isin(DOUBLE)
    ]
    for _, cell in of[of["size"] == of["size"].max()].iterrows():
        yield Speed(
            cell["mode"], cell["value"], cell["low"], cell["high"], compared(cell).judgement
        )


def accuracy_and_speed(answers: list[Answer]) -> pd.DataFrame:
    """The rows of the picture of all variants: each right one that was timed, in its fastest mode.
    The ratio of ``auto`` is 1."""
    rows: list[dict[str, Any]] = []
    for answer in answers:
        timed = any(row.speed for row in answer.rows)
        for row in answer.rows:
            if not timed or row.right != "right" or row.least is None:
                continue
            fastest = min(row.speed, key=lambda s: s.ratio, default=None)
            if fastest is None and row.variant != "auto":
                continue
            rows.append(
                {
                    "subject": row.subject,
                    "variant": row.variant,
                    "mode": fastest.mode if fastest else "",
                    "ratio": fastest.ratio if fastest else 1.0,
                    "low": fastest.low if fastest else 1.0,
                    "high": fastest.high if fastest else 1.0,
                    "unsafe": 1 - row.least,
                    "max ulp": number(row.max_ulp),
                }
            )
    return pd.DataFrame(rows)
