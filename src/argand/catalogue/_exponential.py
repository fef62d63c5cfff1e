"""Pieces that stable variants share: eᶻ in factors that stay in range, and exact products."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

# (least exponent that leaves 10 decades above the smallest normal, largest below overflow)
_RANGE = {tf.float32: (-60.0, 80.0), tf.float64: (-600.0, 700.0)}
_SPLITTER = {tf.float32: 2.0**12 + 1, tf.float64: 2.0**27 + 1}
_SPLIT_LIMIT = {tf.float32: 2.0**50, tf.float64: 2.0**500}


class ExpFactors(NamedTuple):
    """eᶻ = cis · shrink · grow · rest, with |cis| = 1, shrink ≤ 1 ≤ grow, all in range.

    ``rest`` is exactly 1 wherever e^(Re z) itself is in range; it saturates at e^±700
    (float32: e^±80), which no finite factor brings back.
    """

    cis: tf.Tensor
    shrink: tf.Tensor
    grow: tf.Tensor
    rest: tf.Tensor


def exp_factors(z: tf.Tensor) -> ExpFactors:
    """The factors of eᶻ. The difference Re z − clip(Re z) is exact (Sterbenz) where it matters."""
    x, y = tf.math.real(z), tf.math.imag(z)
    low, high = _RANGE[x.dtype]
    main = tf.clip_by_value(x, low, high)
    e_main = tf.exp(main)
    rest = tf.exp(tf.clip_by_value(x - main, -high, high))
    return ExpFactors(
        tf.complex(tf.cos(y), tf.sin(y)), tf.minimum(e_main, 1.0), tf.maximum(e_main, 1.0), rest
    )


def scale(w: tf.Tensor, *factors: tf.Tensor | float) -> tf.Tensor:
    """w times real factors, left to right, part by part: never inf − inf."""
    re, im = tf.math.real(w), tf.math.imag(w)
    for factor in factors:
        re, im = re * factor, im * factor
    return tf.complex(re, im)


def quartered(z: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(z/4, 4) where |z| > 1, else (z, 1): a product with |cis| ≤ 1 then cannot overflow."""
    x, y = tf.math.real(z), tf.math.imag(z)
    large = tf.maximum(tf.abs(x), tf.abs(y)) > 1.0
    factor = tf.where(large, tf.constant(0.25, x.dtype), tf.constant(1.0, x.dtype))
    return tf.complex(x * factor, y * factor), 1.0 / factor


def two_product(a: tf.Tensor, b: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(p, e) with p = fl(a·b) and p + e = a·b exactly (Dekker 1971, Veltkamp's splitting).

    Where a factor is too large to split (beyond 2⁵⁰⁰, float32: 2⁵⁰), e is 0.
    """
    p = a * b
    limit = tf.constant(_SPLIT_LIMIT[a.dtype], a.dtype)
    fits = (tf.abs(a) < limit) & (tf.abs(b) < limit)
    one = tf.ones_like(p)
    a_high, a_low = _split(tf.where(fits, a, one))
    b_high, b_low = _split(tf.where(fits, b, one))
    low = ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low
    return p, tf.where(fits, low, tf.zeros_like(p))


def _split(a: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    c = tf.constant(_SPLITTER[a.dtype], a.dtype) * a
    high = c - (c - a)
    return high, a - high
