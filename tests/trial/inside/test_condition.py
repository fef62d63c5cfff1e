"""Condition numbers against closed forms, and the words that judge an error by them."""

import math

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.trace import trace_gradient, trace_value
from argand.trial.inside.condition import condition, words


def of(fn, at, by=-1, dtype="float64"):
    inputs = [np.array([x], dtype) for x in (at if isinstance(at, tuple) else (at,))]
    program = trace_value(fn, [dtype] * len(inputs))
    return condition(program, inputs, np.array([1], dtype), by)


def test_of_values():
    assert of(tf.exp, 700.0) == pytest.approx(700)
    assert of(lambda x: 1 - tf.cos(x), 1e-5) == pytest.approx(2)
    assert of(lambda x, y: x - y, (1.0, 1 - 2.0**-20)) == pytest.approx(2.0**21, rel=1e-5)
    assert of(tf.exp, 3 + 4j, dtype="complex128") == pytest.approx(5)
    assert of(tf.sin, 0.0) == math.inf


def test_of_gradients():
    assert of(tf.exp, 700.0, by=0) == pytest.approx(700)
    assert of(lambda z: z * z, 3 + 4j, by=0, dtype="complex128") == pytest.approx(1)
    assert of(lambda x, y: x * y, (1.0, 2.0), by=0) is None  # without the backward pass


def of_backward(fn, inputs, u, by=0, entry=0):
    dtypes, cores = [x.dtype.name for x in inputs], [x.shape for x in inputs]
    truth, backward = (trace(fn, dtypes, cores) for trace in (trace_value, trace_gradient))
    return condition(truth, [x[None] for x in inputs], np.array([u]), by, entry, backward)


def test_of_gradients_of_several_inputs_and_of_rows_the_upstream_counts_too():
    x, y = np.array(3.0), np.array(5.0)
    assert of_backward(lambda x, y: x * x * y, (x, y), 2.0, by=0) == pytest.approx(3)
    assert of_backward(lambda x, y: x * x * y, (x, y), 2.0, by=1) == pytest.approx(3)
    row = np.array([1.0, 2.0, 4.0])
    squares = of_backward(lambda x: tf.reduce_sum(x * x, -1), (row,), 3.0, entry=1)
    assert squares == pytest.approx(2)


def test_a_gradient_that_vanishes_by_cancellation_is_as_ill_conditioned_as_can_be():
    def shares(x):
        return x / tf.reduce_sum(x, -1, keepdims=True)

    row = np.array([1.0, 2.0, 4.0])
    assert of_backward(shares, (row,), [1.0, 1.0, 1.0]) == math.inf
    # u − Σ u·s = 3/7 of terms 1 and 4/7, over a sum that 7 stands for.
    by_u = (1 + 4 / 7) / (3 / 7)
    assert of_backward(shares, (row,), [0.0, 0.0, 1.0], entry=2) > by_u / 2


def test_the_words_tell_a_bad_algorithm_from_an_ill_conditioned_point():
    assert "the algorithm loses it" in words(2.0, explained=False)
    assert "only a part" in words(1e4, explained=False)
    assert "1e+09: it explains the error" in words(1e9, explained=True)
    assert "Conditioning explains the error" in words(None, explained=True)
    assert words(None, explained=False) == ""
