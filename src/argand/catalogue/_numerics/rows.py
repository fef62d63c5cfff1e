"""e^(z − m) along the last axis, m the largest real part, for logsumexp and softmax."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._numerics.exponential import FARTHEST, cis, reduced_exp
from argand.catalogue._numerics.scaled import Scaled, scaled
from argand.catalogue._numerics.scaling import halves, two_sum

_LOWEST = -1.7976931348623157e308


class Shifted(NamedTuple):
    """The exponentials e^(z − m), and their sum over the last axis, which is kept."""

    terms: Scaled
    total: Scaled
    others: tuple[tf.Tensor, tf.Tensor]  # the parts of the sum without the term at ``first``
    first: tf.Tensor  # true at the first entry with the largest real part
    largest: tf.Tensor  # m

    @property
    def ordinary(self) -> bool:
        """Whether no term needs an exponent, as of complex64."""
        return self.terms.n is None

    def of_first(self, x: tf.Tensor) -> tf.Tensor:
        """The entry of ``x`` at ``first``; the last axis is kept, with length 1."""
        return tf.reduce_sum(tf.where(self.first, x, tf.zeros_like(x)), -1, keepdims=True)


def shifted(z: tf.Tensor) -> Shifted:
    """The exponentials for ``z``, in float64. Re z = −inf counts as e^z = 0.

    Of complex64 nothing leaves the range, and they have no exponents. Of complex128 Re z − m is
    taken in two parts: its rounding would cost |Re z − m| ulp of a small term.
    """
    ordinary = z.dtype == tf.complex64
    x, y = (tf.cast(part, tf.float64) for part in (tf.math.real(z), tf.math.imag(z)))
    largest = tf.maximum(tf.stop_gradient(tf.reduce_max(x, -1, keepdims=True)), _LOWEST)
    # The first of equal ones. Not argmax: ball arithmetic follows floats, and no integers.
    equal = tf.cast(tf.equal(x, tf.reduce_max(x, -1, keepdims=True)), x.dtype)
    first = tf.equal(equal * tf.cumsum(equal, -1), 1.0)
    cos, sin = cis(y)
    if ordinary:
        e = tf.exp(x - largest)
        terms = Scaled(e * cos, e * sin)
        parts = [terms.re, terms.im]
    else:
        terms = _scaled(x, largest, cos, sin)
        half = halves(terms.n)
        parts = [part * half * half for part in (terms.re, terms.im)]
    re, im = (tf.reduce_sum(tf.where(first, tf.zeros_like(p), p), -1, keepdims=True) for p in parts)
    one = [tf.reduce_sum(tf.where(first, p, tf.zeros_like(p)), -1, keepdims=True) for p in parts]
    total = scaled(one[0] + re, one[1] + im, ordinary)
    return Shifted(terms, total, (re, im), first, largest)


def _scaled(x, largest, cos, sin):
    below, minus_rest = two_sum(x, -largest)
    far = below < -FARTHEST
    rest = tf.where(far, tf.zeros_like(x), -minus_rest)
    e, h = reduced_exp(tf.maximum(below, -FARTHEST), rest)
    return Scaled(e * cos, e * sin, h)
