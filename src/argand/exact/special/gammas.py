"""Gamma and zeta functions, and what is made of them."""

from __future__ import annotations

from typing import Any

from flint import acb, acb_series, arb

from argand.exact.balls import UNDECIDED
from argand.exact.edges.cuts import NEGATIVE, Cut
from argand.exact.rules.functions import lgamma, polygamma
from argand.exact.special.entry import (
    Interval,
    SpecialFunction,
    at_whole,
    beyond,
    is_whole,
    never,
    unless_whole,
)
from argand.exact.special.errors import taylor

_FAR = 4096.0  # from the origin: beyond it the series of zeta functions take too long


def _psi(n: int, v: Any) -> Any:
    """The n-th derivative of digamma."""
    if type(v) is arb:
        return polygamma(arb(n), v)
    if v.real > -100:
        return v.digamma() if n == 0 else v.polygamma(acb(n))
    if n > 2 or not v.real < 0:
        return arb("nan")
    cot = v.cot_pi()  # by reflection, for Arb does not end there
    slope = arb.pi() ** 2 * (1 + cot * cot)
    turned = (-arb.pi() * cot, slope, -2 * arb.pi() * cot * slope)[n]
    return turned + (-1) ** n * _psi(n, 1 - v)


def _gamma(k: int, v: Any) -> Any:
    g = v.gamma()
    if k == 0:
        return g
    psi = _psi(0, v)
    return g * psi if k == 1 else g * (psi * psi + _psi(1, v))


def _loggamma(k: int, v: Any) -> Any:
    if k:
        return _psi(k - 1, v)
    if v == 1 or v == 2:
        return arb(0)
    return lgamma(v) if type(v) is arb else v.lgamma()


def _polygamma(k: int, v: Any, n: Any) -> Any:
    return _psi(int(n.unique_fmpz()) + k, v)


def _near(v: Any) -> bool:
    return bool(abs(v) < _FAR)


def _zeta(k: int, v: Any) -> Any:
    if not _near(v):
        return arb("nan")
    return acb_series([acb(v), 1], prec=k + 1).zeta()[k] * (1, 1, 2)[k]


def _hurwitz(k: int, v: Any, s: Any) -> Any:
    if not _near(v) and not v.real > 0:
        return arb("nan")
    factor = (arb(1), -s, s * (s + 1))[k]
    return factor * acb(s + k).zeta(acb(v))


def _polylog(k: int, v: Any, s: Any) -> Any:
    v = acb(v)
    if v == 0:
        return (arb(0), arb(1), 2 * arb(2) ** -s)[k]
    if not _near(v):
        return arb("nan")
    lis = [v.polylog(acb(s - j)) for j in range(k + 1)]
    rows = (lambda: lis[0], lambda: lis[1] / v, lambda: (lis[2] - lis[1]) / (v * v))
    return rows[k]()


def _power(v: Any, a: Any) -> Any:
    """vᵃ, of a complex v beside the cut for a that is no integer."""
    n = a.unique_fmpz() if is_whole(a) else None
    return v ** int(n) if n is not None and abs(n) < 64 else (a * v.log()).exp()


def _gammainc(sign: int) -> Any:
    def derivative(k: int, v: Any, a: Any) -> Any:
        if k == 0:
            of = acb(v).gamma_lower if sign > 0 else acb(v).gamma_upper
            return of(acb(a), regularized=1)
        slope = sign * _power(v, a - 1) * (-v).exp() / a.gamma()
        return slope if k == 1 else slope * ((a - 1) / v - 1)

    return derivative


def _betainc(k: int, v: Any, a: Any, b: Any) -> Any:
    if k == 0:
        return acb(v).beta_lower(acb(a), acb(b), regularized=1)
    slope = _power(v, a - 1) * _power(1 - v, b - 1) * (a + b).gamma() * a.rgamma() * b.rgamma()
    return slope if k == 1 else slope * ((a - 1) / v - (b - 1) / (1 - v))


