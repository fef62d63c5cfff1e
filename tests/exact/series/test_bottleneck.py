"""Programs cut at a value, and what is never negative."""

import pytest
import tensorflow as tf

from argand.exact.series.bottleneck import candidates, cut_at, never_negative, shared
from argand.exact.series.reach import reached
from argand.frontend.trace import trace_value


def program(fn, inputs=1):
    return trace_value(fn, ["float64"] * inputs)


def test_behind_a_cut_only_the_value_counts():
    whole = program(lambda x, y: tf.tanh(x - y) / (x - y), 2)
    one = shared(whole)
    first = next(candidates(one))
    assert len(one.operations) == len(whole.operations) - 1
    assert reached(cut_at(one, first))[one.output].ravel().tolist() == [frozenset({2})]
    assert reached(cut_at(whole, next(candidates(whole))))[whole.output].item() == {0, 1, 2}


@pytest.mark.parametrize(
    ("fn", "never"),
    [
        (lambda x: tf.abs(x) + tf.square(x) * 2.0, True),
        (lambda x: x * x, True),
        (lambda x: tf.maximum(x, 0.0), True),
        (lambda x: tf.exp(x) / (1.0 + tf.exp(x)), True),
        (lambda x: tf.reshape(x * x, [-1]), True),
        (lambda x: x * x - 1.0, False),
        (lambda x: x * (x + 1.0), False),
        (lambda x: x**3, False),
        (lambda x: tf.abs(x) + x, False),
        (lambda x: tf.abs(x) * -1.0, False),
    ],
)
def test_what_is_never_negative(fn, never):
    traced = program(fn)
    assert never_negative(traced, traced.output) is never
