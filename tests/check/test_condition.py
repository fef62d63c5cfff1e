"""Condition numbers against closed forms, and the words that judge an error by them."""

import math

import numpy as np
import pytest
import tensorflow as tf

from argand.check.condition import condition, words
from argand.trace import trace_value


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
    assert of(lambda x, y: x * y, (1.0, 2.0), by=0) is None


def test_the_words_tell_a_bad_algorithm_from_an_ill_conditioned_point():
    assert "the algorithm loses it" in words(2.0, 1e8, 4)
    assert "ill-conditioned" in words(1e9, 1e8, 4)
    assert "only a part" in words(1e4, 1e12, 4)
    assert "ill-conditioned" not in words(1e9, math.inf, 4)
    assert words(None, 1.0, 4) == ""