def _barnes(k: int, v: Any) -> Any:
    if not _near(v):
        return arb("nan")
    v = acb(v)
    g = v.barnes_g()
    if k == 0:
        return g
    slope = (v - 1) * _psi(0, v) - v + (1 + (2 * arb.pi()).log()) / 2
    if k == 1:
        return g * slope
    return g * (slope * slope + _psi(0, v) + (v - 1) * _psi(1, v) - 1)


def _lambertw(k: int, v: Any, branch: Any) -> Any:
    if branch != 0 and type(v) is acb:
        return UNDECIDED
    w = v.lambertw(int(branch.unique_fmpz()))
    if k == 0:
        return w
    slope = (-w).exp() / (1 + w)
    return slope if k == 1 else -slope * slope * (w + 2) / (1 + w)


def _of_branch(branch: Any) -> str:
    return "" if branch in (0, -1) else "the branches that are real somewhere are 0 and -1"


def _lambert_line(branch: Any) -> Interval:
    end = -float(arb(-1).exp())  # no float is −1/e, and this one lies above it
    return (end, float("inf")) if branch == 0 else (end, 0.0)


def _lambert_cut(branch: Any) -> Cut:
    return Cut("real", lambda t: bool(t < -arb(-1).exp()))


def _positive(*parameters: Any) -> str:
    return "" if all(p > 0 for p in parameters) else "its parameters are above 0"


def _order(n: Any) -> str:
    return "" if is_whole(n) and 0 <= n <= 32 else "its order is one of 0, 1, …, 32"


GAMMAS: dict[str, SpecialFunction] = {
    "gamma": SpecialFunction(_gamma, "the gamma function", pole=at_whole, whole=True),
    "rgamma": SpecialFunction(taylor("rgamma"), "1/gamma, which is entire", whole=True),
    "loggamma": SpecialFunction(
        _loggamma, "log gamma; for real x log |gamma(x)|", cut=lambda: NEGATIVE, pole=at_whole,
        whole=True),
    "digamma": SpecialFunction(
        lambda k, v: _psi(k, v), "the slope of log gamma", pole=at_whole, whole=True),
    "polygamma": SpecialFunction(
        _polygamma, "the derivative of digamma of this order", ("order",), _order, pole=at_whole,
        whole=True),
    "barnes_g": SpecialFunction(_barnes, "Barnes' G", whole=True),
    "zeta": SpecialFunction(
        _zeta, "Riemann's zeta function", pole=lambda v: bool(v == 1), points=(0.0, 1.0)),
    "hurwitz_zeta": SpecialFunction(
        _hurwitz, "Hurwitz's zeta(s, z) of this s; tf.math.zeta", ("s",),
        lambda s: "" if s > 1 else "s is above 1", line=beyond(0), ends=never, pole=at_whole,
        cut=lambda s: NEGATIVE, whole=True),
    "polylog": SpecialFunction(
        _polylog, "the polylogarithm of this order", ("order",), line=lambda s: (-float("inf"), 1),
        ends=never,
        cut=lambda s: Cut("real", lambda t: bool(t > 1), lambda t: -1), points=(0.0, 1.0)),
    "gammainc": SpecialFunction(
        _gammainc(1), "the regularized lower incomplete gamma function P(a, z)", ("a",), _positive,
        line=beyond(0), ends=unless_whole, cut=lambda a: None if is_whole(a) else NEGATIVE),
    "gammaincc": SpecialFunction(
        _gammainc(-1), "the regularized upper incomplete gamma function Q(a, z)", ("a",), _positive,
        line=beyond(0), ends=unless_whole, cut=lambda a: None if is_whole(a) else NEGATIVE),
    "betainc": SpecialFunction(
        _betainc, "the regularized incomplete beta function", ("a", "b"), _positive,
        line=lambda a, b: (0, 1), ends=never, real=True, points=(0.0, 1.0)),
    "lambertw": SpecialFunction(
        _lambertw, "Lambert's W on the branch 0, or -1 (for real tensors)", ("branch",), _of_branch,
        line=_lambert_line, cut=_lambert_cut, points=(0.0, -0.36787944117144233)),
}  # fmt: skip
