"""A line on which the slope is another than the partial derivatives make it is a proof."""

import numpy as np
import pytest
import tensorflow as tf
from flint import arb, ctx

from argand.exact.balls import to_signed
from argand.exact.bends.sideways import bent
from argand.frontend.trace import trace_value

A, B = 1.25, -0.5


def told(fn, point, gradient):
    program = trace_value(fn, ["float64"], [(3,)])
    dz = np.array([[arb(g) for g in gradient]], object)
    with ctx.workprec(128):
        balls = to_signed(np.array([point], np.float64))
        return bool(bent(program, [balls], dz, np.zeros_like(dz))[0])


def largest_and_smallest(x):
    return tf.reduce_max(x, -1) + tf.reduce_min(x, -1)


@pytest.mark.parametrize(
    ("fn", "point", "gradient"),
    [
        (largest_and_smallest, (A, A, A), (1, 1, 1)),
        (lambda x: tf.nn.relu(tf.reduce_min(x, -1)), (0, 0, 0), (0, 0, 0)),
        (lambda x: tf.minimum(tf.abs(x[..., 0]), tf.abs(x[..., 1])), (0, 0, A), (0, 0, 0)),
    ],
)
def test_no_derivative(fn, point, gradient):
    assert told(fn, point, gradient)


@pytest.mark.parametrize(
    ("fn", "point", "gradient"),
    [
        (largest_and_smallest, (A, 0.5, B), (1, 0, 1)),
        (lambda x: tf.maximum(x[..., 0], x[..., 1]) + tf.minimum(x[..., 0], x[..., 1]),
         (A, A, B), (1, 1, 0)),
        (lambda x: tf.reduce_prod(x, -1), (0, A, B), (A * B, 0, 0)),
    ],
)  # fmt: skip
def test_a_derivative_is_left_alone(fn, point, gradient):
    assert not told(fn, point, gradient)
