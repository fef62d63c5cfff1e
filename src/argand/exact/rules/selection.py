"""Rules of comparison, selection and rounding: constant or linear between kinks and jumps.

At a kink the partial derivatives are intervals that hold those of both sides (Clarke's
generalised gradient), so that a result that is the same on both sides is still found.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb

from argand.exact.balls import ONE, UNDECIDED
from argand.exact.edges.kinks import JUMP, UNDEFINED, Corner, Token
from argand.exact.edges.truth import (
    Edge,
    Truth,
    both,
    either,
    equal,
    less,
    less_equal,
    negation,
)
from argand.exact.rules.rule import Partials, Rule, holomorphic

_BOTH_SIDES = arb(0, 1)  # every slope from −1 to 1
_EITHER = arb(0.5, 0.5)  # every weight from 0 to 1


# --- comparison ------------------------------------------------------------------------------


def _is_finite(v: Any) -> Truth:
    if v is UNDEFINED:
        return Edge(False)
    return True if v.is_finite() else False if _infinite(v) else None


def _infinite(v: Any) -> Truth:
    if v.is_finite():
        return False
    return True if any(abs(p) == arb("inf") for p in (v.real, v.imag)) else None


def compare(test: Callable[[Any, Any], Truth]) -> Rule:
    """The rule of a comparison; at a tie of what moves it gives an Edge."""
    return Rule(test, ties="compare")


# --- selection ------------------------------------------------------------------------------


def _select(condition: Truth, a: Any, b: Any) -> Any:
    if condition is None:
        # the kind of the other is not known here; sums turn a real NaN into a complex one
        return arb("nan") if isinstance(a, Token) or isinstance(b, Token) else a.union(b)
    return a if (condition.holds if isinstance(condition, Edge) else condition) else b


def _select_partials(g: Any, condition: Truth, a: Any, b: Any) -> Partials:
    if isinstance(condition, Edge):
        return (None, None), (UNDECIDED, None), (UNDECIDED, None)
    if condition is None:  # it is one of the two
        return (None, None), (_EITHER, None), (_EITHER, None)
    return (None, None), (ONE if condition else None, None), (None if condition else ONE, None)


def _select_signs(g: Any, partials: Any, condition: Truth, a: Any, b: Any) -> tuple[int, int]:
    if condition is None:
        return 0, 0
    chosen = _select(condition, a, b)
    return chosen.re, chosen.im


def _extremum(better: Callable[[Any, Any], Truth], value: Callable[[Any, Any], Any]) -> Rule:
    def partials(g: Any, a: Any, b: Any) -> Partials:
        first = better(a, b)
        if first is None or isinstance(first, Edge):
            return (_EITHER, None), (_EITHER, None)
        return ((ONE, None), (None, None)) if first else ((None, None), (ONE, None))

    def signs(g: Any, partials: Any, a: Any, b: Any) -> tuple[int, int]:
        if a.ball.is_zero() and b.ball.is_zero():
            return (a.re if a.re == b.re else 0), 1
        return (a.re if a.ball.is_zero() else b.re), 1

    return Rule(value, partials, signs=signs, ties="choose")


# --- kinks and jumps ------------------------------------------------------------------------


def _abs_slope(g: Any, v: Any) -> Any:
    return ONE if v > 0 else -ONE if v < 0 else _BOTH_SIDES


def _corners(corners: dict[float, Corner]) -> Callable[[Any], Token | None]:
    """The Corner exactly at its point."""
    return lambda v: next((c for p, c in corners.items() if v == p), None)


def _clamped(v: Any, low: float, high: float | None, inside: Any, below: Any, above: Any) -> Any:
    """The slope of a function in pieces: an interval where the ball holds a corner."""
    pieces = []
    if not v > low:
        pieces.append(below)
    if not v < low and (high is None or not v > high):
        pieces.append(inside)
    if high is not None and not v < high:
        pieces.append(above)
    out = arb(pieces[0])
    for piece in pieces[1:]:
        out = out.union(arb(piece))
    return out


def relu_slope(v: Any) -> Any:
    return _clamped(v, 0, None, 1, 0, 0)


def relu6_slope(v: Any) -> Any:
    return _clamped(v, 0, 6, 1, 0, 0)


def _nearest_integer(v: Any) -> Any:
    low, high = (v.lower() + 0.5).floor(), (v.upper() + 0.5).floor()
    if (v + 0.5).contains_integer():  # ties go to even
        if not v.is_exact():
            return (low - 1).union(high)
        return high if (high / 2).is_integer() else high - 1
    return high if low == high else low.union(high)


def _jump(between: Callable[[Any], Any]) -> Callable[[Any], Token | None]:
    """JUMP exactly where ``between`` says that the function jumps."""
    return lambda v: JUMP if v.is_exact() and between(v) else None


def _steps(value: Callable[[Any], Any], jumps: Callable[[Any], Any]) -> Rule:
    """Constant between its jumps; signs of zeros are the operand's."""

    def slope(g: Any, v: Any) -> Any:
        return None if g.is_exact() and not (v.is_exact() and jumps(v)) else UNDECIDED

    return holomorphic(value, slope, sharp=_jump(jumps), signs=lambda g, p, v: (_sign_of(v), 1))


