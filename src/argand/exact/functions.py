"""Rules of arithmetic and of the elementary and special functions, one line an operation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import acb, arb

from argand.exact.rule import (
    KINK,
    ONE,
    UNDECIDED,
    VERTICAL,
    Cut,
    Partials,
    Rule,
    Token,
    at,
    conj,
    holomorphic,
    vertical_at,
)  # fmt: skip
from argand.exact.sides import (
    add_signs,
    at_ends,
    at_origin,
    by_slope,
    divide_signs,
    multiply_signs,
    of_quotient,
    plus_zero,
    signed,
    subtract_signs,
)  # fmt: skip

_I, _HALF, _HALF_I = acb(0, 1), arb(0.5), acb(0, 0.5)
_INTEGER_POWER = 1 << 16  # beyond, a power by repeated squaring costs more than exp and log


# --- branch cuts, and where real functions end -----------------------------------------------


def _outer(t: arb) -> int:
    """flint's side on both arms of a cut through infinity: counter-clockwise continuous."""
    return -1 if t > 0 else 1


_NEGATIVE = Cut("real", lambda t: t < 0)
_BELOW_MINUS_ONE = Cut("real", lambda t: t < -1)
_BELOW_ONE = Cut("real", lambda t: t < 1)
_BEYOND_ONE = Cut("real", lambda t: abs(t) > 1, _outer)
_BEYOND_I = Cut("imaginary", lambda t: abs(t) > 1, lambda t: -_outer(t))


def _real(test: Any) -> Any:
    """A test of real balls only: the complex function goes on beyond."""
    return lambda v: type(v) is arb and bool(test(v))


def _either(*tests: Any) -> Any:
    return lambda *v: any(test(*v) for test in tests)


_log_undefined = _either(at(0), _real(lambda v: v < 0))
_log1p_undefined = _either(at(-1), _real(lambda v: v < -1))


# --- special functions ----------------------------------------------------------------------


def sigmoid(v: Any) -> Any:
    """1/(1 + e⁻ᵛ), from the side where the exponential is small, so that no digit is lost."""
    if v.real > 0:
        return 1 / (1 + (-v).exp())
    e = v.exp()
    return e / (1 + e)


def softplus(v: Any) -> Any:
    """log(1 + eᵛ)."""
    if type(v) is acb:
        return log1p(v.exp())
    return v + (-v).exp().log1p() if v > 0 else v.exp().log1p()


def log1p(v: Any) -> Any:
    """log(1 + v), off the cut; flint's own loses the small real part near |1 + v| = 1."""
    if type(v) is not acb or not abs(1 + v) > 0.5:
        return v.log1p()
    x, y = v.real, v.imag
    return acb((x * (2 + x) + y * y).log1p() / 2, (1 + v).arg())


def log_of(v: Any) -> Any:
    """log v, UNDECIDED on the cut."""
    return UNDECIDED if type(v) is acb and _NEGATIVE.holds(v) else v.log()


def log1p_of(v: Any) -> Any:
    """log(1 + v), UNDECIDED on the cut."""
    return UNDECIDED if type(v) is acb and _BELOW_MINUS_ONE.holds(v) else log1p(v)


def lgamma(v: arb) -> arb:
    """log |Γ(v)| for real v, by reflection on the left."""
    if v > 0:
        return v.lgamma()
    if v < 0:
        return arb.pi().log() - abs(v.sin_pi()).log() - (1 - v).lgamma()
    return arb("nan")


def _pole_of_gamma(v: Any) -> bool:
    return bool(v.is_exact() and v.is_integer() and v <= 0)


def polygamma(n: Any, v: Any) -> Any:
    """The n-th derivative of digamma, n an exact small integer."""
    if type(v) is not arb:
        return v.lift(lambda t: polygamma(n, t), lambda t: polygamma(n + 1, t))
    order = n.unique_fmpz() if n.is_exact() else None
    if order is None or not 0 <= order <= 64:
        return arb("nan")
    if order == 0:
        return v.digamma()
    if v < -100:  # flint's own is slow and then fails; by reflection, of the two that are used
        slope = arb.pi() / v.sin_pi() ** 2
        if order == 1:
            return arb.pi() * slope - polygamma(n, 1 - v)
        twice = 2 * arb.pi() ** 2 * slope * v.cot_pi()
        return polygamma(n, 1 - v) - twice if order == 2 else arb("nan")
    return acb(v).polygamma(int(order)).real


def log_times(x: Any, logarithm: Any) -> Any:
    """x·log, and 0 where x is exactly 0, as Xlogy and Xlog1py define it."""
    return x * 0 if x == 0 else x * logarithm


