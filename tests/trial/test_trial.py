"""A Problem in batches of one length."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from argand.trial.problems import problems
from argand.trial.trial import Trial


def trial(fn, length, dtype="float64", **options):
    ((problem,), _) = problems(fn, [dtype], **options)
    return Trial(problem, "eager", length, 4.0)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 40), st.integers(4, 16))
def test_any_number_of_points_is_judged_in_their_order(n, length):
    x = np.linspace(0.1, 3, n)
    found = trial(tf.exp, length).at([x], np.ones(n))
    np.testing.assert_array_equal(found["value", -1].exact, trial(tf.exp, n).at([x], np.ones(n))[
        "value", -1
    ].exact)  # fmt: skip
    np.testing.assert_allclose(found["gradient", 0].computed, np.exp(x), rtol=1e-15)


def test_a_batch_is_always_of_one_length():
    lengths = []

    def told(x):
        lengths.append(x.shape[0])
        return x * x

    tried = trial(told, 8)
    lengths.clear()
    tried.at([np.arange(1.0, 20)], np.ones(19))
    assert set(lengths) == {8}


def test_a_round_of_rows_has_fewer_points():
    assert trial(tf.nn.softmax, 1000, core=1).budget < trial(tf.exp, 1000).budget
    assert trial(tf.exp, 7).budget == 7


@pytest.mark.parametrize("length", [4, 8])
def test_what_is_not_as_long_as_its_batch_is_left_as_it_is(length):
    @tf.custom_gradient
    def short(x):
        return x * x, lambda u: (u * 2 * x)[:2]

    found = trial(lambda x: short(x), length).result([np.ones(3)], np.ones(3))
    assert (found.value.shape, found.gradients[0].shape) == ((3,), (2,))
