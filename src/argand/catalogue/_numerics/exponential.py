"""The two factors of eᶻ: cis(Im z), and e^(Re z) apart from its power of four."""

from __future__ import annotations

import math

import tensorflow as tf

# ln 2 in two parts: the first has 40 bits, so that its product with an integer is exact.
LOG_2 = round(math.log(2) * 2**40) / 2**40, float.fromhex("-0x1.8432a1b0e2634p-43")
_HIGH, _LOW = 2 * LOG_2[0], 2 * LOG_2[1]
FAR = 400.0  # e^±FAR times three float32 is out of float32's range, but not of float64's
FARTHEST = 2900.0  # e^±FARTHEST is out of float64's range, whatever the other factors of a product


def reduced_exp(x: tf.Tensor, small: tf.Tensor | float = 0.0) -> tuple[tf.Tensor, tf.Tensor]:
    """(e, h) with exp(x + small) = e·4ʰ, e about 1/2 to 2 and h whole, for |x| ≤ FARTHEST."""
    h = tf.round(x * (1 / _HIGH))
    return tf.exp((x - h * _HIGH) + (small - h * _LOW)), h


def cis_of_sum(y: tf.Tensor, rest: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(cos, sin) of y + rest, where ``rest`` is the rounding error of ``y``."""
    (cos, sin), (of_rest, sin_rest) = cis(y), cis(rest)
    less = 1 - of_rest
    return cos - (cos * less + sin * sin_rest), sin - (sin * less - cos * sin_rest)


def cis(y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(cos y, sin y), of one complex exponential: XLA evaluates it once, and not for each use."""
    on_circle = tf.exp(tf.complex(tf.zeros_like(y), y))
    return tf.math.real(on_circle), tf.math.imag(on_circle)
