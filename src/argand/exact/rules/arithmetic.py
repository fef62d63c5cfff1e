"""Rules of arithmetic, powers, and the parts of complex numbers, one line an operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flint import acb, arb

from argand.exact.balls import ONE, UNDECIDED, conj
from argand.exact.edges.cuts import NEGATIVE
from argand.exact.edges.kinks import JUMP, KINK, VERTICAL, Token
from argand.exact.edges.zeros import (
    Signed,
    Signs,
    add_signs,
    divide_signs,
    multiply_signs,
    of_product,
    of_quotient,
    plus_zero,
    signed,
    subtract_signs,
)
from argand.exact.rules.functions import FUNCTIONS
from argand.exact.rules.rule import Partials, Rule, at, holomorphic, vertical_at

_I, _HALF, _HALF_I = acb(0, 1), arb(0.5), acb(0, 0.5)
_INTEGER_POWER = 1 << 16  # beyond, a power by repeated squaring costs more than exp and log


_log = FUNCTIONS["Log"].value  # UNDECIDED on the cut


def _times_log(log: Rule, inside: Callable[[Any], Any]) -> Rule:
    """x·log(…), and 0 where x is exactly 0, as Xlogy and Xlog1py define it."""

    def times(x: Any, logarithm: Any) -> Any:
        return x * 0 if x == 0 else x * logarithm

    def signs(g: Any, partials: Any, x: Any, y: Any) -> tuple[int, int]:
        if x.ball == 0:
            return 1, 1
        logarithm = sided(y)
        slopes = ((1 / inside(y.ball), None),)
        return of_product(x, Signed(logarithm, *log.signs(logarithm, slopes, y)))

    assert log.sided is not None
    sided = log.sided
    return Rule(
        lambda x, y: times(x, log.value(y)),
        lambda g, x, y: ((log.value(y), None), (x / inside(y), None)),
        lambda x, y: bool(x != 0) and log.undefined(y),
        lambda x, y: (VERTICAL, None) if x == 0 and log.undefined(y) else None,
        signs=signs,
        sided=lambda x, y: times(x.ball, sided(y)),
        sided_partials=lambda g, x, y: ((sided(y), None), (x.ball / inside(y.ball), None)),
    )


def _unless(k: int, signs: Signs) -> Signs:
    """These signs, but +0 where operand k is zero: there the operation gives 0 by definition."""
    return lambda g, partials, *v: (1, 1) if v[k].ball == 0 else signs(g, partials, *v)


# --- powers ---------------------------------------------------------------------------------


def power(a: Any, w: Any) -> Any:
    """a^w: principal for complex a; for real a < 0 only integer w has a value."""
    if not a.is_finite():  # else a⁰ would be a number
        return a * arb("nan")
    whole = w.real.unique_fmpz() if w.is_exact() and w.imag.is_zero() else None
    if whole is not None and abs(whole) <= _INTEGER_POWER:
        return a ** int(whole)
    return _real_power(a, w) if type(a) is arb else _complex_power(a, w, whole)


def _real_power(a: arb, w: arb) -> arb:
    if a < 0 and w.is_exact() and w.is_integer():
        even = (w / 2).is_integer()
        return (w * (-a).log()).exp() * (1 if even else -1)
    return arb(0) if a.is_zero() and w > 0 else a**w


def _complex_power(a: Any, w: Any, whole: Any) -> Any:
    """a^w by parts on the axes, so that no digit is lost; ``whole`` is w if that is an integer."""
    if whole is not None and a.imag.is_zero():
        return acb(power(a.real, w.real))
    if whole is not None and a.real.is_zero():
        return power(a.imag, w.real) * _I ** (int(whole) % 4)
    if a == 0 and w.real > 0:
        return acb(0)
    if a == _I or a == -_I:
        return (a.imag * w / 2).exp_pi_i()
    return (w * _log(a)).exp()


def _sided_power(a: Any, w: Any) -> Any:
    """The power on the side of the cut that the sign of a's imaginary part names."""
    g = power(a.ball, w.ball)
    if type(a.ball) is arb or g.is_finite() or not NEGATIVE.holds(a.ball) or not a.im:
        return g
    if a.ball == -1:
        return (a.im * w.ball).exp_pi_i()
    return (w.ball * NEGATIVE.side(a.ball.log(), a.ball, a.im)).exp()


def _small_integer(w: Any) -> bool:
    return bool(w.imag.is_zero() and w.real.is_integer() and abs(w.real) <= _INTEGER_POWER)


def _power_partials(g: Any, a: Any, w: Any) -> Partials:
    if w == 0:
        return (w, None), (UNDECIDED if a == 0 else _log(a), None)
    exact = w.is_exact() and (a.contains(0) or _small_integer(w))  # then without division
    by_base = w * power(a, w - 1) if exact else w * g / a
    if a == 0:
        return (by_base, None), (None if w.real > 0 else UNDECIDED, None)
    return (by_base, None), (g * _log(a), None)


def _sided_power_partials(g: Any, a: Any, w: Any) -> Partials:
    by_base, by_exponent = _power_partials(g, a.ball, w.ball)
    if type(a.ball) is acb and NEGATIVE.holds(a.ball) and a.im:
        by_exponent = (g * NEGATIVE.side(a.ball.log(), a.ball, a.im), None)
    return by_base, by_exponent


def _power_undefined(a: Any, w: Any) -> bool:
    if a == 0:
        return bool(w.real < 0) or bool(w.real.is_zero() and not w.imag.is_zero())
    if type(a) is arb and a < 0:
        return bool(w.is_exact() and not w.is_integer())
    return False