def power(a: Any, w: Any) -> Any:
    """a^w: principal for complex a; for real a < 0 only integer w has a value."""
    whole = w.real.unique_fmpz() if w.is_exact() and w.imag.is_zero() else None
    if whole is not None and arb(whole) == w.real and abs(whole) <= _INTEGER_POWER:
        return a ** int(whole)
    if type(a) is arb:
        if a < 0 and w.is_exact() and w.is_integer():
            even = (w / 2).is_integer()
            return (w * (-a).log()).exp() * (1 if even else -1)
        return arb(0) if a.is_zero() and w > 0 else a**w
    if whole is not None and a.imag.is_zero():
        return acb(power(a.real, w.real))
    if whole is not None and a.real.is_zero():
        return power(a.imag, w.real) * _I ** (int(whole) % 4)
    if a == 0 and w.real > 0:
        return acb(0)
    if a == _I or a == -_I:
        return (a.imag * w / 2).exp_pi_i()
    return (w * log_of(a)).exp()


def _sided_power(a: Any, w: Any) -> Any:
    """The power on the side of the cut that the sign of a's imaginary part names."""
    g = power(a.ball, w.ball)
    if type(a.ball) is arb or g.is_finite() or not _NEGATIVE.holds(a.ball) or not a.im:
        return g
    if a.ball == -1:
        return (a.im * w.ball).exp_pi_i()
    return (w.ball * _NEGATIVE.side(a.ball.log(), a.ball, a.im)).exp()


def _power_partials(g: Any, a: Any, w: Any) -> Partials:
    if w == 0:
        return (None, None), (UNDECIDED if a == 0 else log_of(a), None)
    by_base = w * power(a, w - 1) if w.is_exact() and a.contains(0) else w * g / a
    if a == 0:
        return (by_base, None), (None if w.real > 0 else UNDECIDED, None)
    return (by_base, None), (g * log_of(a), None)


def _sided_power_partials(g: Any, a: Any, w: Any) -> Partials:
    by_base, by_exponent = _power_partials(g, a.ball, w.ball)
    if type(a.ball) is acb and _NEGATIVE.holds(a.ball) and a.im:
        by_exponent = (g * _NEGATIVE.side(a.ball.log(), a.ball, a.im), None)
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
        return None, VERTICAL  # 0^w is 0 beside
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
        lambda a, b: bool(b == 0 and a != 0), signs=divide_signs),
    "DivNoNan": Rule(
        lambda a, b: b * 0 if b == 0 else a / b,
        lambda g, a, b: ((None, None), (UNDECIDED, None)) if b == 0
        else ((1 / b, None), (-g / b, None)),
        sharp=lambda a, b: VERTICAL if b == 0 and a != 0 else None, signs=divide_signs),
    "MulNoNan": Rule(
        lambda a, b: b * 0 if b == 0 else a * b,
        lambda g, a, b: ((None if b == 0 else b, None), (a, None)),
        signs=multiply_signs, needs_all=False),
    "Xlogy": Rule(
        lambda a, b: log_times(a, log_of(b)),
        lambda g, a, b: ((log_of(b), None), (a / b, None)),
        lambda a, b: bool(a != 0) and _log_undefined(b)),
    "Xlog1py": Rule(
        lambda a, b: log_times(a, log1p_of(b)),
        lambda g, a, b: ((log1p_of(b), None), (a / (1 + b), None)),
        lambda a, b: bool(a != 0) and _log1p_undefined(b)),
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

