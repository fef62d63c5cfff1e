"""What each operation makes of germs whose coefficients are Jets: t is the step of one element,
and a coefficient holds what the others do.

A germ is true all around the point, on the side that t stands for: Σ t^k·g_k(h) + O(t^order), the
coefficients near their start for small h, the bound the same for all of them. What does not move
with t is a single Jet, and may have kinks; of what moves with t only what is followed exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, fmpq

from argand.exact.series.germ import (
    KEEP,
    Germ,
    composed,
    constant,
    is_zero,
    minus,
    nonzero,
    series,
    tail,
    times,
)
from argand.exact.series.jets import (
    Jet,
    bounded,
    conjugate,
    function,
    inverse,
    joined,
    modulus,
    moving,
    never_negative,
    power,
    real_part,
)
from argand.exact.series.powers import fixed_power
from argand.exact.series.steps import stepped
from argand.exact.series.taylor import TAYLOR

_HALF = fmpq(1, 2)
_ROOTS = {"Sqrt": _HALF, "Rsqrt": -_HALF}
# What needs of a coefficient only arithmetic, and the sign of one that is not 0.
_SAFE = frozenset({
    "AddV2", "Sub", "Mul", "RealDiv", "Neg", "Square", "Reciprocal", "Minimum", "Maximum", "Abs",
    "Relu", "Relu6", "MulNoNan", "DivNoNan", "Xdivy",
})  # fmt: skip
_TRUTHS = frozenset({
    "Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual", "LogicalNot", "LogicalAnd",
    "LogicalOr", "IsFinite", "IsInf", "IsNan",
})  # fmt: skip


class Around:
    """The rules, for inputs of which ``real`` says whether ∂ and ∂̄ are one. ``straight``: t goes
    along a real line, otherwise around a point of the plane."""

    def __init__(self, real: list[bool], straight: bool) -> None:
        self.real, self.straight = real, straight

    def stepped(self, name: str, operands: list[Any]) -> Any:
        """The result of the rule ``name``: a Germ, NOWHERE, a Near, a truth value, or None where
        nothing is known."""
        given: list[Any] = [constant(v) if isinstance(v, arb | acb) else v for v in operands]
        if name == "SelectV2":
            return self._selected(*given)
        if name in _TRUTHS or not any(map(_jets, given)):
            return stepped(name, given, self.straight)
        if name in ("Xlogy", "Xlog1py"):
            return self._product_with_log(name, *given)
        known = all(isinstance(v, Germ) for v in given)
        if known and all(v.fixed for v in given):
            return self._fixed(name, given)
        if name in _SAFE:
            return stepped(name, given, self.straight)
        return self._moved(name, given) if known else None

    def _selected(self, condition: Any, a: Any, b: Any) -> Any:
        if condition is not None:
            return a if condition else b
        if not all(isinstance(v, Germ) and v.fixed for v in (a, b)):
            return None
        return _constant(joined(a.at(0), b.at(0)), a.whole)

    def _product_with_log(self, name: str, x: Any, y: Any) -> Any:
        if isinstance(x, Germ) and x.zero:
            return x
        return self.stepped("Mul", [x, self.stepped("Log" if name == "Xlogy" else "Log1p", [y])])

    def _moved(self, name: str, given: list[Germ]) -> Any:
        """Of what moves with t."""
        if name in TAYLOR:
            return _function(name, given[0])
        if name == "SquaredDifference" and not given[0].whole:
            d = minus(*given)
            return None if d is None else times(d, d)
        w = _ROOTS.get(name)
        if name == "Pow" and given[1].fixed:
            w = given[1].at(0)
        if not isinstance(w, fmpq) or (w.q > 1 and (abs(w) != _HALF or given[0].whole)):
            return None
        return fixed_power(self.straight, given[0], w)

    def _fixed(self, name: str, given: list[Germ]) -> Any:
        """Of what does not move with t."""
        values = [g.at(0) for g in given]
        whole = any(g.whole for g in given)
        if name in TAYLOR:
            found = function(name, values[0], 1)
            return None if found is None else _constant(found[0], whole)
        act = _RULES.get(name)
        found = None if act is None else act(self.real, *values)
        complex_result = (whole and name not in ("ComplexAbs", "Real", "Imag")) or name == "Complex"
        return _constant(found, complex_result)


def _jets(v: Any) -> bool:
    return isinstance(v, Germ) and any(isinstance(c, Jet) for c in v.terms)


def _constant(v: Any, whole: bool) -> Germ | None:
    return None if v is None else series(0, [v], None, whole)


def _function(name: str, v: Germ) -> Any:
    """An elementary function of what moves with t, by its Taylor series where it starts."""
    start = v.at(0) if v.low >= 0 else None
    h = None if start is None else tail(v, 0)
    if h is None:
        return None
    coefficients = function(name, start, KEEP // max(h.low, 1) + 1)
    return None if not coefficients else composed(coefficients, h, v.whole)


def _quotient(real: list[bool], a: Any, b: Any) -> Any:
    return a * inverse(b) if _surely_not_zero(b) else None


def _surely_not_zero(v: Any) -> bool:
    return not v.contains(0) if isinstance(v, Jet) else nonzero(v)


def _unless_zero(v: Any, result: Callable[[], Any]) -> Any:
    return fmpq(0) if not isinstance(v, Jet) and is_zero(v) else result()


def _extremum(a: Any, b: Any, sign: int) -> Any:
    """The larger of two for a ``sign`` of 1, the smaller for −1: one of both at each place."""
    gap = (a - b) * fmpq(sign)
    if _surely_not_zero(gap):
        return a if gap > 0 else b
    out = joined(a, b)
    if sign > 0 and isinstance(out, Jet) and (never_negative(a) or never_negative(b)):
        return Jet(out.start, out.form, out.order, out.whole, positive=True)
    return out


def _sign(real: list[bool], v: Any) -> Any:
    known = not moving(v).whole and _surely_not_zero(v)
    return (fmpq(1) if v > 0 else fmpq(-1)) if known else bounded(moving(v).whole, False)


def _power(real: list[bool], v: Any, w: Any) -> Any:
    if not isinstance(w, Jet):
        return power(v, w)
    logarithm = function("Log", v, 1)
    found = None if logarithm is None else function("Exp", logarithm[0] * w, 1)
    return None if found is None else found[0]


def _imaginary_part(real: list[bool], v: Any) -> Any:
    return real_part(v * acb(0, -1), real)


def _squared_difference(real: list[bool], a: Any, b: Any) -> Any:
    d = a - b
    return d * conjugate(d, real) if moving(d).whole else d * d


_RULES: dict[str, Callable[..., Any]] = {
    "AddV2": lambda r, a, b: a + b,
    "Sub": lambda r, a, b: a - b,
    "Mul": lambda r, a, b: a * b,
    "Neg": lambda r, v: v * fmpq(-1),
    "Square": lambda r, v: v * v,
    "SquaredDifference": _squared_difference,
    "RealDiv": _quotient,
    "Reciprocal": lambda r, v: _quotient(r, fmpq(1), v),
    "Xdivy": lambda r, a, b: _unless_zero(a, lambda: _quotient(r, a, b)),
    "DivNoNan": lambda r, a, b: _unless_zero(b, lambda: _quotient(r, a, b)),
    "MulNoNan": lambda r, a, b: a * b,
    "Sqrt": lambda r, v: power(v, _HALF),
    "Rsqrt": lambda r, v: power(v, -_HALF),
    "Pow": _power,
    "Abs": lambda r, v: modulus(v, r),
    "ComplexAbs": lambda r, v: modulus(v, r),
    "Sign": _sign,
    "Maximum": lambda r, a, b: _extremum(a, b, 1),
    "Minimum": lambda r, a, b: _extremum(a, b, -1),
    "Relu": lambda r, v: _extremum(v, fmpq(0), 1),
    "Relu6": lambda r, v: _extremum(_extremum(v, fmpq(0), 1), fmpq(6), -1),
    "Conj": lambda r, v: conjugate(v, r),
    "Real": lambda r, v: real_part(v, r),
    "Imag": _imaginary_part,
    "Complex": lambda r, a, b: a + b * acb(0, 1),
}
