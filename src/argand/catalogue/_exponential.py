"""e^x apart from its power of two, for stable variants in float64."""

from __future__ import annotations

import math

import tensorflow as tf

# 2·ln 2 in two parts: the first has 40 bits, so that its product with an integer is exact.
_HIGH = 2 * round(math.log(2) * 2**40) / 2**40
_LOW = float.fromhex("-0x1.8432a1b0e2634p-42")
# Beyond these no two further factors of a product bring e^x back into range.
_LIMIT = 2900.0


def reduced_exp(x: tf.Tensor, small: tf.Tensor | float = 0.0) -> tuple[tf.Tensor, tf.Tensor]:
    """(e, h) with exp(x + small) = e·4ʰ, e about 1/2 to 2 and h whole; x saturates at ±2900."""
    x = tf.clip_by_value(x, -_LIMIT, _LIMIT)
    h = tf.round(x * (1 / _HIGH))
    return tf.exp((x - h * _HIGH) + (small - h * _LOW)), h
