"""eˣ and eˣ − 1 from one polynomial, within about 0.7 ulp: TensorFlow's are off by 2 and 4."""

from __future__ import annotations

import math
from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._numerics.exponential import LOG_2
from argand.catalogue._numerics.scaling import power

_HIGH, _LOW = LOG_2
_DEGREE = 14  # of the polynomial


class Exponential(NamedTuple):
    """eˣ = (1 + m)·2ᵏ with |m| < 0.42 and k whole."""

    m: tf.Tensor
    k: tf.Tensor

    def scaled(self) -> tuple[tf.Tensor, tf.Tensor]:
        """(e, n) with eˣ = e·4ⁿ, n whole, e in [1.4, 5.7]: e times a normal number is one."""
        n = tf.floor(0.5 * (self.k - 1.0))
        return (1.0 + self.m) * power(self.k - 2.0 * n), n

    def minus_one(self) -> tf.Tensor:
        """eˣ − 1, for x ≤ 700."""
        two = power(tf.maximum(self.k, -1000.0))
        return (two - 1.0) + two * self.m


def exponential(x: tf.Tensor, small: tf.Tensor | float = 0.0) -> Exponential:
    """e^(x + small) for |x| ≤ FARTHEST, by its Taylor polynomial within ±ln(2)/2."""
    k = tf.round(x * (1 / _HIGH))
    r = (x - k * _HIGH) + (small - k * _LOW)
    tail = tf.ones_like(r) / math.factorial(_DEGREE)
    for i in range(_DEGREE - 1, 1, -1):
        tail = tail * r + 1 / math.factorial(i)
    return Exponential(r + r * r * tail, k)
