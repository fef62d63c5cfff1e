"""Complex numbers by the block, and the elementary functions on them.

Each formula is written in real parts so that no sum cancels that need not (Kahan, "Branch cuts
for complex elementary functions", 1987). A part that is None is zero by structure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from argand.exact.fast import logarithm
from argand.exact.fast import reals as r
from argand.exact.fast.reals import Part, Real


@dataclass(frozen=True, eq=False)
class Complex:
    """re + i·im."""

    re: Part
    im: Part = None

    def __add__(self, other: Complex) -> Complex:
        return Complex(r.add(self.re, other.re), r.add(self.im, other.im))

    def __sub__(self, other: Complex) -> Complex:
        return Complex(r.sub(self.re, other.re), r.sub(self.im, other.im))

    def __neg__(self) -> Complex:
        return Complex(r.neg(self.re), r.neg(self.im))

    def __mul__(self, other: Complex) -> Complex:
        return Complex(
            r.products(self.re, other.re, -1.0, self.im, other.im),
            r.products(self.re, other.im, 1.0, self.im, other.re),
        )

    def __truediv__(self, other: Complex) -> Complex:
        if other.im is None:
            divisor = present(other)
            return Complex(r.div(self.re, divisor), r.div(self.im, divisor))
        re = r.products(self.re, other.re, 1.0, self.im, other.im)
        im = r.products(self.im, other.re, -1.0, self.re, other.im)
        size = norm(other)
        return Complex(r.div(re, size), r.div(im, size))

    def conj(self) -> Complex:
        return Complex(self.re, r.neg(self.im))

    def shift(self, powers: int) -> Complex:
        """Times 2^powers."""
        return Complex(r.shift(self.re, powers), r.shift(self.im, powers))

    def times_i(self) -> Complex:
        return Complex(r.neg(self.im), self.re)


class Unresolved(Exception):
    """The block cannot be evaluated here, for a reason of structure; Arb takes it."""


def present(v: Complex) -> Real:
    """The real part, which a formula needs as a number."""
    if v.re is None:
        raise Unresolved("an operand is zero by structure")
    return v.re


def like(v: Complex) -> Real:
    """Either part: how many lanes there are."""
    part = v.im if v.re is None else v.re
    if part is None:
        raise Unresolved("an operand is zero by structure")
    return part


def number(x: float, v: Complex) -> Complex:
    """The real number x in each lane of v."""
    return Complex(r.constant(x, like(v)))


def norm(v: Complex) -> Real:
    """|v|²."""
    return present(Complex(r.products(v.re, v.re, 1.0, v.im, v.im)))


def size(v: Complex) -> Complex:
    return Complex(r.sqrt(norm(v)))


def exp(v: Complex, real_exp: Callable[[Real], Real] = r.exp) -> Complex:
    e = None if v.re is None else real_exp(v.re)
    if v.im is None:
        return Complex(present(Complex(e)))
    s, c = r.sin_cos(v.im)
    return Complex(c, s) if e is None else Complex(r.mul(e, c), r.mul(e, s))


def expm1(v: Complex) -> Complex:
    """Re: expm1(x)·cos y − 2·sin²(y/2)."""
    x = r.expm1(present(v))
    if v.im is None:
        return Complex(x)
    s, c = r.sin_cos(v.im)
    half = r.shift(v.im, -1)
    assert half is not None
    versine = r.shift(r.square(r.sin_cos(half)[0]), 1)
    return Complex(r.sub(r.mul(x, c), versine), r.mul(r.exp(present(v)), s))


def sin_cos(v: Complex) -> tuple[Complex, Complex]:
    s, c = r.sin_cos(present(v))
    if v.im is None:
        return Complex(s), Complex(c)
    sh, ch = r.sinh_cosh(v.im)
    return Complex(r.mul(s, ch), r.mul(c, sh)), Complex(r.mul(c, ch), r.neg(r.mul(s, sh)))


def sinh_cosh(v: Complex) -> tuple[Complex, Complex]:
    sh, ch = r.sinh_cosh(present(v))
    if v.im is None:
        return Complex(sh), Complex(ch)
    s, c = r.sin_cos(v.im)
    return Complex(r.mul(sh, c), r.mul(ch, s)), Complex(r.mul(ch, c), r.mul(sh, s))


def tanh(v: Complex) -> tuple[Complex, Complex]:
    """tanh and its slope 1/cosh²: (sinh x·cosh x + i·sin y·cos y)/(sinh²x + cos²y)."""
    sh, ch = r.sinh_cosh(present(v))
    if v.im is None:
        return Complex(r.div(sh, ch)), number(1.0, v) / Complex(r.square(ch))
    s, c = r.sin_cos(v.im)
    below = present(Complex(r.products(sh, sh, 1.0, c, c)))
    cosh = Complex(r.mul(ch, c), r.mul(sh, s))
    g = Complex(r.div(r.mul(sh, ch), below), r.div(r.mul(s, c), below))
    return g, number(1.0, v) / (cosh * cosh)


def tan(v: Complex) -> tuple[Complex, Complex]:
    """tan v = −i·tanh(iv), with the same slope at iv."""
    if v.im is None:
        s, c = r.sin_cos(present(v))
        return Complex(r.div(s, c)), number(1.0, v) / Complex(r.square(c))
    g, slope = tanh(v.times_i())
    return -g.times_i(), slope


def sigmoid(v: Complex) -> tuple[Complex, Callable[[], Complex]]:
    """1/(1 + e^−v) and its slope 1/(2·cosh(v/2))², whose small part cancels nothing."""

    def slope() -> Complex:
        c = sinh_cosh(v.shift(-1))[1].shift(1)
        return number(1.0, v) / (c * c)

    unit = number(1.0, v)
    return unit / (unit + exp(-v)), slope


def softplus(v: Complex) -> tuple[Complex, Callable[[], Complex]]:
    """log1p(e^v), with the slope sigmoid(v)."""
    return log1p(exp(v)), lambda: sigmoid(v)[0]


def log(v: Complex) -> Complex:
    """Off the negative real axis and off the positive one, where zeros are signed."""
    if v.im is None:
        return Complex(logarithm.log(present(v)))
    half = r.shift(logarithm.log(norm(v)), -1)
    return Complex(half, logarithm.angle(v.im, present(v)))


def log1p(v: Complex) -> Complex:
    """Re: ½·log1p(2x + x² + y²)."""
    x = present(v)
    if v.im is None:
        return Complex(logarithm.log1p(x))
    m = r.add(r.shift(x, 1), r.add(r.square(x), r.square(v.im)))
    half = r.shift(logarithm.log1p(present(Complex(m))), -1)
    one_more = present(Complex(r.add(x, r.constant(1.0, x))))
    return Complex(half, logarithm.angle(v.im, one_more))


def sqrt(v: Complex) -> Complex:
    """Off the real axis: t = √(½(|x| + |v|)), then (t, y/2t) or, left, (|y|/2t, ±t)."""
    if v.im is None:
        return Complex(r.sqrt(present(v)))
    x, y = present(v), v.im
    left, up = r.sign(x), r.sign(y)
    total = r.add(r.flipped(x, left), r.sqrt(norm(v)))
    t = r.sqrt(present(Complex(r.shift(total, -1))))
    y = r.unknown(y, up == 0)
    side = present(Complex(r.div(r.shift(y, -1), t)))
    re = r.choose(left < 0, r.flipped(side, up), t)
    return Complex(re, r.choose(left < 0, r.flipped(t, up), side))


def nearest_integer(v: Complex) -> Complex:
    """round, half to even, where the lane and every tie are surely apart."""
    rows = r.untagged(present(v))
    with np.errstate(over="ignore", under="ignore"):
        x = np.ldexp(rows[0], np.clip(rows[3], -1000, 1000).astype(np.int32))
        slack = np.ldexp(np.abs(rows[1]) + rows[2], np.clip(rows[3], -1000, 60).astype(np.int32))
    n = np.rint(x)
    with np.errstate(invalid="ignore"):  # x may be infinite
        apart = (0.5 - np.abs(x - n)) * 0.999 > slack
    return Complex(r.unknown(r.real(n), ~(apart & (np.abs(x) < 2.0**50))))
