"""Complex numbers apart from a power of four, so that no product leaves the range."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._numerics.scaling import power, quartered


class Scaled(NamedTuple):
    """The complex number (re + i·im)·4ⁿ, in float64, with its larger part of the order of one.

    Without n it is re + i·im, and so ordinary in size that its products stay in range.
    """

    re: tf.Tensor
    im: tf.Tensor
    n: tf.Tensor = None

    def number(self) -> tf.Tensor:
        """complex128; only this step overflows or vanishes."""
        if self.n is None:
            return tf.complex(self.re, self.im)
        # At these limits even the smallest part overflows, or even the largest vanishes.
        half = power(tf.clip_by_value(self.n, -1022.0, 1023.0))
        return tf.complex(self.re * half * half, self.im * half * half)

    def times(self, other: Scaled) -> Scaled:
        """The product."""
        re = self.re * other.re - self.im * other.im
        im = self.re * other.im + self.im * other.re
        return Scaled(re, im, _sum(self.n, other.n))

    def times_conj(self, other: Scaled) -> Scaled:
        """self·conj(other): an upstream times a derivative."""
        re = self.re * other.re + self.im * other.im
        im = self.im * other.re - self.re * other.im
        return Scaled(re, im, _sum(self.n, other.n))

    def plus(self, other: Scaled) -> Scaled:
        """The sum, by the larger power of four."""
        if self.n is None or other.n is None:
            return Scaled(self.re + other.re, self.im + other.im)
        n = tf.maximum(self.n, other.n)
        a, b = (power(tf.maximum(2.0 * (t.n - n), -1022.0)) for t in (self, other))
        return Scaled(a * self.re + b * other.re, a * self.im + b * other.im, n)

    def inverse(self) -> Scaled:
        """1/self, where the larger part is in [2, 8); that of the result is, too, or nearly."""
        if self.n is None:
            return Scaled(self.re, -self.im).over(self.norm())
        sixteenth = self.norm() * 0.0625
        return Scaled(self.re / sixteenth, -self.im / sixteenth, -self.n - 2.0)

    def divided_by(self, other: Scaled) -> Scaled:
        """The quotient."""
        return self.times_conj(other).over(other.norm(), other.n)

    def divided_by_conj(self, other: Scaled) -> Scaled:
        """self/conj(other)."""
        return self.times(other).over(other.norm(), other.n)

    def over(self, size: tf.Tensor, n: tf.Tensor | None = None) -> Scaled:
        """self/(size·16ⁿ) for a real ``size`` that needs no scaling."""
        less = self.n if n is None or self.n is None else self.n - 2 * n
        return Scaled(self.re / size, self.im / size, less)

    def norm(self) -> tf.Tensor:
        """|self|²·16⁻ⁿ."""
        return self.re * self.re + self.im * self.im


def scaled(re: tf.Tensor, im: tf.Tensor, ordinary: bool = False) -> Scaled:
    """re + i·im with its larger part in [2, 8), or 0; without an exponent where all numbers are
    ``ordinary``."""
    if ordinary:
        return Scaled(re, im)
    unit, n = quartered(tf.maximum(tf.abs(re), tf.abs(im)))
    return Scaled(re * unit, im * unit, n)


def scaled_complex(z: tf.Tensor, ordinary: bool = False) -> Scaled:
    """``scaled`` of the parts of ``z``, of complex128."""
    return scaled(tf.math.real(z), tf.math.imag(z), ordinary)


def negative(x: tf.Tensor) -> tf.Tensor:
    """Whether the sign of ``x`` is −, that of a zero included."""
    # By a shift: ball arithmetic follows a float's bits no further than that.
    return tf.cast(tf.bitwise.right_shift(tf.bitcast(x, tf.int64), 63), tf.float64) < 0.0


def _sum(n: tf.Tensor, m: tf.Tensor) -> tf.Tensor:
    return n if m is None else m if n is None else n + m
