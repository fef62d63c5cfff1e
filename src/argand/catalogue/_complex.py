"""Complex numbers apart from their power of four, and gradients of holomorphic functions.

What it costs beside automatic differentiation: complex64 is computed in complex128, two to four
times the time in a graph, for which every digit is right; complex128 in real planes, about twice
the time in a graph and the same under XLA, for which nothing between leaves the range.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._scaling import power, quartered


class Scaled(NamedTuple):
    """The complex number (re + i·im)·4ⁿ; the larger part is of the order of one."""

    re: tf.Tensor
    im: tf.Tensor
    n: tf.Tensor

    def number(self) -> tf.Tensor:
        """complex128; only this step overflows or vanishes."""
        # With these ends even the smallest part overflows, or the largest vanishes.
        half = power(tf.clip_by_value(self.n, -1022.0, 1023.0))
        return tf.complex(self.re * half * half, self.im * half * half)

    def times(self, other: Scaled) -> Scaled:
        """The product, apart from its power of four."""
        re = self.re * other.re - self.im * other.im
        im = self.re * other.im + self.im * other.re
        return Scaled(re, im, self.n + other.n)

    def plus(self, other: Scaled) -> Scaled:
        """The sum, by the larger power of four."""
        n = tf.maximum(self.n, other.n)
        a, b = (power(tf.maximum(2.0 * (t.n - n), -1022.0)) for t in (self, other))
        return Scaled(a * self.re + b * other.re, a * self.im + b * other.im, n)

    def inverse(self) -> Scaled:
        """1/self, for a number with its larger part in [2, 8); so has the result, or nearly."""
        sixteenth = (self.re * self.re + self.im * self.im) * 0.0625
        return Scaled(self.re / sixteenth, -self.im / sixteenth, -self.n - 2.0)

    def conjugate(self) -> Scaled:
        """The complex conjugate."""
        return self._replace(im=-self.im)


def scaled(re: tf.Tensor, im: tf.Tensor) -> Scaled:
    """re + i·im with its larger part in [2, 8)."""
    unit, n = quartered(tf.maximum(tf.abs(re), tf.abs(im)))
    return Scaled(re * unit, im * unit, n)


def holomorphic(
    z: tf.Tensor,
    wide: Callable[[tf.Tensor], tuple[tf.Tensor, Callable[[], tf.Tensor]]],
    careful: Callable[[tf.Tensor, tf.Tensor], tuple[Scaled, Callable[[], Scaled]]],
) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """Value and gradient of a holomorphic f, as ``tf.custom_gradient`` wants them.

    For complex64, ``wide`` returns f and a function that returns f′, of z in complex128, where
    nothing that it multiplies leaves the range. For complex128, ``careful`` does, of Re z and Im z.
    """
    if z.dtype == tf.complex64:
        value, slope = wide(tf.cast(z, tf.complex128))

        def grad_in_double(upstream):
            product = tf.cast(upstream, tf.complex128) * tf.math.conj(slope())
            return tf.cast(product, tf.complex64)

        return tf.cast(value, tf.complex64), grad_in_double

    scaled_value, scaled_slope = careful(tf.math.real(z), tf.math.imag(z))

    def grad(upstream):
        u = scaled(tf.math.real(upstream), tf.math.imag(upstream))
        return u.times(scaled_slope().conjugate()).number()

    return scaled_value.number(), grad


def clipped(z: tf.Tensor) -> tf.Tensor:
    """``z`` of complex128 with its real part within ±300: of float32 in size, no product of three
    reaches e^±300, nor leaves float64's range with it."""
    return tf.complex(tf.clip_by_value(tf.math.real(z), -300.0, 300.0), tf.math.imag(z))


def on_the_left(z: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(whether Re z ≥ 0, and then −z, else z, clipped)."""
    right = tf.greater_equal(tf.math.real(z), 0.0)
    return right, clipped(tf.where(right, -z, z))
