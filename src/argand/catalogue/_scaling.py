"""Exact scaling by powers of two, from operations on a float's bits, for float64.

Every step is exact or the last one: a product of mantissas is formed in range, and only the
scaling that ends a computation overflows or vanishes. TensorFlow reads subnormals as zero.
"""

from __future__ import annotations

import tensorflow as tf

_DIGITS, _BIAS = 52, 1023
# Two steps of 2^±1020 stay in range and cover every product of three floats.
_STEP = 1020.0
# Added to a small integer n, it leaves n + 1023, a float's exponent field, in the lowest bits.
_TO_FIELD = 1.5 * 2.0**_DIGITS + _BIAS

SUBNORMAL_LIMIT = (
    "A subnormal input (below 2.2e-308; float32: 1.2e-38) counts as zero, for TensorFlow's "
    "kernels read it so (its threads set the processor's denormals-are-zero flag)"
)


def power(n: tf.Tensor) -> tf.Tensor:
    """2ⁿ for whole n in −1022 … 1023."""
    field = tf.bitcast(n + _TO_FIELD, tf.int64)
    return tf.bitcast(tf.bitwise.left_shift(field, _DIGITS), tf.float64)


def halves(n: tf.Tensor) -> tf.Tensor:
    """2ⁿ for whole n clipped to ±1020: a result takes it twice, so as to be scaled by 4ⁿ."""
    return power(tf.clip_by_value(n, -_STEP, _STEP))


def quartered(size: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(4⁻ⁿ, n) with size·4⁻ⁿ in [2, 8), for size ≥ 0; n = −511 at zero."""
    bits = tf.bitwise.right_shift(tf.bitcast(size, tf.int64), _DIGITS + 1)
    n = tf.cast(bits, tf.float64) - 512.0
    n = tf.maximum(n, -511.0)
    return power(-2.0 * n), n


def mantissa(a: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(m, n) with a = m·2ⁿ, n whole, and |m| in [2, 4) or m = 0."""
    field = tf.bitwise.right_shift(tf.bitcast(tf.abs(a), tf.int64), _DIGITS)
    n = tf.maximum(tf.cast(field, tf.float64), 1.0) - (_BIAS + 1)
    return a * power(-n), n


def two_product(a: tf.Tensor, b: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(p, e) with p = fl(a·b) and p + e = a·b exactly, for mantissas (Dekker 1971).

    Three rewrites would undo it. XLA fuses a·b − c into one rounding: so the split rounds to
    26 bits where Veltkamp's subtracts, and p is fixed. Grappler reorders a sum of more than two
    terms: so only differences are chained.
    """
    p = _fixed(a * b)
    (a_high, minus_a_low), (b_high, minus_b_low) = _split(a), _split(b)
    high = (a_high * b_high - p) - a_high * minus_b_low - minus_a_low * b_high
    return p, high + minus_a_low * minus_b_low


def _fixed(a: tf.Tensor) -> tf.Tensor:
    """``a``, of at most 32, rounded here: a maximum that no rewrite sees through."""
    return tf.maximum(a, tf.constant(-64.0, a.dtype))


def _split(m: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(high, −low) with m = high + low, each of at most 26 bits, for |m| in [2, 4)."""
    high = tf.round(m * 2.0**24) * 2.0**-24
    return high, high - m


Scaled = tuple[tf.Tensor, tf.Tensor, tf.Tensor]  # (p, e, n): (p + e)·2ⁿ


def product(a: tuple[tf.Tensor, tf.Tensor], b: tuple[tf.Tensor, tf.Tensor]) -> Scaled:
    """The exact product of two floats, each given as ``mantissa`` gives it."""
    p, e = two_product(a[0], b[0])
    return p, e, a[1] + b[1]


def sum_of(a: Scaled, b: Scaled) -> tf.Tensor:
    """The sum of two exact products, within one ulp whatever cancels."""
    # A zero has no exponent: it must not push the other term out of range.
    nowhere = tf.constant(-5000.0, tf.float64)
    n_a, n_b = (tf.where(tf.equal(p, 0.0), nowhere, n) for p, _, n in (a, b))
    n = tf.maximum(n_a, n_b)
    to_a, to_b = (power(tf.maximum(m - n, -200.0)) for m in (n_a, n_b))
    error, minus_error = _two_sum(a[1] * to_a, b[1] * to_b)
    total = (_fixed(a[0] * to_a + b[0] * to_b) + error) - minus_error
    n = tf.clip_by_value(n, -2 * _STEP, 2 * _STEP)
    half = tf.round(0.5 * n)
    return total * power(half) * power(n - half)


def _two_sum(a: tf.Tensor, b: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """fl(a + b) and the opposite of its rounding error (Knuth 1969)."""
    s = a + b
    of_b = s - a
    return s, ((s - of_b) - a) - (b - of_b)
