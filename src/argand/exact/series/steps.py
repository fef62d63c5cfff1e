"""What each operation makes of germs, one line an operation; what has none here is not known.

Beside the point a value is a Germ, NOWHERE, a Near, a truth value, or None where nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, fmpq

from argand.exact.edges.truth import both, either, equal, negation
from argand.exact.rules.table import RULES
from argand.exact.series.germ import (
    KEEP,
    NOWHERE,
    Germ,
    ball_of,
    composed,
    constant,
    minus,
    number,
    over,
    plus,
    scaled,
    series,
    small,
    tail,
    times,
)
from argand.exact.series.powers import fixed_power
from argand.exact.series.signs import (
    absolute,
    clipped,
    difference,
    extremum,
    floored,
    near,
    rounded_off,
    sense,
)
from argand.exact.series.taylor import TAYLOR, taylor

_HALF = fmpq(1, 2)
_AROUND = arb(0, 2.0**-40)  # what holds of a ball wider by this holds around its centre


def stepped(name: str, operands: list[Any], straight: bool) -> Any:
    """The result of the rule ``name``. ``straight``: the step goes along a real line; otherwise
    around a point of the plane, where only holomorphic operations are followed."""
    given: list[Any] = [constant(v) if isinstance(v, arb | acb) else v for v in operands]
    if name in _ANY:
        return _ANY[name](straight, *given)
    if name in _COMPARED:
        return _compared(name, *given)
    if any(v is NOWHERE for v in given):
        return NOWHERE
    if not all(isinstance(v, Germ) for v in given):
        return None
    fixed = all(v.fixed for v in given)
    if name in _NEAR and not (straight or fixed):
        return _NEAR[name](*given)
    if name in _STEPS:
        return _STEPS[name](*given)
    if fixed:
        return _of_constants(name, given)
    if name in TAYLOR:
        return _function(name, given[0], straight)
    return _POWERS[name](straight, *given) if name in _POWERS else None


def _of_constants(name: str, given: list[Germ]) -> Any:
    """The rule itself, of what does not move."""
    balls = [acb(ball_of(g.at(0))) if g.whole else ball_of(g.at(0)) for g in given]
    rule = RULES[name]
    if rule.undefined(*balls):
        return NOWHERE
    value = rule.value(*balls)
    return constant(value) if value.is_finite() else None


_COMPARED: dict[str, Callable[[int], bool]] = {
    "Less": lambda s: s < 0,
    "LessEqual": lambda s: s <= 0,
    "Greater": lambda s: s > 0,
    "GreaterEqual": lambda s: s >= 0,
    "Equal": lambda s: s == 0,
    "NotEqual": lambda s: s != 0,
}


def _compared(name: str, a: Any, b: Any) -> Any:
    if isinstance(a, bool) or isinstance(b, bool):
        same = equal(a, b)
        return negation(same) if name == "NotEqual" else same
    sign = difference(a, b)
    return None if sign is None else _COMPARED[name](sign)


def _select(straight: bool, condition: Any, a: Any, b: Any) -> Any:
    return None if condition is None else a if condition else b


def _unless_zero(g: Any, name: str, a: Any, b: Any, straight: bool) -> Any:
    """0 where ``g`` is 0 all around, else the rule ``name`` of a and b, if g is surely not 0."""
    if not isinstance(g, Germ):
        return g if g is NOWHERE else None
    return g if g.zero else stepped(name, [a, b], straight) if g.leads else None


def _times_log(name: str) -> Callable[..., Any]:
    def product(straight: bool, x: Any, y: Any) -> Any:
        return _unless_zero(x, "Mul", x, stepped(name, [y], straight), straight)

    return product


# Those that may do without one of their operands.
_ANY: dict[str, Callable[..., Any]] = {
    "LogicalNot": lambda s, a: negation(a),
    "LogicalAnd": lambda s, a, b: both(a, b),
    "LogicalOr": lambda s, a, b: either(a, b),
    "SelectV2": _select,
    "IsFinite": lambda s, v: True if isinstance(v, Germ) else None,
    "IsInf": lambda s, v: False if isinstance(v, Germ) else None,
    "IsNan": lambda s, v: False if isinstance(v, Germ) else None,
    "MulNoNan": lambda s, a, b: _unless_zero(b, "Mul", a, b, s),
    "DivNoNan": lambda s, a, b: _unless_zero(b, "RealDiv", a, b, s),
    "Xdivy": lambda s, a, b: _unless_zero(a, "RealDiv", a, b, s),
    "Xlogy": _times_log("Log"),
    "Xlog1py": _times_log("Log1p"),
}


def _conjugate(v: Germ) -> Any:
    return v.each(lambda c: c.conjugate() if isinstance(c, acb) else c, v.whole)


def _real_part(v: Germ | None) -> Any:
    return None if v is None else v.each(lambda c: c.real if isinstance(c, acb) else c, False)


def _imaginary_part(v: Germ) -> Any:
    return v.each(lambda c: c.imag if isinstance(c, acb) else fmpq(0), False)


def _pair(a: Germ, b: Germ) -> Any:
    turned = b.each(lambda c: acb(0, 1) * ball_of(c), True)
    return None if turned is None else plus(a, turned)


def _squared_difference(a: Germ, b: Germ) -> Any:
    d = minus(a, b)
    return None if d is None else times(d, _conjugate(d))


def _modulus(v: Germ) -> Any:
    square = _real_part(times(v, _conjugate(v)))
    return None if square is None else fixed_power(True, square, _HALF)


def _sign(v: Germ) -> Any:
    if v.whole:
        size = _modulus(v)
        return _unless_zero(v, "RealDiv", v, size, True)
    sign = sense(v)
    return None if sign is None else number(sign)


def _round(v: Germ) -> Any:
    return _of_constants("Round", [v]) if v.fixed else rounded_off(v)


def _ceiling(v: Germ) -> Any:
    below = floored(scaled(v, fmpq(-1)))
    return None if below is None else scaled(below, fmpq(-1))


_STEPS: dict[str, Callable[..., Any]] = {
    "AddV2": plus,
    "Sub": minus,
    "Mul": times,
    "RealDiv": over,
    "Neg": lambda v: scaled(v, fmpq(-1)),
    "Square": lambda v: times(v, v),
    "SquaredDifference": _squared_difference,
    "Reciprocal": lambda v: over(number(1, v.whole), v),
    "Minimum": lambda a, b: extremum(a, b, -1),
    "Maximum": lambda a, b: extremum(a, b, 1),
    "Abs": absolute,
    "ComplexAbs": _modulus,
    "Sign": _sign,
    "Relu": lambda v: clipped(v, None),
    "Relu6": lambda v: clipped(v, 6),
    "Floor": floored,
    "Ceil": _ceiling,
    "Round": _round,
    "Rint": _round,
    "Conj": _conjugate,
    "Real": _real_part,
    "Imag": _imaginary_part,
    "Complex": _pair,
    "AbsOfExp": lambda v: _function("Exp", _real_part(v), True),
}

# Around a point of the plane these are not holomorphic: at most their limit is known.
_NEAR: dict[str, Callable[..., Any]] = {
    "Real": near(lambda c: c.real, above=False),
    "Imag": near(lambda c: c.imag, above=False),
    "ComplexAbs": near(abs, above=True),
    **dict.fromkeys(("Conj", "Sign", "SquaredDifference", "AbsOfExp"), lambda *v: None),
}


def _function(name: str, v: Germ, straight: bool) -> Any:
    """An elementary function of a germ: by its Taylor series, or by what it does at infinity."""
    start = v.at(0) if v.low >= 0 else None
    if start is None:
        return _far(name, v) if straight and not v.whole else None
    h = tail(v, 0)
    if h is None:
        return None
    coefficients = taylor(name, start, KEEP // max(h.low, 1) + 1)
    if coefficients is not None:
        return composed(coefficients, h, v.whole)
    beyond = not v.whole and RULES[name].undefined(ball_of(start) + _AROUND)
    return NOWHERE if beyond else _log_of_power(v) if name == "Log" and straight else None


def _log_of_power(v: Germ) -> Any:
    """log of what goes to 0 or to infinity: it grows less than any power; of what is negative
    beside the point it has no value."""
    sign = None if v.whole else sense(v)
    return None if sign is None else small(-1, False) if sign > 0 else NOWHERE


def _far(name: str, v: Germ) -> Any:
    """A function of what goes to infinity, or is only known to be bounded, along a real line."""
    if name in ("Sin", "Cos"):
        return small(0, False)
    if name == "Log" and v.low < 0:
        return _log_of_power(v)
    sign = sense(v) if v.low < 0 else None
    end = TAYLOR[name].ends[sign > 0] if sign else None
    return None if end is None else series(0, [fmpq(end)], KEEP, False)


def _power(straight: bool, v: Germ, w: Germ) -> Any:
    if w.fixed:
        return fixed_power(straight, v, w.at(0))
    if v.low != 0 or sense(v) != 1:
        return None
    logarithm = stepped("Log", [v], straight)
    return stepped("Exp", [stepped("Mul", [w, logarithm], straight)], straight)


_POWERS: dict[str, Callable[..., Any]] = {
    "Pow": _power,
    "Sqrt": lambda s, v: fixed_power(s, v, _HALF),
    "Rsqrt": lambda s, v: fixed_power(s, v, -_HALF),
}
