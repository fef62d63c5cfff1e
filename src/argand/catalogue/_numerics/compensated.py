"""Sums of two products within one or two ulp, whatever cancels, where nothing leaves the range.

They are not for XLA, which fuses a·b − c into one rounding and so breaks the splitting: there
``scaling`` has them. Only differences are chained, for Grappler reorders a sum of more than two
terms.
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

_SPLITTER = 2.0**27 + 1


class Split(NamedTuple):
    """A float64 and its halves, of at most 26 bits: their products are exact."""

    whole: tf.Tensor
    high: tf.Tensor
    low: tf.Tensor


def split(a: tf.Tensor) -> Split:
    """``a`` in halves (Veltkamp 1968)."""
    large = a * _SPLITTER
    high = large - (large - a)
    return Split(a, high, a - high)


def difference(a: Split, b: Split, c: tf.Tensor) -> tf.Tensor:
    """a·b − c."""
    product, minus_error = _product(a, b)
    return (product - c) - minus_error


def sum_of_two(a: Split, b: Split, c: Split, d: Split) -> tf.Tensor:
    """a·b + c·d."""
    first, minus_first = _product(a, b)
    second, minus_second = _product(c, d)
    minus_error = minus_first + minus_second
    of_second = minus_error - minus_first
    lost = (minus_first - (minus_error - of_second)) - (of_second - minus_second)  # Knuth 1969
    return ((first + second) - minus_error) - lost


def _product(a: Split, b: Split) -> tuple[tf.Tensor, tf.Tensor]:
    """fl(a·b), and what it is too large by (Dekker 1971)."""
    p = a.whole * b.whole
    return p, (((p - a.high * b.high) - a.high * b.low) - a.low * b.high) - a.low * b.low
