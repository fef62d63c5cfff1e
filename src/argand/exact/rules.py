"""One line per TensorFlow operation: its value on balls, and its partial derivatives.

``Rule.value(*operands)`` gives the value g; ``Rule.partials(g, *operands)`` gives for each
operand v the pair (∂g/∂v, ∂g/∂v̄), where None stands for zero. Balls are flint ``acb``, whatever
the dtype; truth values are True, False, or None where the balls do not decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import acb, arb

Partials = tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Rule:
    """How one operation acts on balls; ``partials`` is None where it has no derivative."""

    value: Callable[..., Any]
    partials: Callable[..., Partials] | None = None


ONE = acb(1)
UNDEFINED = acb(arb("nan"), arb("nan"))
_HALF, _HALF_I, _I = acb(0.5), acb(0, 0.5), acb(0, 1)


def conj(v: acb) -> acb:
    return acb(v.real, -v.imag)


def holomorphic(value: Callable[[acb], acb], slope: Callable[[acb, acb], acb]) -> Rule:
    """The rule of g(v) with ``slope(g, v)`` = g′(v)."""
    return Rule(value, lambda g, v: ((slope(g, v), None),))


def _less(a: acb, b: acb) -> bool | None:
    if a.real < b.real:
        return True
    return False if a.real >= b.real else None


def _less_equal(a: acb, b: acb) -> bool | None:
    if a.real <= b.real:
        return True
    return False if a.real > b.real else None


def _equal(a: acb, b: acb) -> bool | None:
    if a == b:
        return True
    return None if a.overlaps(b) else False


def _not(a: bool | None) -> bool | None:
    return None if a is None else not a


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _select(condition: bool | None, a: acb, b: acb) -> acb:
    if condition is None:
        return a.union(b)
    return a if condition else b


def _select_partials(g: acb, condition: bool | None, a: acb, b: acb) -> Partials:
    if condition is None:
        return (None, None), (UNDEFINED, None), (UNDEFINED, None)
    return (None, None), (ONE if condition else None, None), (None if condition else ONE, None)


def _extremum_partials(takes_first: Callable[[acb, acb], bool | None]) -> Callable[..., Partials]:
    def partials(g: acb, a: acb, b: acb) -> Partials:
        first = takes_first(a, b)
        if first is None or a == b:  # a kink, or not decided at this precision
            return (UNDEFINED, None), (UNDEFINED, None)
        return ((ONE, None), (None, None)) if first else ((None, None), (ONE, None))

    return partials


def _nearest_integer(v: acb) -> acb:
    low, high = (v.real.lower() + 0.5).floor(), (v.real.upper() + 0.5).floor()
    tie = (v.real + 0.5).contains_integer()  # ties go to even; leave them to the union
    if low == high and not tie:
        return acb(low)
    return acb((low - 1 if tie else low).union(high))


def _sign(v: acb) -> acb:
    """The sign of a real ball; UNDEFINED where it holds zero (a kink of |v|)."""
    return ONE if v.real > 0 else -ONE if v.real < 0 else UNDEFINED


RULES: dict[str, Rule] = {
    # arithmetic
    "Add": Rule(lambda a, b: a + b, lambda g, a, b: ((ONE, None), (ONE, None))),
    "AddV2": Rule(lambda a, b: a + b, lambda g, a, b: ((ONE, None), (ONE, None))),
    "Sub": Rule(lambda a, b: a - b, lambda g, a, b: ((ONE, None), (-ONE, None))),
    "Mul": Rule(lambda a, b: a * b, lambda g, a, b: ((b, None), (a, None))),
    "RealDiv": Rule(lambda a, b: a / b, lambda g, a, b: ((1 / b, None), (-g / b, None))),
    "Neg": holomorphic(lambda v: -v, lambda g, v: -ONE),
    "Square": holomorphic(lambda v: v * v, lambda g, v: 2 * v),
    "Reciprocal": holomorphic(lambda v: 1 / v, lambda g, v: -g * g),
    "Inv": holomorphic(lambda v: 1 / v, lambda g, v: -g * g),
    # exponentials
    "Exp": holomorphic(lambda v: v.exp(), lambda g, v: g),
    "Expm1": holomorphic(lambda v: v.expm1(), lambda g, v: v.exp()),
    "Log": holomorphic(lambda v: v.log(), lambda g, v: 1 / v),
    "Log1p": holomorphic(lambda v: v.log1p(), lambda g, v: 1 / (1 + v)),
    "Sqrt": holomorphic(lambda v: v.sqrt(), lambda g, v: 0.5 / g),
    "Sin": holomorphic(lambda v: v.sin(), lambda g, v: v.cos()),
    "Cos": holomorphic(lambda v: v.cos(), lambda g, v: -v.sin()),
    "Sinh": holomorphic(lambda v: v.sinh(), lambda g, v: v.cosh()),
    "Cosh": holomorphic(lambda v: v.cosh(), lambda g, v: v.sinh()),
    "Tan": holomorphic(lambda v: v.tan(), lambda g, v: v.sec() ** 2),
    "Tanh": holomorphic(lambda v: v.tanh(), lambda g, v: v.sech() ** 2),
    "Sigmoid": holomorphic(lambda v: 1 / (1 + (-v).exp()), lambda g, v: (v / 2).sech() ** 2 / 4),
    "Abs": holomorphic(lambda v: acb(abs(v.real)), lambda g, v: _sign(v)),
    # the complex plane
    "ComplexAbs": Rule(lambda v: acb(abs(v)), lambda g, v: ((conj(v) / (2 * g), v / (2 * g)),)),
    "Conj": Rule(conj, lambda g, v: ((None, ONE),)),
    "Real": Rule(lambda v: acb(v.real), lambda g, v: ((_HALF, _HALF),)),
    "Imag": Rule(lambda v: acb(v.imag), lambda g, v: ((-_HALF_I, _HALF_I),)),
    "Complex": Rule(lambda a, b: acb(a.real, b.real), lambda g, a, b: ((ONE, None), (_I, None))),
    # comparison and selection
    "Less": Rule(_less),
    "LessEqual": Rule(_less_equal),
    "Greater": Rule(lambda a, b: _less(b, a)),
    "GreaterEqual": Rule(lambda a, b: _less_equal(b, a)),
    "Equal": Rule(_equal),
    "NotEqual": Rule(lambda a, b: _not(_equal(a, b))),
    "LogicalNot": Rule(_not),
    "LogicalAnd": Rule(_and),
    "LogicalOr": Rule(lambda a, b: _not(_and(_not(a), _not(b)))),
    "IsFinite": Rule(lambda v: True),  # in exact arithmetic nothing leaves the range
    "IsInf": Rule(lambda v: False),
    "IsNan": Rule(lambda v: False),
    "Select": Rule(_select, _select_partials),
    "SelectV2": Rule(_select, _select_partials),
    "Minimum": Rule(
        lambda a, b: acb(a.real.min(b.real)), _extremum_partials(lambda a, b: _less(a, b))
    ),
    "Maximum": Rule(
        lambda a, b: acb(a.real.max(b.real)), _extremum_partials(lambda a, b: _less(b, a))
    ),
    # rounding to integers: constant between its jumps
    "Round": Rule(_nearest_integer, lambda g, v: ((None if g.is_exact() else UNDEFINED, None),)),
    "Rint": Rule(_nearest_integer, lambda g, v: ((None if g.is_exact() else UNDEFINED, None),)),
}
