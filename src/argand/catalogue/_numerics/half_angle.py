"""cosh and sinh of z/2 for complex64, in complex128 to the digits of complex64.

As in _folded.py no part cancels, so that cosine and sine of Im z/2 may be float32's, which
TensorFlow vectorises; of complex128's 1 + eᶻ nothing would be left beside a pole. With
t = e^(−|x|), c and s the cosine and the sine of y/2 and ± the sign of x,
    C = 2e^(−|x|/2)·cosh(z/2) = c·(1 + t) ± i·s·(1 − t),
    S = 2e^(−|x|/2)·sinh(z/2) = ±c·(1 − t) + i·s·(1 + t).
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._numerics.exponential import FAR, cis


class HalfAngle(NamedTuple):
    """The pieces of cosh(z/2) and sinh(z/2)."""

    x: tf.Tensor  # within ±FAR
    distance: tf.Tensor  # its size
    half_y: tf.Tensor
    t: tf.Tensor
    cos: tf.Tensor
    sin: tf.Tensor

    def cosh(self) -> tf.Tensor:
        """C."""
        im = self.sin - self.t * self.sin
        return tf.complex(self.cos + self.t * self.cos, tf.where(self.x < 0, -im, im))

    def sinh(self) -> tf.Tensor:
        """S, to its digits also where z is tiny."""
        re = self.cos * tf.math.expm1(-self.distance)
        # Of half of the smallest y float32's sine would be 0.
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
