"""Hypergeometric functions, elliptic integrals and orthogonal polynomials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb

from argand.exact.edges.cuts import NEGATIVE, Cut
from argand.exact.special.entry import Interval, SpecialFunction, beyond, is_whole, never

_BEYOND_ONE = Cut("real", lambda t: bool(t > 1), lambda t: -1)
_HALF = arb(0.5)


def _rising(a: Any, k: int) -> Any:
    """a·(a + 1)·… of k terms."""
    product: Any = arb(1)
    for i in range(k):
        product = product * (a + i)
    return product


def _0f1(k: int, v: Any, b: Any) -> Any:
    return acb(v).hypgeom_0f1(acb(b + k)) / _rising(b, k)


def _1f1(k: int, v: Any, a: Any, b: Any) -> Any:
    return _rising(a, k) / _rising(b, k) * acb(v).hypgeom_1f1(acb(a + k), acb(b + k))


def _2f1(k: int, v: Any, a: Any, b: Any, c: Any) -> Any:
    factor = _rising(a, k) * _rising(b, k) / _rising(c, k)
    return factor * acb(v).hypgeom_2f1(acb(a + k), acb(b + k), acb(c + k))


def _u(k: int, v: Any, a: Any, b: Any) -> Any:
    return (-1) ** k * _rising(a, k) * acb(v).hypgeom_u(acb(a + k), acb(b + k))


def _elliptic(a: arb) -> Callable[..., Any]:
    """π/2·₂F₁(a, 1/2; 1; m)."""
    return lambda k, v: arb.pi() / 2 * _2f1(k, v, a, _HALF, arb(1))


def _below_one(*p: Any) -> Interval:
    return (-float("inf"), 1.0)


def _no_pole(*parameters: Any) -> str:
    """What is wrong with the last of the parameters below the fraction bar."""
    last = parameters[-1]
    return "the last parameter is 0, -1, -2, …" if is_whole(last) and last <= 0 else ""


def _degree(*parameters: Any) -> str:
    n = parameters[0]
    return "" if is_whole(n) and 0 <= n <= 1000 else "its degree is one of 0, 1, …, 1000"


def _falling(k: int, n: Any) -> Any:
    """n·(n − 1)·… of k terms."""
    return _rising(n - k + 1, k)


def _polynomial(of: Callable[..., Any]) -> Callable[..., Any]:
    """A polynomial of degree n, whose k-th derivative ``of`` (k, v, n, …) gives where k ≤ n."""
    return lambda k, v, n, *p: of(k, v, n, *p) if n >= k else arb(0)


def _jacobi(k: int, v: Any, n: Any, a: Any, b: Any) -> Any:
    factor = _rising(n + a + b + 1, k) / arb(2) ** k
    return factor * acb(v).jacobi_p(acb(n - k), acb(a + k), acb(b + k))


def _gegenbauer(k: int, v: Any, n: Any, m: Any) -> Any:
    return arb(2) ** k * _rising(m, k) * acb(v).gegenbauer_c(acb(n - k), acb(m + k))


def _chebyshev_t(k: int, v: Any, n: Any) -> Any:
    return acb(v).chebyshev_t(acb(n)) if k == 0 else n * _gegenbauer(k - 1, v, n - 1, arb(1))


def _hermite(k: int, v: Any, n: Any) -> Any:
    return arb(2) ** k * _falling(k, n) * acb(v).hermite_h(acb(n - k))


def _laguerre(k: int, v: Any, n: Any, a: Any) -> Any:
    return (-1) ** k * acb(v).laguerre_l(acb(n - k), acb(a + k))


HYPERGEOMETRIC: dict[str, SpecialFunction] = {
    "hyp0f1": SpecialFunction(_0f1, "the hypergeometric function 0F1(; b; z)", ("b",), _no_pole),
    "hyp1f1": SpecialFunction(_1f1, "Kummer's function 1F1(a; b; z)", ("a", "b"), _no_pole),
    "hyp2f1": SpecialFunction(
        _2f1, "Gauss's hypergeometric function 2F1(a, b; c; z)", ("a", "b", "c"), _no_pole,
        line=_below_one, ends=never, cut=lambda *p: _BEYOND_ONE, points=(0.0, 1.0)),
    "hypu": SpecialFunction(
        _u, "Tricomi's function U(a, b, z)", ("a", "b"), line=beyond(0), ends=never,
        cut=lambda *p: NEGATIVE),
    "elliptic_k": SpecialFunction(
        _elliptic(_HALF), "the complete elliptic integral K of the parameter m", line=_below_one,
        cut=lambda: _BEYOND_ONE, pole=lambda v: bool(v == 1), points=(0.0, 1.0)),
    "elliptic_e": SpecialFunction(
        _elliptic(-_HALF), "the complete elliptic integral E of the parameter m", line=_below_one,
        cut=lambda: _BEYOND_ONE, points=(0.0, 1.0)),
    "legendre_p": SpecialFunction(
        _polynomial(lambda k, v, n: _jacobi(k, v, n, arb(0), arb(0))),
        "the Legendre polynomial", ("degree",), _degree),
    "jacobi_p": SpecialFunction(
        _polynomial(_jacobi), "the Jacobi polynomial", ("degree", "a", "b"), _degree),
    "gegenbauer_c": SpecialFunction(
        _polynomial(_gegenbauer), "the Gegenbauer polynomial", ("degree", "m"), _degree),
    "chebyshev_t": SpecialFunction(
        _polynomial(_chebyshev_t), "the Chebyshev polynomial T", ("degree",), _degree),
    "chebyshev_u": SpecialFunction(
        _polynomial(lambda k, v, n: _gegenbauer(k, v, n, arb(1))), "the Chebyshev polynomial U",
        ("degree",), _degree),
    "hermite_h": SpecialFunction(
        _polynomial(_hermite), "the physicists' Hermite polynomial", ("degree",), _degree),
    "laguerre_l": SpecialFunction(
        _polynomial(_laguerre), "the Laguerre polynomial", ("degree", "a"), _degree),
}  # fmt: skip
