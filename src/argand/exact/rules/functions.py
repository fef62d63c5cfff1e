"""Rules of the elementary and special functions, one line an operation."""

from __future__ import annotations

from typing import Any

from flint import acb, arb

from argand.exact.balls import ONE, UNDECIDED
from argand.exact.edges.cuts import BELOW_MINUS_ONE, BELOW_ONE, BEYOND_I, BEYOND_ONE, NEGATIVE
from argand.exact.edges.kinks import VERTICAL
from argand.exact.edges.zeros import at_ends, at_origin, by_slope, plus_zero
from argand.exact.rules.rule import Rule, at, holomorphic, vertical_at

# --- where real functions end ----------------------------------------------------------------


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
    n = getattr(n, "ball", n)
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


FUNCTIONS: dict[str, Rule] = {
    "Sqrt": holomorphic(
        lambda v: v.sqrt(), lambda g, v: 1 / (2 * g), undefined=_real(lambda v: v < 0),
        sharp=vertical_at(0), cut=NEGATIVE,
        signs=lambda g, p, v: (v.re if type(v.ball) is arb else 1, v.im)
        if v.ball == 0 else by_slope(g, p, v)),
    "Rsqrt": holomorphic(
        lambda v: v.rsqrt(), lambda g, v: -g / (2 * v), cut=NEGATIVE,
        undefined=_either(at(0), _real(lambda v: v < 0))),
    "Exp": holomorphic(lambda v: v.exp(), lambda g, v: g, signs=lambda g, p, v: (1, v.im)),
    "Expm1": holomorphic(
        lambda v: v.expm1(), lambda g, v: v.exp(), signs=lambda g, p, v: (v.re, v.im)),
    "Log": holomorphic(
        lambda v: v.log(), lambda g, v: 1 / v, cut=NEGATIVE, undefined=_log_undefined),
    "Log1p": holomorphic(
        log1p, lambda g, v: 1 / (1 + v), cut=BELOW_MINUS_ONE, undefined=_log1p_undefined),
    "Sin": holomorphic(lambda v: v.sin(), lambda g, v: v.cos()),
    "Cos": holomorphic(
        lambda v: v.cos(), lambda g, v: -v.sin(),
        signs=at_origin(lambda x, y: 1, lambda x, y: -x * y)),
    "Tan": holomorphic(lambda v: v.tan(), lambda g, v: 1 / v.cos() ** 2),
    "Asin": holomorphic(
        lambda v: v.asin(), lambda g, v: 1 / g.cos(), cut=BEYOND_ONE, sharp=vertical_at(1, -1),
        undefined=_real(lambda v: abs(v) > 1),
        signs=at_ends(lambda x, y: x, lambda x, y: y)),
    "Acos": holomorphic(
        lambda v: v.acos(), lambda g, v: -1 / g.sin(), cut=BEYOND_ONE, sharp=vertical_at(1, -1),
        undefined=_real(lambda v: abs(v) > 1),
        signs=at_ends(lambda x, y: 1, lambda x, y: -y)),
    "Atan": holomorphic(
        lambda v: v.atan(), lambda g, v: 1 / (1 + v * v), cut=BEYOND_I,
        undefined=lambda v: bool(v * v == -1)),
    "Sinh": holomorphic(lambda v: v.sinh(), lambda g, v: v.cosh()),
    "Cosh": holomorphic(
        lambda v: v.cosh(), lambda g, v: v.sinh(),
        signs=at_origin(lambda x, y: 1, lambda x, y: x * y)),
    "Tanh": holomorphic(lambda v: v.tanh(), lambda g, v: 1 / v.cosh() ** 2),
    "Asinh": holomorphic(
        lambda v: v.asinh(), lambda g, v: 1 / g.cosh(), cut=BEYOND_I,
        sharp=lambda v: VERTICAL if v * v == -1 else None,
        signs=at_ends(lambda x, y: x, lambda x, y: y)),
    "Acosh": holomorphic(
        lambda v: v.acosh(), lambda g, v: 1 / g.sinh(), cut=BELOW_ONE, sharp=vertical_at(1, -1),
        undefined=_real(lambda v: v < 1),
        signs=at_ends(lambda x, y: 1, lambda x, y: y)),
    "Atanh": holomorphic(
        lambda v: v.atanh(), lambda g, v: 1 / (1 - v * v), cut=BEYOND_ONE,
        undefined=_either(at(1, -1), _real(lambda v: abs(v) > 1))),
    "Sigmoid": holomorphic(
        sigmoid, lambda g, v: 1 / (2 * (v / 2).cosh()) ** 2, signs=lambda g, p, v: (1, v.im)),
    "Softplus": holomorphic(softplus, lambda g, v: sigmoid(v)),
    # what ``rewrite`` makes of log(1 + v), log(1 + exp(v)), exp(v) − 1 and 1/(1 + exp(−v)):
    # a real sum x + 1 has the imaginary part 0 + ±0 = +0, on the upper side of the cut
    "LogOnePlus": holomorphic(
        log1p, lambda g, v: 1 / (1 + v), undefined=_log1p_undefined, signs=plus_zero),
    "LogOnePlusExp": holomorphic(softplus, lambda g, v: sigmoid(v), signs=plus_zero),
    "ExpMinusOne": holomorphic(
        lambda v: v.expm1(), lambda g, v: v.exp(), signs=lambda g, p, v: (1, v.im)),
    "OneOverOnePlusExp": holomorphic(
        sigmoid, lambda g, v: 1 / (2 * (v / 2).cosh()) ** 2, signs=plus_zero),
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
