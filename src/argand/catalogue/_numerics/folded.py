"""cosh and sinh of w = x + iy times 2e^(−|x|): no part of either cancels or leaves the range.

With t = e^(−2|x|), ± the sign of x, c = cos y and s = sin y,
    C = 2e^(−|x|)·cosh w = (c + t·c) ± i(s − t·s),   S = 2e^(−|x|)·sinh w = ±(c − t·c) + i(s + t·s),
    S·conj C = ±(1 − t²) + 4i·t·s·c, which is |C|²·tanh w.
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._numerics.expm1 import exponential
from argand.catalogue._numerics.exponential import cis
from argand.catalogue._numerics.scaled import Scaled
from argand.catalogue._numerics.scaling import halves


class Folded(NamedTuple):
    """The pieces of cosh w and sinh w."""

    e: tf.Tensor  # t = e·4ⁿ; without n, t itself
    n: tf.Tensor
    t: tf.Tensor
    less: tf.Tensor  # 1 − t
    side: tf.Tensor  # the sign of x, 1 at 0
    cos: tf.Tensor
    twice_sin: tf.Tensor  # 2s, for the half of a smallest y would be subnormal

    def sided(self, a: tf.Tensor) -> tf.Tensor:
        """±a, with the sign of x."""
        return self.side * a

    def shortened(self, a: tf.Tensor) -> tf.Tensor:
        """(1 − t)·a, by one rounding where t is small."""
        return tf.where(tf.less(self.t, 0.25), a - self.t * a, self.less * a)

    def cosh(self) -> tuple[tf.Tensor, tf.Tensor]:
        """The parts of C."""
        return self.cos + self.t * self.cos, self.sided(0.5 * self.shortened(self.twice_sin))

    def tanh_numerator(self) -> tuple[tf.Tensor, tf.Tensor]:
        """The parts of S·conj C, which is |C|²·tanh w, the imaginary one by t."""
        return self.sided(self.less * (1.0 + self.t)), 2.0 * self.cos * self.twice_sin

    def inverse_square(self, factor: float = 1.0) -> Scaled:
        """factor·t/C² = factor/(2 cosh w)²."""
        re, im = self.cosh()
        size = re * re + im * im
        scale = factor * self.e / (size * size)
        return Scaled((re - im) * (re + im) * scale, -2.0 * re * im * scale, self.n)

    def tanh(self) -> Scaled:
        """tanh w."""
        re, im = self.cosh()
        inverse = 1 / (re * re + im * im)
        re, im = self.tanh_numerator()
        # Far from 0 the real part is ±(1 − 2t·(cos 2y + t)/|C|²), of fewer roundings.
        far = 1.0 - 2.0 * self.t * ((2.0 * self.cos * self.cos - self.less) * inverse)
        re = tf.where(tf.less(self.t, 0.25), self.sided(far), re * inverse)
        if self.n is None:
            return Scaled(re, self.e * im * inverse)
        half = halves(self.n)
        return Scaled(re, self.e * im * inverse * half * half, tf.zeros_like(re))

    def logistic(self) -> Scaled:
        """σ(2w) = 1/(1 + e^(−2w))."""
        # The left is t·e^(iy)·conj C/|C|² = t·(cos 2y + t + i·sin 2y)/|C|², the right 1 − σ(−2w).
        re, im = self.cosh()
        scale = self.e / (re * re + im * im)
        re = (2.0 * self.cos * self.cos - self.less) * scale
        im = self.cos * self.twice_sin * scale
        n = None
        if self.n is not None:
            right = tf.maximum(self.side, 0.0)
            half = halves(right * self.n)
            re, im = re * half * half, im * half * half
            n = self.n - right * self.n
        return Scaled(tf.maximum(self.side, 0.0) - self.side * re, im, n)


def folded(
    twice_x: tf.Tensor, cos: tf.Tensor, twice_sin: tf.Tensor, ordinary: bool = False
) -> Folded:
    """The pieces for w = twice_x/2 + iy; where x is ``ordinary``, without an exponent."""
    side = tf.where(tf.greater_equal(twice_x, 0.0), tf.ones_like(twice_x), -tf.ones_like(twice_x))
    distance = side * twice_x  # tf.abs has no slope at 0, and this has one
    if ordinary:
        t = tf.exp(-distance)
        return Folded(t, None, t, -tf.math.expm1(-distance), side, cos, twice_sin)
    exp = exponential(-tf.minimum(distance, 2900.0))
    e, n = exp.scaled()
    half = halves(n)
    return Folded(e, n, e * half * half, -exp.minus_one(), side, cos, twice_sin)


def at_half(x: tf.Tensor, y: tf.Tensor, ordinary: bool = False) -> Folded:
    """The pieces for w = (x + iy)/2."""
    cos, sin = cis(0.5 * y)
    sin = 2.0 * sin
    if not ordinary:
        sin = tf.where(tf.less(tf.abs(y), 2.0**-500), y, sin)
    return folded(x, cos, sin, ordinary)


def at(x: tf.Tensor, y: tf.Tensor, ordinary: bool = False) -> Folded:
    """The pieces for w = x + iy."""
    cos, sin = cis(y)
    return folded(2.0 * x, cos, 2.0 * sin, ordinary)
