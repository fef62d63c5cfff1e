"""Bessel and Airy functions; their derivatives are those of other orders (DLMF 10.6, 10.29)."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

from flint import acb, arb

from argand.exact.edges.cuts import NEGATIVE, Cut
from argand.exact.edges.kinks import Corner, Token
from argand.exact.special.entry import Interval, SpecialFunction, at_zero, beyond, is_whole

Order = Callable[[Any, Any], Any]  # of (v, order)


def _by_orders(of: Order, sign: int, turned: int) -> Callable[..., Any]:
    """f′ of order n is turned·(f of n−1 + sign·(f of n+1))/2, and so for all derivatives."""

    def derivative(k: int, v: Any, n: Any) -> Any:
        terms = [of(v, n - k + 2 * i) * (comb(k, i) * sign**i) for i in range(k + 1)]
        return sum(terms[1:], terms[0]) * turned**k / 2**k

    return derivative


def _scaled_i(k: int, v: Any, n: Any) -> Any:
    """exp(−|x|)·I and its derivatives: xⁿ·exp(−|x|) beside 0, which for n < k has a kink there. On
    the left, where n is an integer, it is (−1)ⁿ times that on the right."""
    if v < 0:
        return (-1) ** (int(n.unique_fmpz()) + k) * _scaled_i(k, -v, n)
    if not (v > 0 or (v.is_zero() and (k == 0 or n > k or (n == 1 and k == 1)))):
        return arb("nan")
    return sum((_SCALED_I(j, v, n) * (comb(k, j) * (-1) ** (k - j)) for j in range(k + 1)), arb(0))


def _scaled_k(k: int, v: Any, n: Any) -> Any:
    """exp(z)·K and its derivatives."""
    return sum((_SCALED_K(j, v, n) * comb(k, j) for j in range(k + 1)), arb(0))


_SCALED_I = _by_orders(lambda v, n: v.bessel_i(n, scaled=True), 1, 1)
_SCALED_K = _by_orders(lambda v, n: v.bessel_k(n, scaled=True), 1, -1)


def _airy(name: str, first: int) -> Callable[..., Any]:
    """The Airy function's derivative of order ``first`` and its own: w″ = z·w."""

    def derivative(k: int, v: Any) -> Any:
        w, slope = (getattr(acb(v), name)(derivative=d) for d in (0, 1))
        rows = [w, slope, v * w, w + v * slope]
        return rows[first + k]

    return derivative


def _line(n: Any) -> Interval:
    return (-float("inf") if is_whole(n) else 0.0, float("inf"))


def _cut(n: Any) -> Cut | None:
    return None if is_whole(n) else NEGATIVE


def _bent(v: Any, n: Any) -> Token | None:
    return Corner(1, -1) if n == 0 and at_zero(v) and type(v) is arb else None


_ORDER = ("order",)
BESSEL: dict[str, SpecialFunction] = {
    "bessel_j": SpecialFunction(
        _by_orders(lambda v, n: v.bessel_j(n), -1, 1), "the Bessel function J of this order",
        _ORDER, line=_line, cut=_cut),
    "bessel_y": SpecialFunction(
        _by_orders(lambda v, n: v.bessel_y(n), -1, 1), "the Bessel function Y of this order",
        _ORDER, line=beyond(0), cut=lambda n: NEGATIVE, pole=at_zero),
    "bessel_i": SpecialFunction(
        _by_orders(lambda v, n: v.bessel_i(n), 1, 1), "the modified Bessel function I", _ORDER,
        line=_line, cut=_cut),
    "bessel_k": SpecialFunction(
        _by_orders(lambda v, n: v.bessel_k(n), 1, -1), "the modified Bessel function K", _ORDER,
        line=beyond(0), cut=lambda n: NEGATIVE, pole=at_zero),
    "bessel_ie": SpecialFunction(
        _scaled_i, "exp(-|x|) times bessel_i", _ORDER, line=_line, sharp=_bent, real=True),
    "bessel_ke": SpecialFunction(
        _scaled_k, "exp(z) times bessel_k", _ORDER, line=beyond(0), cut=lambda n: NEGATIVE,
        pole=at_zero),
    "airy_ai": SpecialFunction(_airy("airy_ai", 0), "the Airy function Ai"),
    "airy_ai_prime": SpecialFunction(_airy("airy_ai", 1), "the derivative of the Airy function Ai"),
    "airy_bi": SpecialFunction(_airy("airy_bi", 0), "the Airy function Bi"),
    "airy_bi_prime": SpecialFunction(_airy("airy_bi", 1), "the derivative of the Airy function Bi"),
}  # fmt: skip
