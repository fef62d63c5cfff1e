"""Which of two germs is the larger beside the point, and what depends on that alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import acb, fmpq

from argand.exact.series.germ import (
    Germ,
    ball_of,
    constant,
    minus,
    nonzero,
    number,
    plus,
    scaled,
)


@dataclass(frozen=True)
class Near:
    """A real number made of a complex one: what it goes to, and whether it stays ``above`` that."""

    limit: Any
    above: bool = False


def near(part: Callable[[Any], Any], above: bool) -> Callable[[Germ], Near | None]:
    """What such a ``part`` of a complex germ goes to; ``above``: it is not less anywhere."""

    def of(v: Germ) -> Near | None:
        start = v.at(0) if v.low >= 0 else None
        if start is None:
            return None
        limit = part(acb(ball_of(start)))
        return Near(limit, above and limit.is_zero() and v.leads)

    return of


def sense(g: Any) -> int | None:
    """The sign beside the point of a real germ, 0 where it is 0 all around (of a complex one 1
    where it is not 0); None where not known."""
    if not isinstance(g, Germ):
        return None
    if g.zero:
        return 0
    if not g.leads:
        return None
    return 1 if g.whole or g.terms[0] > 0 else -1


def difference(a: Any, b: Any) -> int | None:
    """The sign of a − b beside the point, None where not known."""
    if isinstance(a, Germ) and isinstance(b, Germ):
        return sense(minus(a, b))
    first, second = (v if isinstance(v, Near) else _limit(v) for v in (a, b))
    if first is None or second is None:
        return None
    gap = first.limit - second.limit
    if nonzero(gap):
        return 1 if gap > 0 else -1
    if gap == 0 and first.above != second.above:
        return 1 if first.above else -1
    return None


def _limit(v: Any) -> Near | None:
    return Near(ball_of(v.at(0))) if isinstance(v, Germ) and v.fixed and not v.whole else None


def extremum(a: Germ, b: Germ, sign: int) -> Germ | None:
    """The larger of both for a ``sign`` of 1, the smaller for −1."""
    way = difference(a, b)
    return None if way is None else a if way * sign >= 0 else b


def clipped(v: Germ, high: int | None) -> Germ | None:
    """Between 0 and ``high``."""
    low = extremum(v, number(0), 1)
    return low if high is None or low is None else extremum(low, number(high), -1)


def absolute(v: Germ) -> Germ | None:
    """|v| of a real germ."""
    if not v.terms:
        return v  # 0, or as small as before
    sign = sense(v)
    return None if sign is None else v if sign > 0 else scaled(v, fmpq(-1))


def floored(v: Germ) -> Any:
    """The greatest integer that is not above."""
    start = v.at(0) if v.low >= 0 else None
    if start is None or v.whole:
        return None
    ball = ball_of(start)
    below = ball.floor()
    if ball == below:
        way = sense(minus(v, number(start)))
        return None if way is None else constant(below - 1 if way < 0 else below)
    return None if ball.contains_integer() else constant(below)


def rounded_off(v: Germ) -> Any:
    """The nearest integer of what moves."""
    half = plus(v, number(fmpq(1, 2)))
    return None if half is None else floored(half)
