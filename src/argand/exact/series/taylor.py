"""Taylor series of the elementary functions, one line a function: its slope, and where it is
analytic.

The slope is written in flint's power series, so that every coefficient but the first follows from
it; the first is the rule's own value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from flint import acb, acb_series, arb, arb_series, ctx, fmpq, fmpq_series

from argand.exact.rules.table import RULES
from argand.exact.series.germ import KEEP, ball_of, exact_number


def _anywhere(c: Any) -> bool:
    return True


def _right_of(edge: float) -> Callable[[Any], bool]:
    """Off the cut that runs left from ``edge``: to the right of it, or off the real axis."""
    return lambda c: bool(c.real > edge) or (isinstance(c, acb) and not c.imag.contains(0))


def _unit_disc(c: Any) -> bool:
    return bool(abs(c) < 1)


def _real(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda c: isinstance(c, arb) and test(c)


def _cosh(s: Any) -> Any:
    return (s.exp() + (-s).exp()) / 2


def _sinh(s: Any) -> Any:
    return (s.exp() - (-s).exp()) / 2


def _logistic(s: Any) -> Any:
    return 1 / (1 + (-s).exp())


def _bell(s: Any) -> Any:
    """2/√π·exp(−s²): the slope of the error function, in balls."""
    kind = type(s) if not isinstance(s, fmpq_series) else arb_series
    return kind([2 / arb.pi().sqrt()]) * kind([*(-s * s).exp()])


@dataclass(frozen=True)
class Function:
    """``slope``: the derivative as a power series. ``inside``: whether the function is surely
    analytic at a ball. ``ends``: what it goes to at −∞ and +∞ faster than any power, if so."""

    slope: Callable[[Any], Any]
    inside: Callable[[Any], bool] = _anywhere
    ends: tuple[int | None, int | None] = (None, None)


_EXP = Function(lambda s: s.exp(), ends=(0, None))
_EXPM1 = Function(lambda s: s.exp(), ends=(-1, None))
_LOG1P = Function(lambda s: 1 / (1 + s), _right_of(-1))
_SIGMOID = Function(lambda s: _logistic(s) * _logistic(-s), ends=(0, 1))
_SOFTPLUS = Function(_logistic, lambda c: bool(abs(c.imag) < 3), ends=(0, None))

TAYLOR: dict[str, Function] = {
    "Exp": _EXP,
    "Expm1": _EXPM1,
    "ExpMinusOne": _EXPM1,
    "Log": Function(lambda s: 1 / s, _right_of(0)),
    "Log1p": _LOG1P,
    "LogOnePlus": _LOG1P,
    "LogOnePlusExp": _SOFTPLUS,
    "Softplus": _SOFTPLUS,
    "Sigmoid": _SIGMOID,
    "OneOverOnePlusExp": _SIGMOID,
    "Sin": Function(lambda s: s.cos()),
    "Cos": Function(lambda s: -s.sin()),
    "Tan": Function(lambda s: 1 / (s.cos() * s.cos())),
    "Sinh": Function(_cosh),
    "Cosh": Function(_sinh),
    "Tanh": Function(lambda s: 1 / (_cosh(s) * _cosh(s)), ends=(-1, 1)),
    "Asin": Function(lambda s: (1 - s * s).rsqrt(), _unit_disc),
    "Acos": Function(lambda s: -(1 - s * s).rsqrt(), _unit_disc),
    "Atan": Function(lambda s: 1 / (1 + s * s), lambda c: isinstance(c, arb) or _unit_disc(c)),
    "Asinh": Function(
        lambda s: (1 + s * s).rsqrt(), lambda c: isinstance(c, arb) or _unit_disc(c)
    ),
    "Acosh": Function(lambda s: (s * s - 1).rsqrt(), _real(lambda c: bool(c > 1))),
    "Atanh": Function(lambda s: 1 / (1 - s * s), _unit_disc),
    "Erf": Function(_bell, ends=(-1, 1)),
    "Erfc": Function(lambda s: -_bell(s), ends=(2, 0)),
    "Lgamma": Function(lambda s: arb_series(s).lgamma().derivative(), _real(lambda c: bool(c > 0))),
    "Digamma": Function(
        lambda s: arb_series(s).lgamma().derivative().derivative(),
        _real(lambda c: bool(c > 0)),
    ),
}  # fmt: skip


def taylor(name: str, centre: Any, count: int) -> tuple[Any, ...] | None:
    """The first ``count`` coefficients of the function at ``centre`` (rational or a ball); None
    where it may not be analytic there."""
    if not TAYLOR[name].inside(ball_of(centre)):
        return None
    found = _known if isinstance(centre, fmpq) else _coefficients
    coefficients = found(name, centre, ctx.prec)
    return None if coefficients is None else coefficients[:count]


def _coefficients(name: str, centre: Any, precision: int) -> tuple[Any, ...] | None:
    """All coefficients that are kept, at flint's current ``precision``."""
    cap, ctx.cap = ctx.cap, KEEP + 2  # for two derivatives are taken
    try:
        slope = _slope(TAYLOR[name].slope, centre)
    finally:
        ctx.cap = cap
    value = RULES[name].value(ball_of(centre))
    rest = [exact_number(c) / (k + 1) for k, c in enumerate(slope[: KEEP - 1])]
    rest += [fmpq(0)] * (KEEP - 1 - len(rest))
    finite = all(isinstance(c, fmpq) or c.is_finite() for c in (value, *rest))
    return (exact_number(value), *rest) if finite else None


_known = cache(_coefficients)


def _slope(slope: Callable[[Any], Any], centre: Any) -> list[Any]:
    """The coefficients of the slope: rational ones where flint knows them, else balls."""
    if isinstance(centre, fmpq):
        try:
            return list(slope(fmpq_series([centre, 1])))
        except (ValueError, ZeroDivisionError):
            centre = arb(centre)
    kind = arb_series if isinstance(centre, arb) else acb_series
    try:
        return list(slope(kind([centre, 1])))
    except (ValueError, ZeroDivisionError):  # it divides by what may be 0
        return [arb("nan")]
