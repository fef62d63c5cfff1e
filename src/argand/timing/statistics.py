"""What paired samples say: a median with an interval, a ratio, and a verdict on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

CONFIDENCE = 0.999  # of one interval: a report shows hundreds, and none should be wrong by chance
SAME = 0.05  # a ratio within 5 % of 1 is of no consequence
FEWEST_ROUNDS = 11  # with fewer, no interval of the median has this confidence

Judgement = Literal["faster", "slower", "same within 5 %", "cannot tell"]


@dataclass(frozen=True)
class Interval:
    """A median, and bounds that enclose the true one with the confidence asked for.

    The bounds are 0 and infinite where ``count`` samples are too few. All are NaN where a sample is
    not a finite positive number.
    """

    value: float
    low: float
    high: float
    count: int

    @property
    def width(self) -> float:
        """Half the interval's width relative to its value; NaN stays NaN."""
        return (self.high - self.low) / (2 * self.value)


@dataclass(frozen=True)
class Comparison:
    """A verdict on a ratio of times; ``rounds_needed`` rounds would decide where it cannot tell."""

    judgement: Judgement
    rounds_needed: int | None = None

    def __str__(self) -> str:
        if self.rounds_needed is None:
            return self.judgement
        return f"{self.judgement}: about {self.rounds_needed} rounds would decide"


def median_interval(samples: np.ndarray, confidence: float = CONFIDENCE) -> Interval:
    """The median of ``samples``, shape (rounds,), between two of its order statistics.

    The interval is the sign test's, whose confidence holds whatever the distribution. A bootstrap's
    bounds are order statistics too, but closer ones: with 11 rounds its 99.9 % is 98.8 %. Source:
    Conover, Practical Nonparametric Statistics, 3.2.
    """
    x = np.sort(np.asarray(samples, np.float64).ravel())
    if not x.size or not np.all(np.isfinite(x) & (x > 0)):
        return Interval(math.nan, math.nan, math.nan, x.size)
    depth = _depth(x.size, confidence)
    low, high = (x[depth - 1], x[-depth]) if depth else (0.0, math.inf)
    return Interval(float(np.median(x)), float(low), float(high), x.size)


@cache
def _depth(n: int, confidence: float) -> int:
    """The largest k for which the k-th smallest and the k-th largest of n samples enclose the
    median with this confidence; 0 where even the extremes do not."""
    tail = 0
    for k in range(n // 2 + 1):
        tail += math.comb(n, k)
        if tail / 2**n > (1 - confidence) / 2:
            return k
    return n // 2


def ratio_interval(
    samples: np.ndarray, baseline: np.ndarray, confidence: float = CONFIDENCE
) -> Interval:
    """The median of the rounds' ratios ``samples / baseline``, shape (rounds,) each.

    The two times of a round were taken one after the other, so a drift of the machine cancels.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return median_interval(np.asarray(samples) / np.asarray(baseline), confidence)


def compare(ratio: Interval, same: float = SAME) -> Comparison:
    """The verdict on a ``ratio`` to the baseline.

    It is ``same`` where the interval lies within ``same`` of 1; else ``faster`` or ``slower`` where
    it excludes 1; else ``cannot tell``, as for NaN and too few rounds.
    """
    low, high = ratio.low, ratio.high
    if 0 < low <= ratio.value <= high < math.inf:
        if 1 / (1 + same) <= low and high <= 1 + same:
            return Comparison("same within 5 %")
        if high < 1:
            return Comparison("faster")
        if low > 1:
            return Comparison("slower")
        return Comparison("cannot tell", _rounds_needed(ratio, same))
    return Comparison("cannot tell", None if math.isnan(ratio.value) else FEWEST_ROUNDS)


def _rounds_needed(ratio: Interval, same: float) -> int:
    """How many rounds would decide: an interval shrinks with their square root, until it excludes 1
    or lies within the band of what is the same."""
    distance = abs(math.log(ratio.value))
    goal = max(distance, math.log1p(same) - distance)
    half = max(math.log(ratio.high / ratio.value), math.log(ratio.value / ratio.low))
    return max(ratio.count + 1, math.ceil(ratio.count * (half / goal) ** 2))
