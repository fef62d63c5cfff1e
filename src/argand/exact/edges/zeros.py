"""Balls with the signs of their zeros: flint has no −0, so that the sign is kept beside the ball.

Signs are +1, −1, or 0 where nothing decides. They follow IEEE 754 and C99 Annex G. Products and
quotients take them from the textbook formulas, which TensorFlow uses. A function takes them from
its slope, which says on which side of zero f(x ± 0i) lies. A sum of two numbers that cancel
exactly is +0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from flint import acb, arb

Signs = Callable[..., tuple[int, int]]


class Signed:
    """A ball with the signs of its components where these are exactly zero."""

    __slots__ = ("ball", "im", "re")

    def __init__(self, ball: Any, re: int = 1, im: int = 1) -> None:
        self.ball, self.re, self.im = ball, re, im

    def __repr__(self) -> str:
        return f"Signed({self.ball}, {self.re:+}, {self.im:+})"

    @property
    def real(self) -> tuple[arb, int]:
        """The real part and its sign."""
        return self.ball.real, sign(self.ball.real, self.re)

    @property
    def imag(self) -> tuple[arb, int]:
        """The imaginary part and its sign."""
        return self.ball.imag, sign(self.ball.imag, self.im)

    def __add__(self, other: Any) -> Signed:
        return Signed(self.ball + other.ball, *of_sum(self, other))


def signed(value: complex | float, real: bool) -> Signed:
    """The exact ball of a float with the signs of its zeros."""
    if real:
        return Signed(arb(value.real), int(math.copysign(1, value.real)))
    return Signed(acb(value), int(math.copysign(1, value.real)), int(math.copysign(1, value.imag)))


def sign(part: arb, of_zero: int) -> int:
    """The sign of a real ball, 0 where it does not decide. A ball that ends at zero holds a number
    too small for it, which has the sign of the rest."""
    if part.is_zero():
        return of_zero
    return 1 if part >= 0 else -1 if part <= 0 else 0


Term = tuple[bool, int]  # whether it is exactly zero, and its sign


def _sum_sign(first: Term, second: Term) -> int:
    (zero, a), (other_zero, b) = first, second
    if a == 0 or b == 0:
        return 0
    if zero and other_zero:
        return a if a == b else 1
    return 1  # exact cancellation, rounding to nearest


def _term(x: tuple[arb, int], y: tuple[arb, int], factor: int = 1) -> Term:
    return x[0].is_zero() or y[0].is_zero(), factor * x[1] * y[1]


def _component(x: tuple[arb, int], factor: int = 1) -> Term:
    return x[0].is_zero(), factor * x[1]


def of_sum(a: Signed, b: Signed, factor: int = 1) -> tuple[int, int]:
    """Signs of the zeros of a + factor·b, factor = ±1."""
    re = _sum_sign(_component(a.real), _component(b.real, factor))
    if type(a.ball) is arb:
        return re, 1
    return re, _sum_sign(_component(a.imag), _component(b.imag, factor))


def of_product(a: Signed, b: Signed) -> tuple[int, int]:
    """Signs of the zeros of a·b = (ac − bd) + i(ad + bc)."""
    if type(a.ball) is arb:
        return a.real[1] * b.real[1], 1
    return (
        _sum_sign(_term(a.real, b.real), _term(a.imag, b.imag, -1)),
        _sum_sign(_term(a.real, b.imag), _term(a.imag, b.real)),
    )


def of_quotient(a: Signed, b: Signed) -> tuple[int, int]:
    """Signs of the zeros of a/b = ((ac + bd) + i(bc − ad))/|b|²."""
    if type(a.ball) is arb:
        return a.real[1] * b.real[1], 1
    return (
        _sum_sign(_term(a.real, b.real), _term(a.imag, b.imag)),
        _sum_sign(_term(a.imag, b.real), _term(a.real, b.imag, -1)),
    )


def add_signs(g: Any, partials: Any, a: Signed, b: Signed) -> tuple[int, int]:
    return of_sum(a, b)


def subtract_signs(g: Any, partials: Any, a: Signed, b: Signed) -> tuple[int, int]:
    return of_sum(a, b, -1)


def multiply_signs(g: Any, partials: Any, a: Signed, b: Signed) -> tuple[int, int]:
    return of_product(a, b)


def divide_signs(g: Any, partials: Any, a: Signed, b: Signed) -> tuple[int, int]:
    return of_quotient(a, b)


def plus_zero(g: Any, partials: Any, *operands: Any) -> tuple[int, int]:
    return 1, 1


def by_slope(g: Any, partials: Any, v: Signed) -> tuple[int, int]:
    """Signs of the zeros of g(v): the direction of v's own zeros, turned by the slope g′(v)."""
    slope = partials[0][0]
    if slope is None or not getattr(slope, "is_finite", lambda: False)():
        return 0, 0
    if type(v.ball) is arb:
        return (v.re * sign(slope.real, 0) if v.ball.is_zero() else 1), 1
    steps = []
    if v.ball.real.is_zero():
        steps.append((v.re, slope))
    if v.ball.imag.is_zero():
        steps.append((v.im, slope * acb(0, 1)))
    return _along(steps, "real"), _along(steps, "imag")


def _along(steps: list[tuple[int, Any]], part: str) -> int:
    """The sign to which a component that is zero moves, +1 where it does not move at all."""
    found = set()
    for direction, turned in steps:
        component = getattr(turned, part)
        if not component.is_zero():
            found.add(direction * sign(component, 0))
    if not found:
        return 1
    return found.pop() if len(found) == 1 else 0


def at_ends(re: Callable[[int, int], int], im: Callable[[int, int], int]) -> Signs:
    """Signs by slope; where the slope is infinite, these functions of the signs of v's parts."""

    def signs(g: Any, partials: Any, v: Signed) -> tuple[int, int]:
        slope = partials[0][0]
        return by_slope(g, partials, v) if slope.is_finite() else (re(v.re, v.im), im(v.re, v.im))

    return signs


def at_origin(re: Callable[[int, int], int], im: Callable[[int, int], int]) -> Signs:
    """Signs by slope; at v = 0, these functions of the signs of v's parts."""

    def signs(g: Any, partials: Any, v: Signed) -> tuple[int, int]:
        return (re(v.re, v.im), im(v.re, v.im)) if v.ball == 0 else by_slope(g, partials, v)

    return signs


def zero_signs(value: np.ndarray) -> np.ndarray:
    """The signs of the zeros in an object array of Signed, shape (..., 2), +1 if not known."""
    out = [(v.re or 1, v.im or 1) if isinstance(v, Signed) else (1, 1) for v in value.flat]
    return np.array(out, np.int8).reshape(*value.shape, 2)
