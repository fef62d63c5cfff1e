"""Partial derivatives that are no derivative are told from those that are."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.trace import trace_value
from argand.trial.inside.directions import bent

A, B = 1.25, -0.5


def told(fn, point, gradient, upstream=1.0):
    program = trace_value(fn, ["float64"], [(3,)])
    rows = [np.array([x], np.float64) for x in (point, gradient)]
    return bool(bent(program, rows[:1], np.array([upstream]), rows[1:])[0])


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
def test_partial_derivatives_of_a_function_that_is_bent_otherwise(fn, point, gradient):
    assert told(fn, point, gradient)


@pytest.mark.parametrize(
    ("fn", "point", "gradient"),
    [
        (largest_and_smallest, (A, 0.5, B), (1, 0, 1)),
        (lambda x: tf.maximum(x[..., 0], x[..., 1]) + tf.minimum(x[..., 0], x[..., 1]),
         (A, A, B), (1, 1, 0)),
        (lambda x: tf.reduce_sum(x * tf.abs(x), -1), (0, A, 0), (0, 2 * A, 0)),
        (lambda x: tf.reduce_prod(x, -1), (0, A, B), (A * B, 0, 0)),
    ],
)  # fmt: skip
def test_a_derivative_is_left_alone(fn, point, gradient):
    assert not told(fn, point, gradient)
