"""e^(z − m) along the last axis, m the largest real part, for logsumexp and softmax."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._numerics.exponential import cis, reduced_exp
from argand.catalogue._numerics.scaled import Scaled, scaled
from argand.catalogue._numerics.scaling import halves, two_sum

_LOWEST = -1.7976931348623157e308


class Shifted(NamedTuple):
    """The exponentials e^(z − m) and their sum over the last axis (kept); m is Re z of ``first``,
    and of the sum the ``others`` are what is not first's."""

    terms: Scaled
    total: Scaled
    others: tuple[tf.Tensor, tf.Tensor]
    first: tf.Tensor
    largest: tf.Tensor

    @property
    def ordinary(self) -> bool:
        """Whether nothing needs an exponent: of complex64."""
        return self.terms.n is None

    def of_first(self, x: tf.Tensor) -> tf.Tensor:
        """The entry of ``x`` at first, its axis kept."""
        return tf.reduce_sum(tf.where(self.first, x, tf.zeros_like(x)), -1, keepdims=True)


def shifted(z: tf.Tensor) -> Shifted:
    """Of ``z``, in float64; of complex64 without exponents, for there nothing leaves the range.
    Re z = −inf counts as e^z = 0.

    Re z − m of complex128 is taken in two parts: its rounding would cost |Re z − m| ulp of a small
    term.
    """
    ordinary = z.dtype == tf.complex64
    x, y = (tf.cast(part, tf.float64) for part in (tf.math.real(z), tf.math.imag(z)))
    largest = tf.maximum(tf.stop_gradient(tf.reduce_max(x, -1, keepdims=True)), _LOWEST)
    # Of equal ones the first: balls follow floats to it, but not the integer of an argmax.
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
    far = below < -2900.0
    rest = tf.where(far, tf.zeros_like(x), -minus_rest)
    e, h = reduced_exp(tf.maximum(below, -2900.0), rest)
    return Scaled(e * cos, e * sin, h)
