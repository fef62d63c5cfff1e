"""cosh w and sinh w times 2e^(−|Re w|), so that no part cancels or leaves the range.

With w = x + iy, t = e^(−2|x|), ± the sign of x, c = cos y and s = sin y,
    C = 2e^(−|x|)·cosh w = (c + t·c) ± i(s − t·s),   S = 2e^(−|x|)·sinh w = ±(c − t·c) + i(s + t·s),
    S·conj C = ±(1 − t²) + 4i·t·s·c, which is |C|²·tanh w.
``Hyperbolic`` has the pieces for complex128. ``HalfAngle`` has those of w = z/2 for complex64, to
whose digits c and s may be float32's, which TensorFlow vectorises; of complex128's 1 + eᶻ, the
plain form, nothing would be left beside a pole.
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._numerics.exponential import FAR, FARTHEST, cis
from argand.catalogue._numerics.real_exp import exponential
from argand.catalogue._numerics.scaled import Scaled
from argand.catalogue._numerics.scaling import halves


class Hyperbolic(NamedTuple):
    """The pieces of cosh w and sinh w, in float64."""

    e: tf.Tensor  # t = e·4ⁿ; without n, t itself
    n: tf.Tensor
    t: tf.Tensor
    less: tf.Tensor  # 1 − t
    side: tf.Tensor  # the sign of x, 1 at 0
    cos: tf.Tensor
    twice_sin: tf.Tensor  # 2s, for s itself is subnormal where y is half of the smallest float

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
        """The real part of S·conj C, which is |C|²·tanh w, and its imaginary part over t."""
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
        # Left: t·e^(iy)·conj C/|C|² = t·(cos 2y + t + i·sin 2y)/|C|². Right: 1 − σ(−2w).
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


def _hyperbolic(
    twice_x: tf.Tensor, cos: tf.Tensor, twice_sin: tf.Tensor, ordinary: bool
) -> Hyperbolic:
    """The pieces for w = twice_x/2 + iy; where x is ``ordinary``, without an exponent."""
    side = tf.where(tf.greater_equal(twice_x, 0.0), tf.ones_like(twice_x), -tf.ones_like(twice_x))
    distance = side * twice_x  # tf.abs has no slope at 0, and this has one
    if ordinary:
        t = tf.exp(-distance)
        return Hyperbolic(t, None, t, -tf.math.expm1(-distance), side, cos, twice_sin)
    exp = exponential(-tf.minimum(distance, FARTHEST))
    e, n = exp.scaled()
    half = halves(n)
    return Hyperbolic(e, n, e * half * half, -exp.minus_one(), side, cos, twice_sin)


def at_half(x: tf.Tensor, y: tf.Tensor, ordinary: bool = False) -> Hyperbolic:
    """The pieces for w = (x + iy)/2."""
    cos, sin = cis(0.5 * y)
    sin = 2.0 * sin
    if not ordinary:
        sin = tf.where(tf.less(tf.abs(y), 2.0**-500), y, sin)
    return _hyperbolic(x, cos, sin, ordinary)


def at(x: tf.Tensor, y: tf.Tensor, ordinary: bool = False) -> Hyperbolic:
    """The pieces for w = x + iy."""
    cos, sin = cis(y)
    return _hyperbolic(2.0 * x, cos, 2.0 * sin, ordinary)


class HalfAngle(NamedTuple):
    """The pieces of cosh(z/2) and sinh(z/2), z = x + iy of complex64; results are complex128."""

    x: tf.Tensor  # within ±FAR
    distance: tf.Tensor  # its size
    half_y: tf.Tensor
    t: tf.Tensor  # e^(−|x|)
    cos: tf.Tensor  # of y/2
    sin: tf.Tensor

    def cosh(self) -> tf.Tensor:
        """C."""
        im = self.sin - self.t * self.sin
        return tf.complex(self.cos + self.t * self.cos, tf.where(self.x < 0, -im, im))

    def sinh(self) -> tf.Tensor:
        """S, to its digits also where z is tiny."""
        re = self.cos * tf.math.expm1(-self.distance)
        # float32's sine of half of the smallest y is 0.
        sin = tf.where(tf.abs(self.half_y) < 2.0**-20, self.half_y, self.sin)
        return tf.complex(tf.where(self.x < 0, re, -re), sin + self.t * sin)

    def logistic(self, inverse: tf.Tensor) -> tf.Tensor:
        """σ(z) from 1/C."""
        size = tf.where(self.x < 0, self.t, tf.ones_like(self.t))
        return tf.complex(size * self.cos, size * self.sin) * inverse

    def inverse_square(self, inverse: tf.Tensor) -> tf.Tensor:
        """t/C² = 1/(2 cosh(z/2))², from 1/C."""
        return tf.complex(self.t, tf.zeros_like(self.t)) * (inverse * inverse)


def half_angle(z: tf.Tensor) -> HalfAngle:
    """The pieces for ``z`` of complex64."""
    x, y = tf.cast(tf.math.real(z), tf.float64), tf.math.imag(z)
    x = tf.clip_by_value(x, -FAR, FAR)
    cos, sin = (tf.cast(part, tf.float64) for part in cis(0.5 * y))
    distance = tf.where(x < 0, -x, x)  # tf.abs has no slope at 0, and this has one
    return HalfAngle(x, distance, 0.5 * tf.cast(y, tf.float64), tf.exp(-distance), cos, sin)
