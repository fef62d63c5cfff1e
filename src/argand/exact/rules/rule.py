"""What a rule says about one operation, and the pieces that rules share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from flint import acb

from argand.exact.balls import UNDECIDED
from argand.exact.edges.cuts import Cut
from argand.exact.edges.kinks import VERTICAL, Token
from argand.exact.edges.zeros import Signs, by_slope

Partials = tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Rule:
    """How one operation acts on balls (flint ``arb`` for real tensors, ``acb`` for complex).

    ``value(*operands)``: the value g.
    ``partials(g, *operands)``: for each operand v the pair (∂g/∂v, ∂g/∂v̄), None for zero. A rule
    that is constant has none.
    ``undefined(*operands)``: whether there is surely no value.
    ``sharp(*operands)``: KINK, VERTICAL, JUMP or a Corner where there is a value but surely no
    derivative, one for all operands or a tuple with one (or None) for each; else None.
    ``sided(*operands)`` and ``sided_partials(g, *operands)``: value and partials of Signed
    operands, where these depend on the sign of a zero.
    ``signs(g, partials, *operands)``: the signs of the result's zeros, for Signed operands.
    ``ties``: what equal operands mean: of a "compare" an Edge, of a "choose" two sides.
    ``needs_all``: whether the value is undefined where an operand is.
    """

    value: Callable[..., Any]
    partials: Callable[..., Partials] | None = None
    undefined: Callable[..., bool] = lambda *operands: False
    sharp: Callable[..., Any] = lambda *operands: None
    sided: Callable[..., Any] | None = None
    sided_partials: Callable[..., Partials] | None = None
    signs: Signs = lambda g, partials, *operands: (0, 0)
    ties: Literal["", "compare", "choose"] = ""
    needs_all: bool = True

    def slopes(self, g: Any, *operands: Any) -> Partials:
        """The partial derivatives; zeros of a rule that is constant."""
        return self.partials(g, *operands) if self.partials else ((None, None),) * len(operands)


def holomorphic(
    value: Callable[[Any], Any],
    slope: Callable[[Any, Any], Any],
    *,
    undefined: Callable[[Any], bool] = lambda v: False,
    sharp: Callable[[Any], Token | None] = lambda v: None,
    cut: Cut | None = None,
    signs: Signs = by_slope,
) -> Rule:
    """The rule of g(v) with ``slope(g, v)`` = g′(v)."""
    partials = lambda g, v: ((slope(g, v), None),)  # noqa: E731
    if cut is None:
        return Rule(value, partials, undefined, sharp, signs=signs)

    def off_cut(v: Any) -> Any:
        return UNDECIDED if type(v) is acb and cut.holds(v) else value(v)

    def sided(v: Any) -> Any:
        if type(v.ball) is not acb or not cut.holds(v.ball):
            return value(v.ball)
        across = v.im if cut.axis == "real" else v.re
        return cut.side(value(v.ball), v.ball, across) if across else UNDECIDED

    return Rule(off_cut, partials, undefined, sharp, sided, signs=signs)


def at(*points: float) -> Callable[[Any], bool]:
    """Whether a ball is exactly one of ``points``."""
    return lambda v: any(bool(v == p) for p in points)


def vertical_at(*points: float) -> Callable[[Any], Token | None]:
    """VERTICAL exactly at ``points``: there is a value, and the slope is infinite."""
    here = at(*points)
    return lambda v: VERTICAL if here(v) else None
