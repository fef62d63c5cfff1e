"""Exact scaling of float64 by powers of two, by operations on a float's bits.

Mantissas are multiplied in range, and each step is exact but the last: only the scaling that ends
a computation overflows or vanishes. TensorFlow reads subnormals as zero.
"""

from __future__ import annotations

from typing import NamedTuple

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


def exponent(x: tf.Tensor) -> tf.Tensor:
    """n with |x|·2⁻ⁿ in [1, 2); −1023 at zero."""
    field = tf.bitwise.right_shift(tf.bitcast(tf.abs(x), tf.int64), _DIGITS)
    return tf.cast(field, tf.float64) - _BIAS


def halves(n: tf.Tensor) -> tf.Tensor:
    """2ⁿ for whole n, clipped to ±1020. A result is multiplied by it twice, and so by 4ⁿ."""
    return power(tf.clip_by_value(n, -_STEP, _STEP))


def scaled_by(x: tf.Tensor, n: tf.Tensor) -> tf.Tensor:
    """x·2ⁿ for whole n, clipped to ±2040; nothing but the result leaves the range."""
    n = tf.clip_by_value(n, -2 * _STEP, 2 * _STEP)
    half = tf.round(0.5 * n)
    return x * power(half) * power(n - half)


def quartered(size: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(4⁻ⁿ, n) with size·4⁻ⁿ in [2, 8), for size ≥ 0; n = −511 at zero."""
    bits = tf.bitwise.right_shift(tf.bitcast(size, tf.int64), _DIGITS + 1)
    n = tf.cast(bits, tf.float64) - 512.0
    n = tf.maximum(n, -511.0)
    return power(-2.0 * n), n


class SplitFloat(NamedTuple):
    """The float (high − minus_low)·2ⁿ, n whole: products of such halves are exact."""

    mantissa: tf.Tensor  # its size in [2, 4), or 0
    high: tf.Tensor
    minus_low: tf.Tensor
    n: tf.Tensor


def parts(a: tf.Tensor) -> SplitFloat:
    """``a`` in halves of at most 26 bits (Dekker 1971)."""
    field = tf.bitwise.right_shift(tf.bitcast(tf.abs(a), tf.int64), _DIGITS)
    n = tf.maximum(tf.cast(field, tf.float64), 1.0) - (_BIAS + 1)
    n = tf.where(tf.equal(a, 0.0), tf.zeros_like(n), n)  # else the slope there would overflow
    m = a * power(-n)
    # Rounded, where Veltkamp's split subtracts: XLA fuses a·b − c into one rounding.
    high = tf.round(m * 2.0**24) * 2.0**-24
    return SplitFloat(m, high, high - m, n)


class Term(NamedTuple):
    """The number (value + error)·2ⁿ."""

    value: tf.Tensor
    error: tf.Tensor
    n: tf.Tensor

    def times(self, a: tf.Tensor, n: tf.Tensor) -> Term:
        """Its product with a·2ⁿ, rounded."""
        return Term(self.value * a, self.error * a, self.n + n)


def product(a: SplitFloat, b: SplitFloat) -> Term:
    """a·b exactly; its value is the rounded product of the mantissas (Dekker 1971).

    Only differences are chained, for Grappler reorders a sum of more than two terms.
    """
    p = _rounded(a.mantissa * b.mantissa)
    high = (a.high * b.high - p) - a.high * b.minus_low - a.minus_low * b.high
    return Term(p, high + a.minus_low * b.minus_low, a.n + b.n)


def term(value: tf.Tensor, n: tf.Tensor) -> Term:
    """value·2ⁿ, its size in [2, 4) or 0."""
    a = parts(value)
    return Term(a.mantissa, tf.zeros_like(value), a.n + n)


def minus(a: SplitFloat) -> Term:
    """−a."""
    return Term(-a.mantissa, tf.zeros_like(a.mantissa), a.n)


def sum_of(a: Term, b: Term) -> tf.Tensor:
    """a + b within one ulp, whatever cancels."""
    return scaled_by(*apart(a, b))


def apart(a: Term, b: Term) -> tuple[tf.Tensor, tf.Tensor]:
    """(v, n) with a + b = v·2ⁿ, within one ulp."""
    # A zero has no exponent: it must not push the other term out of range.
    nowhere = tf.constant(-5000.0, tf.float64)
    n_a, n_b = (tf.where(tf.equal(t.value, 0.0), nowhere, t.n) for t in (a, b))
    n = tf.maximum(n_a, n_b)
    to_a, to_b = (power(tf.maximum(m - n, -200.0)) for m in (n_a, n_b))
    error, minus_error = two_sum(a.error * to_a, b.error * to_b)
    return (_rounded(a.value * to_a + b.value * to_b) + error) - minus_error, n


def two_sum(a: tf.Tensor, b: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """fl(a + b) and the opposite of its rounding error (Knuth 1969)."""
    s = a + b
    of_b = s - a
    return s, ((s - of_b) - a) - (b - of_b)


def _rounded(a: tf.Tensor) -> tf.Tensor:
    """``a``, of size at most 32, rounded here: the maximum changes nothing, but no compiler fuses
    or reorders operations through it."""
    return tf.maximum(a, tf.constant(-64.0, a.dtype))


def exact_product(a: tf.Tensor, b: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """fl(a·b) and its rounding error, of numbers whose product is far from the range's ends."""
    t = product(parts(a), parts(b))
    return scaled_by(t.value, t.n), scaled_by(t.error, t.n)
