"""The functions whose gradients are usual surrogates, by their derivatives in balls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flint import acb, arb

from argand.exact.balls import conj

ONE, ZERO = arb(1), arb(0)


@dataclass(frozen=True)
class Suspect:
    """A function of one number: in ``words`` of {x}, in ``code`` of x, and as a callable of
    TensorFlow's where it has a ``name``; ``gradient`` gives it for balls (u, x)."""

    words: str
    code: str
    name: str
    gradient: Callable[[Any, Any], Any]


def _real(words: str, code: str, name: str, slope: Callable[[Any], Any]) -> Suspect:
    return Suspect(words, code, name, lambda u, x: u * slope(x))


def _window(low: float, high: float) -> Callable[[Any], Any]:
    """1 between the ends and 0 outside; at an end, and where it is not known, nothing."""

    def slope(x: Any) -> Any:
        inside, outside = bool(x > low) and bool(x < high), bool(x < low) or bool(x > high)
        return ONE if inside else ZERO if outside else arb("nan")

    return slope


def _bell(x: Any) -> Any:
    """The logistic function's derivative."""
    e = (-abs(x)).exp()
    return e / (1 + e) ** 2


def _of(k: float, slope: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: k * slope(k * x)


def _soft(k: float) -> Callable[[Any], Any]:
    return lambda x: 1 / (1 + k * abs(x)) ** 2


_INFINITY = float("inf")
IDENTITY = Suspect("{x}", "x", "tf.identity", lambda u, x: u)
CONJUGATE = Suspect("conj({x})", "tf.math.conj(x)", "tf.math.conj", lambda u, x: conj(u))
_STEEP = (1, 2, 3, 4, 5, 10, 25, 100)
REAL = (
    _real("relu({x})", "tf.nn.relu(x)", "tf.nn.relu", _window(0, _INFINITY)),
    *(
        _real(f"clip({{x}}, -{c}, {c})", f"tf.clip_by_value(x, -{c}, {c})", "", _window(-c, c))
        for c in (1.0, 0.5, 2.0)
    ),
    _real("clip({x}, 0, 1)", "tf.clip_by_value(x, 0.0, 1.0)", "", _window(0, 1)),
    _real("relu6({x})", "tf.nn.relu6(x)", "tf.nn.relu6", _window(0, 6)),
    *(
        _real(f"tanh({k}·{{x}})", f"tf.tanh({k}.0 * x)", "", _of(k, lambda x: 1 / x.cosh() ** 2))
        if k > 1 else _real("tanh({x})", "tf.tanh(x)", "tf.tanh", lambda x: 1 / x.cosh() ** 2)
        for k in (1, 2, 3, 5)
    ),
    *(
        _real(f"sigmoid({k}·{{x}})", f"tf.sigmoid({k}.0 * x)", "", _of(k, _bell)) if k > 1
        else _real("sigmoid({x})", "tf.sigmoid(x)", "tf.sigmoid", _bell)
        for k in _STEEP
    ),
    *(
        _real(
            f"{{x}}/(1 + {k}·|{{x}}|)", f"x / (1 + {k}.0 * tf.abs(x))", "",
            _soft(k),
        )
        for k in _STEEP
    ),
    _real("softplus({x})", "tf.nn.softplus(x)", "tf.nn.softplus", lambda x: 1 / (1 + (-x).exp())),
    _real("atan({x})", "tf.atan(x)", "tf.atan", lambda x: 1 / (1 + x * x)),
    _real(
        "atan(π·{x})/π", "tf.atan(math.pi * x) / math.pi", "",
        lambda x: 1 / (1 + (arb.pi() * x) ** 2),
    ),
)  # fmt: skip


def suspects(*, real: bool) -> Iterator[Suspect]:
    """Those of ``real`` numbers, or of complex ones, the simplest first."""
    yield IDENTITY
    yield from REAL if real else (CONJUGATE,)


def scale(g: Any, base: Any) -> complex:
    """The number c for which g, a gradient by c·s, is that by s, ``base``, times conj(c): with six
    digits, or all where these are not enough. Zero where the base is or may be."""
    if not base.is_finite() or base.contains(0) or not g.is_finite():
        return 0j
    ratio = acb(conj(g / base))
    return complex(float(ratio.real.mid()), float(ratio.imag.mid()))
