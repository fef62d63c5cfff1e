"""eᶻ in two factors, for stable variants: cis(Im z), and e^(Re z) apart from its power of two."""

from __future__ import annotations

import math

import tensorflow as tf

# 2·ln 2 in two parts: the first has 40 bits, so that its product with an integer is exact.
TWICE_LOG_2 = 2 * round(math.log(2) * 2**40) / 2**40, float.fromhex("-0x1.8432a1b0e2634p-42")
_HIGH, _LOW = TWICE_LOG_2
FAR = 400.0  # the product of e^±FAR and three float32 is out of float32's range, not of float64's


def reduced_exp(x: tf.Tensor, small: tf.Tensor | float = 0.0) -> tuple[tf.Tensor, tf.Tensor]:
    """(e, h) with exp(x + small) = e·4ʰ, e about 1/2 to 2 and h whole, for |x| ≤ 2900."""
    h = tf.round(x * (1 / _HIGH))
    return tf.exp((x - h * _HIGH) + (small - h * _LOW)), h


def cis_of_sum(y: tf.Tensor, rest: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(cos, sin) of y + rest, where rest is what rounding left of y."""
    (cos, sin), (of_rest, sin_rest) = cis(y), cis(rest)
    less = 1 - of_rest
    return cos - (cos * less + sin * sin_rest), sin - (sin * less - cos * sin_rest)


def cis(y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(cos y, sin y); as one complex exponential, which XLA evaluates once and not per use."""
    on_circle = tf.exp(tf.complex(tf.zeros_like(y), y))
    return tf.math.real(on_circle), tf.math.imag(on_circle)
