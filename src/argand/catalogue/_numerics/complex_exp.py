"""eᶻ and eᶻ − 1 of complex z, each apart from its power of four."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._numerics.exponential import FAR, FARTHEST, cis
from argand.catalogue._numerics.real_exp import exponential
from argand.catalogue._numerics.scaled import Scaled

NO_EXPM1_ON_A_GPU = (
    "In a graph on a GPU it raises NotFoundError: TensorFlow's optimiser makes Expm1 of eᶻ − 1, "
    "which has no complex kernel there."
)
_LARGE = 40.0  # beyond, the 1 of eᶻ − 1 is less than a sixteenth of an ulp


class Exp(NamedTuple):
    """eᶻ and the pieces of eᶻ − 1; of an ordinary z without an exponent."""

    whole: Scaled
    less_one: tf.Tensor  # eˣ − 1, for x ≤ 40
    far: tf.Tensor  # x > 40
    sin_half: tf.Tensor  # sin(y/2)
    cos: tf.Tensor
    sin: tf.Tensor

    def minus_one(self) -> Scaled:
        """(eˣ − 1)·cos y − 2sin²(y/2) + i·eˣ·sin y; eᶻ itself far right."""
        re = self.less_one * self.cos - 2.0 * (self.sin_half * self.sin_half)
        if self.whole.n is None:
            return Scaled(re, self.whole.im)
        im = self.sin + self.less_one * self.sin
        n = tf.where(self.far, self.whole.n, tf.zeros_like(self.whole.n))
        return Scaled(
            tf.where(self.far, self.whole.re, re), tf.where(self.far, self.whole.im, im), n
        )


def exp_of(x: tf.Tensor, y: tf.Tensor, ordinary: bool = False) -> Exp:
    """eᶻ at z = x + iy."""
    exp = exponential(tf.clip_by_value(x, -FARTHEST, FARTHEST))
    e, n = (tf.exp(x), None) if ordinary else exp.scaled()
    cos, sin = cis(y)
    near = exp._replace(k=tf.minimum(exp.k, 100.0))
    return Exp(
        Scaled(e * cos, e * sin, n),
        near.minus_one(),
        tf.greater(x, _LARGE),
        tf.sin(0.5 * y),
        cos,
        sin,
    )


def exp_in_planes(z: tf.Tensor) -> Exp:
    """eᶻ to the digits of complex64, for any Im z of complex64; Re z is clipped to ±FAR."""
    x, y = tf.cast(tf.math.real(z), tf.float64), tf.math.imag(z)
    x = tf.clip_by_value(x, -FAR, FAR)
    cos, sin, sin_half = (tf.cast(p, tf.float64) for p in (*cis(y), tf.sin(0.5 * y)))
    e = tf.exp(x)
    return Exp(
        Scaled(e * cos, e * sin), tf.math.expm1(x), tf.greater(x, _LARGE), sin_half, cos, sin
    )


def minus_one_in_double(z: tf.Tensor, e: tf.Tensor) -> tf.Tensor:
    """eᶻ − 1 from e = eᶻ of complex128, with more digits than complex64 has."""
    series = z + z * z * (0.5 + z * (1 / 6))
    # Grappler makes Expm1 of Exp − 1, for which TensorFlow has no complex kernel on a GPU.
    return tf.where(near_zero(z), series, e + (-1.0))


def near_zero(z: tf.Tensor) -> tf.Tensor:
    """Where |z| < 2⁻¹²: three terms of a series are enough for complex64, while eᶻ − 1 has lost
    half of the digits of complex128."""
    return tf.less(tf.square(tf.math.real(z)) + tf.square(tf.math.imag(z)), 2.0**-24)
