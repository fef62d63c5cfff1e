"""Error functions, and integrals of exponentials and sines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, acb_series, arb

from argand.exact.edges.cuts import NEGATIVE
from argand.exact.special.entry import Interval, SpecialFunction, at_zero, beyond, is_whole


def _of_slope(value: Callable[..., Any], first: Any, second: Any) -> Callable[..., Any]:
    """A function given with its two derivatives."""
    rows = (value, first, second)
    return lambda k, v, *p: rows[k](v, *p)


def taylor(name: str) -> Callable[..., Any]:
    """A function whose Taylor series Arb knows."""

    def derivative(k: int, v: Any, *p: Any) -> Any:
        return getattr(acb_series([acb(v), 1], prec=k + 1), name)(*p)[k] * (1, 1, 2)[k]

    return derivative


def _root_pi() -> arb:
    return arb.pi().sqrt()


def _bell(v: Any) -> Any:
    """2/√π·exp(−v²), the slope of erf."""
    return 2 * (-v * v).exp() / _root_pi()


def _erfcx(v: Any) -> Any:
    """exp(v²)·erfc(v); far to the right by U, which leaves no exponential to cancel."""
    if v.real > 2:
        return acb(v * v).hypgeom_u(arb(0.5), arb(0.5)) / _root_pi()
    return (v * v).exp() * v.erfc()


def _erfcx_slope(v: Any) -> Any:
    return 2 * v * _erfcx(v) - 2 / _root_pi()


def _dawson(v: Any) -> Any:
    return v * acb(-v * v).hypgeom_1f1(arb(1), arb(1.5))


def _dawson_slope(v: Any) -> Any:
    return 1 - 2 * v * _dawson(v)


def _ndtr(v: Any) -> Any:
    return (-v / arb(2).sqrt()).erfc() / 2


def _normal(v: Any) -> Any:
    """The slope of ndtr."""
    return (-v * v / 2).exp() / (2 * arb.pi()).sqrt()


def _hazard(v: Any) -> Any:
    """The slope of log_ndtr: normal/ndtr, without an exponential where both vanish."""
    if v < 0:
        return (2 / arb.pi()).sqrt() / _erfcx(-v / arb(2).sqrt()).real
    return _normal(v) / _ndtr(v)


def _log_ndtr(v: Any) -> Any:
    if v < -2:
        return -v * v / 2 + (_erfcx(-v / arb(2).sqrt()).real / 2).log()
    return (-(v / arb(2).sqrt()).erfc() / 2).log1p()


def _log_ndtr_second(v: Any) -> Any:
    h = _hazard(v)
    return -h * (v + h)


def _ndtri(v: Any) -> Any:
    return -arb(2).sqrt() * (2 * v).erfcinv()


def _ndtri_slope(v: Any) -> Any:
    return 1 / _normal(_ndtri(v))


def _erfinv_slope(v: Any, inverse: Callable[[Any], Any], sign: int) -> Any:
    return sign * _root_pi() / 2 * (inverse(v) ** 2).exp()


def _inverse(inverse: Callable[[Any], Any], sign: int) -> Callable[..., Any]:
    return _of_slope(
        inverse,
        lambda v: _erfinv_slope(v, inverse, sign),
        lambda v: 2 * inverse(v) * _erfinv_slope(v, inverse, sign) ** 2,
    )


def _expint(k: int, v: Any, n: Any) -> Any:
    return (-1) ** k * v.expint(n - k)


def _pole_of_expint(v: Any, n: Any) -> bool:
    return at_zero(v) and bool(n <= 1)


def _line_of_expint(n: Any) -> Interval:
    return (-float("inf") if is_whole(n) and n <= 0 else 0.0, float("inf"))


def _at_ends(low: float, high: float) -> Callable[..., bool]:
    return lambda v: any(bool(v == end) for end in (low, high))


def _half(v: Any) -> Any:
    return arb.pi() * v * v / 2


ERRORS: dict[str, SpecialFunction] = {
    "erf": SpecialFunction(
        _of_slope(lambda v: v.erf(), _bell, lambda v: -2 * v * _bell(v)), "the error function"),
    "erfc": SpecialFunction(
        _of_slope(lambda v: v.erfc(), lambda v: -_bell(v), lambda v: 2 * v * _bell(v)), "1 - erf"),
    "erfi": SpecialFunction(
        _of_slope(lambda v: v.erfi(), lambda v: 2 * (v * v).exp() / _root_pi(),
                  lambda v: 4 * v * (v * v).exp() / _root_pi()),
        "the imaginary error function"),
    "erfcx": SpecialFunction(
        _of_slope(_erfcx, _erfcx_slope, lambda v: 2 * _erfcx(v) + 2 * v * _erfcx_slope(v)),
        "exp(z²) erfc(z)"),
    "erfinv": SpecialFunction(
        _inverse(lambda v: v.erfinv(), 1), "the inverse of erf", line=lambda: (-1, 1), real=True,
        pole=_at_ends(-1, 1), points=(-1.0, 0.0, 1.0)),
    "erfcinv": SpecialFunction(
        _inverse(lambda v: v.erfcinv(), -1), "the inverse of erfc", line=lambda: (0, 2), real=True,
        pole=_at_ends(0, 2), points=(0.0, 1.0, 2.0)),
    "dawson": SpecialFunction(
        _of_slope(_dawson, _dawson_slope, lambda v: -2 * _dawson(v) - 2 * v * _dawson_slope(v)),
        "Dawson's integral exp(-z²) ∫₀ᶻ exp(t²) dt"),
    "ndtr": SpecialFunction(
        _of_slope(_ndtr, _normal, lambda v: -v * _normal(v)), "the normal distribution"),
    "log_ndtr": SpecialFunction(
        _of_slope(_log_ndtr, _hazard, _log_ndtr_second), "log of ndtr", real=True),
    "ndtri": SpecialFunction(
        _of_slope(_ndtri, _ndtri_slope, lambda v: _ndtri(v) * _ndtri_slope(v) ** 2),
        "the inverse of ndtr", line=lambda: (0, 1), real=True, pole=_at_ends(0, 1),
        points=(0.0, 0.5, 1.0)),
    "fresnel_c": SpecialFunction(
        _of_slope(lambda v: v.fresnel_c(), lambda v: _half(v).cos(),
                  lambda v: -arb.pi() * v * _half(v).sin()),
        "Fresnel's ∫₀ᶻ cos(πt²/2) dt"),
    "fresnel_s": SpecialFunction(
        _of_slope(lambda v: v.fresnel_s(), lambda v: _half(v).sin(),
                  lambda v: arb.pi() * v * _half(v).cos()),
        "Fresnel's ∫₀ᶻ sin(πt²/2) dt"),
    "expint": SpecialFunction(
        _expint, "the exponential integral E of this order; tf.math.special.expint is ei",
        ("order",), line=_line_of_expint, pole=_pole_of_expint,
        cut=lambda n: None if is_whole(n) and n <= 0 else NEGATIVE),
    "ei": SpecialFunction(
        taylor("ei"), "the exponential integral Ei", cut=lambda: NEGATIVE, pole=at_zero),
    "si": SpecialFunction(taylor("si"), "the sine integral ∫₀ᶻ sin(t)/t dt"),
    "shi": SpecialFunction(taylor("shi"), "the hyperbolic sine integral"),
    "ci": SpecialFunction(
        taylor("ci"), "the cosine integral", line=beyond(0), cut=lambda: NEGATIVE, pole=at_zero),
    "chi": SpecialFunction(
        taylor("chi"), "the hyperbolic cosine integral", line=beyond(0), cut=lambda: NEGATIVE,
        pole=at_zero),
}  # fmt: skip
