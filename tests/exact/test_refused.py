"""What balls cannot follow is refused in one line, which says the reason that holds."""

import numpy as np
import pytest
import tensorflow as tf

import argand
from argand.subject import TargetError

RAW = tf.raw_ops


@pytest.mark.parametrize(
    ("fn", "z", "words"),
    [
        (tf.round, 1.5 + 1j, "Round .* takes real tensors only"),
        (tf.sort, 1.5, "TopKV2 .* has no rule"),  # its indices are integers, its values are not
        (lambda x: tf.cast(tf.cast(x, tf.int32), x.dtype), 1.5, "Cast .* makes an integer"),
        (lambda x: x + RAW.Cumsum(x=tf.constant(1.0, x.dtype), axis=0), 1.5, "it has no axis"),
        (
            lambda x: x + RAW.TanhGrad(y=tf.constant([1.0] * 3, x.dtype), dy=x)[:1],
            1.5,
            r"TanhGrad .* operands of one shape, not of \[1\] and \[3\]",
        ),
        (
            lambda x: RAW.TanhGrad(y=x, dy=tf.cond(x[0] > 0, lambda: x, lambda: x[:0])),
            1.5,
            r"TanhGrad .* operands of one shape, not of \[1\] and \[None\]",
        ),
        (
            lambda x: tf.cond(x[0] > 0, lambda: x[:, None] + [0, 0], lambda: x[:, None]),
            1.5,
            r"the result has the shape \[1, None\]",
        ),
    ],
    ids=["complex", "several", "integer", "number", "shapes", "unknown", "unknown result"],
)
def test_the_reason_is_told(fn, z, words):
    with pytest.raises(TargetError, match=words) as refusal:
        argand.exact(fn, np.array([z]), upstream=1.0)
    assert "\n" not in str(refusal.value)
