"""Which formulas become one operation, and that the others stay."""

import numpy as np
import pytest
import tensorflow as tf

from argand.exact.rewrite import rewritten
from argand.frontend.trace import trace_value


def types(fn, dtype="float64", cores=None):
    return [op.type for op in rewritten(trace_value(fn, [dtype], cores)).operations]


@pytest.mark.parametrize(
    ("fn", "expected"),
    [
        (lambda x: tf.math.log(1 + x), "LogOnePlus"),
        (lambda x: tf.math.log(x + 1), "LogOnePlus"),
        (lambda x: tf.math.log(1 + tf.exp(x)), "LogOnePlusExp"),
        (lambda x: tf.exp(x) - 1, "ExpMinusOne"),
        (lambda x: 1 / (1 + tf.exp(-x)), "OneOverOnePlusExp"),
        (lambda x: tf.math.reciprocal(tf.exp(-x) + 1), "OneOverOnePlusExp"),
    ],
)
def test_one_operation_takes_the_place_of_the_formula(fn, expected):
    assert types(fn) == [expected]
    assert types(fn, "complex128") == [expected]


def test_the_modulus_of_an_exponential_is_one_operation():
    assert types(lambda z: tf.abs(tf.exp(z)), "complex128") == ["AbsOfExp"]


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: tf.math.log(2 + x),
        lambda x: 1 - tf.exp(x),
        lambda x: tf.exp(x) - 2,
        lambda x: 2 / (1 + tf.exp(-x)),
        lambda x: 1 / (1 + tf.exp(x)),
        lambda x: 1 / x,
    ],
)
def test_other_formulas_stay(fn):
    program = trace_value(fn, ["float64"])
    assert rewritten(program) == program


def test_a_constant_that_broadcasts_stays():
    fn = lambda x: tf.math.log(np.ones((1, 1)) + x)  # noqa: E731
    assert "Log" in types(lambda x: tf.reshape(fn(x), [-1]))


def test_what_else_needs_the_exponential_keeps_it():
    assert types(lambda x: (tf.exp(x) - 1) * tf.exp(x)).count("Exp") >= 1