def _sign_of(v: Any) -> int:
    return v.re if v.ball.is_zero() else 1 if v.ball > 0 else -1 if v.ball < 0 else 0


def _integral(v: Any) -> bool:
    return bool(v.is_integer())


def _half_integral(v: Any) -> bool:
    return bool((v + 0.5).is_integer())


def _sign(v: Any) -> Any:
    if v == 0:
        return v
    if type(v) is acb:
        return v / abs(v)
    return ONE if v > 0 else -ONE if v < 0 else _BOTH_SIDES


def _sign_partials(g: Any, v: Any) -> Partials:
    if type(v) is acb:
        return ((1 / (2 * abs(v)), -g * g / (2 * abs(v))),)
    return ((None if v > 0 or v < 0 else UNDECIDED, None),)


SELECTION: dict[str, Rule] = {
    "Less": compare(less),
    "LessEqual": compare(less_equal),
    "Greater": compare(lambda a, b: less(b, a)),
    "GreaterEqual": compare(lambda a, b: less_equal(b, a)),
    "Equal": compare(equal),
    "NotEqual": compare(lambda a, b: negation(equal(a, b))),
    "LogicalNot": Rule(negation, needs_all=False),
    "LogicalAnd": Rule(both, needs_all=False),
    "LogicalOr": Rule(either, needs_all=False),
    # In exact arithmetic nothing leaves the range: only constants and poles are not finite.
    "IsFinite": Rule(_is_finite, needs_all=False),
    "IsInf": Rule(lambda v: _infinite(v) if v is not UNDEFINED else None, needs_all=False),
    "IsNan": Rule(
        lambda v: False if v is not UNDEFINED and (v.is_finite() or _infinite(v)) else None,
        needs_all=False),
    "SelectV2": Rule(
        _select, _select_partials, signs=_select_signs, ties="choose", needs_all=False),
    "Minimum": _extremum(less, lambda a, b: a.min(b)),
    "Maximum": _extremum(lambda a, b: less(b, a), lambda a, b: a.max(b)),
    "Abs": holomorphic(lambda v: abs(v), _abs_slope, sharp=_corners({0: Corner(-1, 1)})),
    "Sign": Rule(
        _sign, _sign_partials, sharp=lambda v: JUMP if v == 0 else None,
        signs=lambda g, p, v: (v.re, v.im)),
    "Relu": holomorphic(
        lambda v: v.max(arb(0)), lambda g, v: relu_slope(v), sharp=_corners({0: Corner(0, 1)})),
    "Relu6": holomorphic(
        lambda v: v.max(arb(0)).min(arb(6)), lambda g, v: relu6_slope(v),
        sharp=_corners({0: Corner(0, 1), 6: Corner(1, 0)})),
    "Round": _steps(_nearest_integer, _half_integral),
    "Rint": _steps(_nearest_integer, _half_integral),
    "Floor": _steps(lambda v: v.floor(), _integral),
    "Ceil": _steps(lambda v: v.ceil(), _integral),
}  # fmt: skip