def _power_sharp(a: Any, w: Any) -> Any:
    if type(a) is arb and a < 0:
        return None, VERTICAL  # between integers there is no value
    if a == 0 and w == 0:
        return None, JUMP  # 0^w is 0 beside
    return (VERTICAL, None) if a == 0 and w.real > 0 and w.real < 1 else None


def _power_signs(g: Any, partials: Any, a: Any, w: Any) -> tuple[int, int]:
    if type(a.ball) is arb:  # only 0^w is zero
        odd = w.ball.is_exact() and w.ball.is_integer() and not (w.ball / 2).is_integer()
        return (a.re if odd else 1), 1
    return 0, 0


# --- complex numbers as pairs ---------------------------------------------------------------


def _modulus_partials(g: Any, v: acb) -> Partials:
    if not v.contains(0):
        return ((conj(v) / (2 * g), v / (2 * g)),)
    return ((KINK.ball, KINK.ball),)  # Clarke's: one of those on some side


def _norm(v: Any) -> Any:
    """|v|², of v's own kind."""
    return v * v if type(v) is arb else acb(v.real * v.real + v.imag * v.imag)


def _real_valued(rule: Rule) -> Rule:
    """The rule with real balls also where it has no number, as what follows expects."""
    value, sided = rule.value, rule.sided
    assert sided is not None
    return replace(rule, value=lambda v: value(v).real, sided=lambda v: sided(v).real)


def _complex_zero(v: Any) -> Token | None:
    return KINK if v == 0 else None


ARITHMETIC: dict[str, Rule] = {
    "AddV2": Rule(
        lambda a, b: a + b, lambda g, a, b: ((ONE, None), (ONE, None)), signs=add_signs),
    "Sub": Rule(
        lambda a, b: a - b, lambda g, a, b: ((ONE, None), (-ONE, None)), signs=subtract_signs),
    "Mul": Rule(lambda a, b: a * b, lambda g, a, b: ((b, None), (a, None)), signs=multiply_signs),
    "RealDiv": Rule(
        lambda a, b: a / b, lambda g, a, b: ((1 / b, None), (-g / b, None)),
        lambda a, b: bool(b == 0), signs=divide_signs),
    "Xdivy": Rule(
        lambda a, b: a * 0 if a == 0 else a / b,
        lambda g, a, b: ((1 / b, None), (-g / b, None)),
        lambda a, b: bool(b == 0 and a != 0), signs=_unless(0, divide_signs)),
    "DivNoNan": Rule(
        lambda a, b: b * 0 if b == 0 else a / b,
        lambda g, a, b: ((None, None), (UNDECIDED, None)) if b == 0
        else ((1 / b, None), (-g / b, None)),
        sharp=lambda a, b: JUMP if b == 0 and a != 0 else None,
        signs=_unless(1, divide_signs)),
    "MulNoNan": Rule(
        lambda a, b: b * 0 if b == 0 else a * b,
        lambda g, a, b: ((None if isinstance(a, Token) else b, None), (a, None)),
        signs=_unless(1, multiply_signs), needs_all=False),
    "Xlogy": _times_log(FUNCTIONS["Log"], lambda v: v),
    "Xlog1py": _times_log(FUNCTIONS["Log1p"], lambda v: 1 + v),
    "Neg": holomorphic(lambda v: -v, lambda g, v: -ONE),
    "Square": holomorphic(
        lambda v: v * v, lambda g, v: 2 * v, signs=lambda g, p, v: multiply_signs(g, p, v, v)),
    "SquaredDifference": Rule(
        lambda a, b: _norm(a - b),
        lambda g, a, b: ((conj(a - b), a - b), (conj(b - a), b - a)), signs=plus_zero),
    "Reciprocal": holomorphic(
        lambda v: 1 / v, lambda g, v: -g * g, undefined=at(0),
        signs=lambda g, p, v: of_quotient(signed(1, type(v.ball) is arb), v)),
    "Pow": Rule(power, _power_partials, _power_undefined, _power_sharp, signs=_power_signs,
        sided=_sided_power, sided_partials=_sided_power_partials),
}  # fmt: skip

PLANE: dict[str, Rule] = {
    "ComplexAbs": Rule(
        lambda v: abs(v), _modulus_partials, sharp=_complex_zero, signs=plus_zero),
    # what ``rewrite`` makes of |exp(v)|: its gradient is surely real
    "AbsOfExp": Rule(
        lambda v: v.real.exp(), lambda g, v: ((g / 2, g / 2),), signs=plus_zero),
    "Angle": _real_valued(replace(
        holomorphic(lambda v: v.arg(), lambda g, v: ONE, sharp=vertical_at(0),
                    cut=replace(NEGATIVE, mirror=lambda g: -g),
                    signs=lambda g, p, v: (v.im, 1)),
        partials=lambda g, v: ((-_HALF_I / v, _HALF_I / conj(v)),))),
    "Conj": Rule(conj, lambda g, v: ((None, ONE),), signs=lambda g, p, v: (v.re, -v.im)),
    "Real": Rule(lambda v: v.real, lambda g, v: ((_HALF, _HALF),), signs=lambda g, p, v: (v.re, 1)),
    "Imag": Rule(
        lambda v: v.imag, lambda g, v: ((-_HALF_I, _HALF_I),), signs=lambda g, p, v: (v.im, 1)),
    "Complex": Rule(
        acb, lambda g, a, b: ((ONE, None), (_I, None)), signs=lambda g, p, a, b: (a.re, b.re)),
}  # fmt: skip
