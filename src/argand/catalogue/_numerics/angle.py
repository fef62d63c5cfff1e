"""arg z in two parts, for where its error would be multiplied."""

from __future__ import annotations

import math

import tensorflow as tf

from argand.catalogue._numerics.scaled import Scaled, negative
from argand.catalogue._numerics.scaling import exact_product, two_sum

_TERMS = 9  # of the arctangent's series, for |t| ≤ 1/8: the next is below 2⁻⁶³
# arctan of 0, 1/4, 1/2, 3/4 and 1, in two parts
_ARCTAN = (
    (0.0, 0.0),
    (float.fromhex("0x1.f5b75f92c80ddp-3"), float.fromhex("0x1.8ab6e3cf7afbdp-57")),
    (float.fromhex("0x1.dac670561bb4fp-2"), float.fromhex("0x1.a2b7f222f65e2p-56")),
    (float.fromhex("0x1.4978fa3269ee1p-1"), float.fromhex("0x1.2419a87f2a458p-56")),
    (math.pi / 4, float.fromhex("0x1.1a62633145c07p-55")),
)


def angle(a: Scaled, im: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(value, rest) with arg a = value + rest to some 60 bits, from the ``scaled`` form.

    ``im`` has the sign of the imaginary part, that of a zero included. Let p ≥ q be the sizes of
    the parts, and c the number next to q/p among 0, 1/4, 1/2, 3/4 and 1. The angle from the nearer
    axis is arctan c + arctan t, where t = (q − c·p)/(p + c·q) is in two parts.
    """
    left, below = a.re < 0, negative(im)
    x, y = tf.where(left, -a.re, a.re), tf.where(below, -a.im, a.im)
    steep = y > x
    p, q = tf.where(steep, y, x), tf.where(steep, x, y)
    p = tf.where(tf.equal(p, 0.0), tf.ones_like(p), p)
    c = tf.stop_gradient(0.25 * tf.round(4 * q / p))
    (cp, e_cp), (cq, e_cq) = exact_product(p, c), exact_product(q, c)
    top, minus_top = two_sum(q, -cp)
    bottom, minus_bottom = two_sum(p, cq)
    t = top / bottom
    tb, e_tb = exact_product(t, bottom)
    rest = ((top - tb) - e_tb - minus_top - e_cp - t * (e_cq - minus_bottom)) / bottom
    high, low = (_chosen(c, [pair[i] for pair in _ARCTAN]) for i in (0, 1))
    value, rest = _sum(high, t, low + (rest + _beyond_t(t)))
    quarter, half = (2 * pair for pair in _ARCTAN[4]), (4 * pair for pair in _ARCTAN[4])
    value, rest = _from(steep, value, rest, *quarter)
    value, rest = _from(left, value, rest, *half)
    return tf.where(below, -value, value), tf.where(below, -rest, rest)


def _chosen(c, values):
    chosen = tf.fill(tf.shape(c), tf.constant(values[0], c.dtype))
    for k in (1, 2, 3, 4):
        chosen = tf.where(tf.equal(c, k / 4), tf.constant(values[k], c.dtype), chosen)
    return chosen


def _sum(a, b, rest):
    value, minus_rest = two_sum(a, b)
    return value, rest - minus_rest


def _from(there, value, rest, high, low):
    """The angle value + rest; ``there``, the constant high + low less the angle."""
    other, other_rest = _sum(tf.constant(high, value.dtype), -value, low - rest)
    return tf.where(there, other, value), tf.where(there, other_rest, rest)


def _beyond_t(t):
    """arctan t − t, for |t| ≤ 1/8."""
    square = t * t
    series = tf.ones_like(t) / (2 * _TERMS + 1)
    for k in range(_TERMS - 1, 0, -1):
        series = 1 / (2 * k + 1) - series * square
    return -t * square * series
