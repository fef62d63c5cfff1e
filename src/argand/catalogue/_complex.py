"""Complex numbers apart from their power of four, and gradients of holomorphic functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from argand.catalogue._scaling import power, quartered


class Scaled(NamedTuple):
    """The complex number (re + i·im)·4ⁿ; the larger part is of the order of one."""

    re: tf.Tensor
    im: tf.Tensor
    n: tf.Tensor | None = None

    def number(self) -> tf.Tensor:
        """complex128; only this step overflows or vanishes."""
        if self.n is None:
            return tf.complex(self.re, self.im)
        # With these ends even the smallest part overflows, or the largest vanishes.
        half = power(tf.clip_by_value(self.n, -1022.0, 1023.0))
        return tf.complex(self.re * half * half, self.im * half * half)

    def times(self, other: Scaled) -> Scaled:
        """The product, apart from its power of four."""
        re = self.re * other.re - self.im * other.im
        im = self.re * other.im + self.im * other.re
        ns = [n for n in (self.n, other.n) if n is not None]
        return Scaled(re, im, sum(ns[1:], ns[0]) if ns else None)

    def plus_one(self) -> Scaled:
        """1 + self, by the larger power of four."""
        assert self.n is not None
        n = tf.maximum(self.n, 0.0)
        one, own = (
            power(tf.maximum(-2.0 * n, -1022.0)),
            power(tf.maximum(2.0 * (self.n - n), -1022.0)),
        )
        return Scaled(one + self.re * own, self.im * own, n)

    def inverse(self) -> Scaled:
        """1/self, for a number with its larger part in [2, 8); so has the result, or nearly."""
        sixteenth = (self.re * self.re + self.im * self.im) * 0.0625
        assert self.n is not None
        return Scaled(self.re / sixteenth, -self.im / sixteenth, -self.n - 2.0)

    def conjugate(self) -> Scaled:
        """The complex conjugate."""
        return self._replace(im=-self.im)


def scaled(re: tf.Tensor, im: tf.Tensor) -> Scaled:
    """re + i·im with its larger part in [2, 8)."""
    unit, n = quartered(tf.maximum(tf.abs(re), tf.abs(im)))
    return Scaled(re * unit, im * unit, n)


def holomorphic(
    z: tf.Tensor, value: Callable[..., Scaled], slope: Callable[..., Scaled], of: Any
) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """Value and gradient, as ``tf.custom_gradient`` wants them, in z's dtype.

    ``value`` and ``slope`` make f and f′ from ``of(x, y)``, what both need, in float64.
    """
    wide = tf.cast(z, tf.complex128)
    shared = of(tf.math.real(wide), tf.math.imag(wide))

    def grad(upstream):
        u = tf.cast(upstream, tf.complex128)
        product = scaled(tf.math.real(u), tf.math.imag(u)).times(slope(shared).conjugate())
        return tf.cast(product.number(), z.dtype)

    return tf.cast(value(shared).number(), z.dtype), grad
