"""One line per TensorFlow operation: its value by the block, and its partial derivatives.

A rule takes the operands. It returns the value g, and for each operand v the pair (∂g/∂v, ∂g/∂v̄),
where None stands for zero. A partial that costs something is a function without arguments, called
when it is needed. Truth values are arrays of 1, 0, and NaN where the truth is not known. Programs
with an operation that is missing here are left to Arb.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from argand.exact.fast import plane as p
from argand.exact.fast import reals as r
from argand.exact.fast.plane import Complex

Rule = Callable[..., tuple[Any, tuple[tuple[Any, Any], ...]]]


@dataclass(frozen=True, eq=False)
class Gate:
    """The partial derivative 1 where ``open``, 0 elsewhere, NaN where ``unknown``."""

    open: np.ndarray
    unknown: np.ndarray

    def __call__(self, d: Complex) -> Complex:
        return Complex(self._part(d.re), self._part(d.im))

    def _part(self, a: r.Part) -> r.Part:
        out = r.choose(self.open, a, None)
        return None if out is None else r.unknown(out, self.unknown)


ONE = object()  # the partial derivative 1 everywhere


def _holomorphic(function: Callable[[Complex], tuple[Complex, Any]]) -> Rule:
    """The rule of a function that gives its value and its slope."""

    def rule(v: Complex) -> tuple[Complex, tuple[tuple[Any, Any], ...]]:
        g, slope = function(v)
        return g, ((slope, None),)

    return rule


def _shared(value: Complex, slope: Callable[[Complex], Any]) -> tuple[Complex, Any]:
    return value, lambda: slope(value)


def _reciprocal(v: Complex) -> tuple[Complex, Any]:
    return _shared(p.number(1.0, v) / v, lambda g: -(g * g))


def _cosine(v: Complex) -> tuple[Complex, Any]:
    sine, cosine = p.sin_cos(v)
    return cosine, lambda: -sine


def _expm1(v: Complex) -> tuple[Complex, Any]:
    return p.expm1(v), lambda: p.exp(v)


def _log1p(v: Complex) -> tuple[Complex, Any]:
    return p.log1p(v), lambda: p.number(1.0, v) / (v + p.number(1.0, v))


def _divide(a: Complex, b: Complex) -> tuple[Complex, Any]:
    g = a / b
    return g, ((lambda: p.number(1.0, b) / b, None), (lambda: -(g / b), None))


def _power(v: Complex, w: Complex) -> tuple[Complex, Any]:
    """exp(w·log v): for real numbers, a positive v only."""
    log = p.log(v)
    g = p.exp(w * log)
    return g, ((lambda: g * w / v, None), (lambda: g * log, None))


def _complex(a: Complex, b: Complex) -> tuple[Complex, Any]:
    return a + b.times_i(), ((ONE, None), (lambda: p.number(1.0, b).times_i(), None))


def _real(v: Complex) -> tuple[Complex, Any]:
    half = lambda: p.number(0.5, v)  # noqa: E731
    return Complex(v.re), ((half, half),)


def _imag(v: Complex) -> tuple[Complex, Any]:
    return Complex(v.im), (
        (lambda: p.number(-0.5, v).times_i(), lambda: p.number(0.5, v).times_i()),
    )


def _abs(v: Complex) -> tuple[Complex, Any]:
    x = p.present(v)
    s = r.sign(x)

    def slope() -> Complex:
        return Complex(r.unknown(r.real(np.nan_to_num(s)), np.abs(s) != 1))

    return Complex(r.flipped(x, s)), ((slope, None),)


def _complex_abs(v: Complex) -> tuple[Complex, Any]:
    g = p.size(v)
    half = lambda: (v / g).shift(-1)  # noqa: E731
    return g, ((lambda: (v / g).shift(-1).conj(), half),)


def _signs(a: Complex, b: Complex) -> np.ndarray:
    difference = r.sub(a.re, b.re)
    if difference is None:
        raise p.Unresolved("both sides of a comparison are zero by structure")
    return r.sign(difference)


def _compare(test: Callable[[np.ndarray], np.ndarray]) -> Rule:
    def rule(a: Complex, b: Complex) -> tuple[np.ndarray, tuple[tuple[Any, Any], ...]]:
        s = _signs(a, b)  # a tie, where the function may jump or bend, is left to Arb
        known = np.abs(s) == 1
        return np.where(known, test(s), np.nan), ((None, None), (None, None))

    return rule


def _equal(a: Complex, b: Complex) -> np.ndarray:
    """0 where surely apart; a tie is left to Arb."""
    parts = [r.sub(a.re, b.re), r.sub(a.im, b.im)]
    signs = [np.abs(r.sign(d)) == 1 for d in parts if d is not None]
    if not signs:
        raise p.Unresolved("both sides of a comparison are zero by structure")
    return np.where(np.any(signs, axis=0), 0.0, np.nan)


def _stepwise(value: Callable[..., Any]) -> Rule:
    return lambda *v: (value(*v), ((None, None),) * len(v))


def _both(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    false = (a == 0) | (b == 0)
    return np.where(false, 0.0, np.where((a == 1) & (b == 1), 1.0, np.nan))


def _select(c: np.ndarray, a: Complex, b: Complex) -> tuple[Complex, Any]:
    first, unknown = c == 1, np.isnan(c)
    g = Gate(~unknown, unknown)(_either(first, a, b))
    return g, ((None, None), (Gate(first, unknown), None), (Gate(~first, unknown), None))


def _either(first: np.ndarray, a: Complex, b: Complex) -> Complex:
    return Complex(r.choose(first, a.re, b.re), r.choose(first, a.im, b.im))


def _extremum(sign: float) -> Rule:
    def rule(a: Complex, b: Complex) -> tuple[Complex, tuple[tuple[Any, Any], ...]]:
        s = _signs(a, b) * sign
        first, unknown = s > 0, np.isnan(s)
        g = Gate(~unknown, unknown)(_either(first, a, b))
        kink = unknown | (s == 0)
        return g, ((Gate(first, kink), None), (Gate(~first, kink), None))

    return rule


def _same(v: Complex, *_: Any) -> tuple[Complex, Any]:
    return v, ((ONE, None), *[(None, None)] * len(_))


def _abs_of_exp(v: Complex) -> tuple[Complex, Any]:
    g = p.exp(Complex(v.re))
    half = lambda: g.shift(-1)  # noqa: E731
    return g, ((half, half),)


RULES: dict[str, Rule] = {
    # arithmetic
    "Add": lambda a, b: (a + b, ((ONE, None), (ONE, None))),
    "AddV2": lambda a, b: (a + b, ((ONE, None), (ONE, None))),
    "Sub": lambda a, b: (a - b, ((ONE, None), (lambda: p.number(-1.0, b), None))),
    "Mul": lambda a, b: (a * b, ((b, None), (a, None))),
    "RealDiv": _divide,
    "Neg": _holomorphic(lambda v: (-v, lambda: p.number(-1.0, v))),
    "Square": _holomorphic(lambda v: (v * v, lambda: v.shift(1))),
    "Reciprocal": _holomorphic(_reciprocal),
    "Inv": _holomorphic(_reciprocal),
    "Sqrt": _holomorphic(
        lambda v: _shared(p.sqrt(v), lambda g: p.number(0.5, v) / g),
    ),
    # exponentials
    "Exp": _holomorphic(lambda v: _shared(p.exp(v), lambda g: g)),
    "LoneExp": _holomorphic(lambda v: _shared(p.exp(v, r.lone_exp), lambda g: g)),
    "Expm1": _holomorphic(_expm1),
    "ExpMinusOne": _holomorphic(_expm1),
    "Log": _holomorphic(lambda v: (p.log(v), lambda: p.number(1.0, v) / v)),
    "Log1p": _holomorphic(_log1p),
    "LogOnePlus": _holomorphic(_log1p),
    "Softplus": _holomorphic(p.softplus),
    "LogOnePlusExp": _holomorphic(p.softplus),
    "Pow": _power,
    "Sin": _holomorphic(p.sin_cos),
    "Cos": _holomorphic(_cosine),
    "Sinh": _holomorphic(p.sinh_cosh),
    "Cosh": _holomorphic(lambda v: p.sinh_cosh(v)[::-1]),
    "Tan": _holomorphic(p.tan),
    "Tanh": _holomorphic(p.tanh),
    "Sigmoid": _holomorphic(p.sigmoid),
    "OneOverOnePlusExp": _holomorphic(p.sigmoid),
    "Abs": _abs,
    # the complex plane
    "ComplexAbs": _complex_abs,
    "AbsOfExp": _abs_of_exp,
    "Conj": lambda v: (v.conj(), ((None, ONE),)),
    "Real": _real,
    "Imag": _imag,
    "Complex": _complex,
    # comparison and selection
    "Less": _compare(lambda s: s < 0),
    "LessEqual": _compare(lambda s: s <= 0),
    "Greater": _compare(lambda s: s > 0),
    "GreaterEqual": _compare(lambda s: s >= 0),
    "Equal": _stepwise(_equal),
    "NotEqual": _stepwise(lambda a, b: 1.0 - _equal(a, b)),
    "LogicalNot": _stepwise(lambda a: 1.0 - a),
    "LogicalAnd": _stepwise(_both),
    "LogicalOr": _stepwise(lambda a, b: 1.0 - _both(1.0 - a, 1.0 - b)),
    "Select": _select,
    "SelectV2": _select,
    "Maximum": _extremum(1.0),
    "Minimum": _extremum(-1.0),
    "Round": _stepwise(p.nearest_integer),
    "Rint": _stepwise(p.nearest_integer),
    # tensors of one element
    "Reshape": _same,
    "ExpandDims": _same,
    "Squeeze": _same,
    "StridedSlice": _same,
    "Sum": _same,
    "Mean": _same,
    "Prod": _same,
    "Max": _same,
    "Min": _same,
}
