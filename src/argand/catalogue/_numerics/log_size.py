"""log|z| in two parts: to full relative accuracy near |z| = 1, and where it cancels later."""

from __future__ import annotations

import math

import tensorflow as tf

from argand.catalogue._numerics.exponential import LOG_2
from argand.catalogue._numerics.scaled import Scaled
from argand.catalogue._numerics.scaling import exact_product, exponent, power, two_sum

_TERMS = 14  # of artanh's series, for |t| ≤ 0.172: the next is below 2⁻⁷³


def log_size(a: Scaled) -> tuple[tf.Tensor, tf.Tensor]:
    """(value, rest) with log|a| = value + rest to some 60 digits, from the ``scaled`` form.

    With |a|² = m·2ʲ in two parts and m in [√½, √2), log m = 2·artanh(t), t = (m − 1)/(m + 1). t
    too is in two parts, and the series' first term apart from the others (Muller, Elementary
    Functions, 2016, ch. 4).
    """
    (xx, e_xx), (yy, e_yy) = exact_product(a.re, a.re), exact_product(a.im, a.im)
    s, minus_e = two_sum(xx, yy)
    j = exponent(s * math.sqrt(2))
    unit = power(-j)
    m, m_rest = s * unit, ((e_xx + e_yy) - minus_e) * unit
    top, minus_top = two_sum(m - 1, m_rest)
    bottom, minus_bottom = two_sum(m, tf.ones_like(m))
    t = top / bottom
    p, e = exact_product(t, bottom)
    t_rest = ((top - p) - e - minus_top - t * (m_rest - minus_bottom)) / bottom
    n = 4 * a.n + j
    value, minus_rest = two_sum(n * (LOG_2[0] / 2), t)
    rest = (n * (LOG_2[1] / 2) + (t_rest + _beyond_t(t))) - minus_rest
    zero = tf.equal(s, 0.0)
    return tf.where(zero, tf.constant(-math.inf, t.dtype), value), tf.where(zero, s, rest)


def log_size_beside_one(beyond: tf.Tensor) -> tf.Tensor:
    """log|a| from ``beyond`` = |a|² − 1 in [−0.29, 0.41]."""
    t = beyond / (2 + beyond)
    return t + _beyond_t(t)


def _beyond_t(t: tf.Tensor) -> tf.Tensor:
    """artanh t − t, for |t| ≤ 0.172."""
    square = t * t
    series = tf.ones_like(t) / (2 * _TERMS + 1)
    for k in range(_TERMS - 1, 0, -1):
        series = series * square + 1 / (2 * k + 1)
    return t * square * series
