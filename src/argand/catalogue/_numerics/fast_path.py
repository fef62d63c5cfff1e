"""The fast path of a stable variant: one test of the whole tensor chooses the cheap algebra.

A ``stable`` variant uses it so, with ``custom``'s algebra as the plain form:

    @tf.custom_gradient
    def stable(z, /):
        ordinary = within(64.0, z)
        value, exp_z = either(ordinary, lambda: _plain(z), lambda: (_careful(z), z))

        def grad(upstream):
            return either(ordinary & within(2.0**400, upstream), plain form, careful form)

- Within the limits of ``within`` the plain form neither leaves the range in between nor loses
  digits. No test sees what vanishes in between, since zeros are ordinary: multiply by a power of
  two first (``UP``), and divide by it last (``last``).
- Both forms return the same dtypes and shapes. What the plain gradient uses again (an exponential)
  is a second result of the plain form; the careful form returns any tensor of that dtype in its
  place, and its gradient computes what it needs anew. The gradient's ordinary range is inside the
  value's.
- An entry may take the other form when a neighbour changes. Both forms keep the bound of error, but
  their last digits differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf
from tensorflow.python.ops import control_flow_util

UP = 2.0**64  # so many times as large, no product of ordinary numbers vanishes


def within(limit: float, *tensors: tf.Tensor) -> tf.Tensor:
    """Whether the real and the imaginary part of every entry have at most the size ``limit``: one
    boolean.

    NaN is not within it; an empty tensor is. No maximum is taken, for XLA's passes over NaN.
    """
    planes = [
        plane
        for t in tensors
        for plane in ((tf.math.real(t), tf.math.imag(t)) if t.dtype.is_complex else (t,))
    ]
    answers = [tf.reduce_all(tf.abs(p) <= tf.constant(limit, p.dtype)) for p in planes]
    for answer in answers[1:]:
        answers[0] &= answer
    return answers[0]


def beyond(limit: float, z: tf.Tensor) -> tf.Tensor:
    """Whether every entry has a real or imaginary part of at least this size: one boolean."""
    limit = tf.constant(limit, z.dtype.real_dtype)
    parts = [tf.abs(p) >= limit for p in (tf.math.real(z), tf.math.imag(z))]
    return tf.reduce_all(parts[0] | parts[1])


def either(ordinary: tf.Tensor, plain: Callable[[], Any], careful: Callable[[], Any]) -> Any:
    """``plain()`` where all is ``ordinary``, else ``careful()``; only one of them is computed.

    XLA always takes the careful form: it fuses that into one loop, but runs the branches of a
    conditional on one core.
    """
    return careful() if in_xla() else tf.cond(ordinary, plain, careful)


def last(product: tf.Tensor, factor: float) -> tf.Tensor:
    """product·factor, multiplied last.

    In a chain of tf.multiply a graph's optimiser multiplies by the scalars first, and (u·v)·2⁻⁶⁴
    vanishes as (u·2⁻⁶⁴)·v.
    """
    return tf.math.multiply_no_nan(product, tf.constant(factor, product.dtype))


def in_xla() -> bool:
    """Whether XLA compiles what is computed here."""
    return control_flow_util.GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())