FUNCTIONS: dict[str, Rule] = {
    "Sqrt": holomorphic(
        lambda v: v.sqrt(), lambda g, v: 1 / (2 * g), undefined=_real(lambda v: v < 0),
        sharp=vertical_at(0), cut=_NEGATIVE,
        signs=lambda g, p, v: (v.re if type(v.ball) is arb else 1, v.im)
        if v.ball == 0 else by_slope(g, p, v)),
    "Rsqrt": holomorphic(
        lambda v: v.rsqrt(), lambda g, v: -g / (2 * v), cut=_NEGATIVE,
        undefined=_either(at(0), _real(lambda v: v < 0))),
    "Exp": holomorphic(lambda v: v.exp(), lambda g, v: g, signs=lambda g, p, v: (1, v.im)),
    "Expm1": holomorphic(lambda v: v.expm1(), lambda g, v: v.exp()),
    "Log": holomorphic(
        lambda v: v.log(), lambda g, v: 1 / v, cut=_NEGATIVE, undefined=_log_undefined),
    "Log1p": holomorphic(
        log1p, lambda g, v: 1 / (1 + v), cut=_BELOW_MINUS_ONE, undefined=_log1p_undefined),
    "Sin": holomorphic(lambda v: v.sin(), lambda g, v: v.cos()),
    "Cos": holomorphic(
        lambda v: v.cos(), lambda g, v: -v.sin(),
        signs=at_origin(lambda x, y: 1, lambda x, y: -x * y)),
    "Tan": holomorphic(lambda v: v.tan(), lambda g, v: 1 / v.cos() ** 2),
    "Asin": holomorphic(
        lambda v: v.asin(), lambda g, v: 1 / g.cos(), cut=_BEYOND_ONE, sharp=vertical_at(1, -1),
        undefined=_real(lambda v: abs(v) > 1),
        signs=at_ends(lambda x, y: x, lambda x, y: y)),
    "Acos": holomorphic(
        lambda v: v.acos(), lambda g, v: -1 / g.sin(), cut=_BEYOND_ONE, sharp=vertical_at(1, -1),
        undefined=_real(lambda v: abs(v) > 1),
        signs=at_ends(lambda x, y: 1, lambda x, y: -y)),
    "Atan": holomorphic(
        lambda v: v.atan(), lambda g, v: 1 / (1 + v * v), cut=_BEYOND_I,
        undefined=lambda v: bool(v * v == -1)),
    "Sinh": holomorphic(lambda v: v.sinh(), lambda g, v: v.cosh()),
    "Cosh": holomorphic(
        lambda v: v.cosh(), lambda g, v: v.sinh(),
        signs=at_origin(lambda x, y: 1, lambda x, y: x * y)),
    "Tanh": holomorphic(lambda v: v.tanh(), lambda g, v: 1 / v.cosh() ** 2),
    "Asinh": holomorphic(
        lambda v: v.asinh(), lambda g, v: 1 / g.cosh(), cut=_BEYOND_I,
        sharp=lambda v: VERTICAL if v * v == -1 else None,
        signs=at_ends(lambda x, y: x, lambda x, y: y)),
    "Acosh": holomorphic(
        lambda v: v.acosh(), lambda g, v: 1 / g.sinh(), cut=_BELOW_ONE, sharp=vertical_at(1, -1),
        undefined=_real(lambda v: v < 1),
        signs=at_ends(lambda x, y: 1, lambda x, y: y)),
    "Atanh": holomorphic(
        lambda v: v.atanh(), lambda g, v: 1 / (1 - v * v), cut=_BEYOND_ONE,
        undefined=_either(at(1, -1), _real(lambda v: abs(v) > 1))),
    "Sigmoid": holomorphic(
        sigmoid, lambda g, v: 1 / (2 * (v / 2).cosh()) ** 2, signs=lambda g, p, v: (1, v.im)),
    "Softplus": holomorphic(softplus, lambda g, v: sigmoid(v)),
    "Erf": holomorphic(lambda v: v.erf(), lambda g, v: 2 * (-v * v).exp() / arb.pi().sqrt()),
    "Erfc": holomorphic(lambda v: v.erfc(), lambda g, v: -2 * (-v * v).exp() / arb.pi().sqrt()),
    "Erfinv": holomorphic(
        lambda v: v.erfinv(), lambda g, v: (g * g).exp() * arb.pi().sqrt() / 2,
        undefined=lambda v: abs(v) >= 1),
    "Lgamma": holomorphic(lgamma, lambda g, v: v.digamma(), undefined=_pole_of_gamma),
    "Digamma": holomorphic(
        lambda v: v.digamma(), lambda g, v: polygamma(ONE, v), undefined=_pole_of_gamma),
    "Polygamma": Rule(
        polygamma, lambda g, n, v: ((UNDECIDED, None), (polygamma(n + 1, v), None)),
        lambda n, v: _pole_of_gamma(v)),
}  # fmt: skip

PLANE: dict[str, Rule] = {
    "ComplexAbs": Rule(
        lambda v: abs(v), _modulus_partials, sharp=_complex_zero, signs=plus_zero),
    "Angle": replace(
        holomorphic(lambda v: v.arg(), lambda g, v: ONE, sharp=vertical_at(0),
                    cut=replace(_NEGATIVE, mirror=lambda g: -g),
                    signs=lambda g, p, v: (v.im, 1)),
        partials=lambda g, v: ((-_HALF_I / v, _HALF_I / conj(v)),)),
    "Conj": Rule(conj, lambda g, v: ((None, ONE),), signs=lambda g, p, v: (v.re, -v.im)),
    "Real": Rule(lambda v: v.real, lambda g, v: ((_HALF, _HALF),), signs=lambda g, p, v: (v.re, 1)),
    "Imag": Rule(
        lambda v: v.imag, lambda g, v: ((-_HALF_I, _HALF_I),), signs=lambda g, p, v: (v.im, 1)),
    "Complex": Rule(
        acb, lambda g, a, b: ((ONE, None), (_I, None)), signs=lambda g, p, a, b: (a.re, b.re)),
}  # fmt: skip
