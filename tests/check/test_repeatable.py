"""What is no function of its inputs is refused."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from probing import checked

from argand.subject import TargetError

calls = itertools.count(1)
kept = tf.Variable(0.0, dtype=tf.float64)
rng = np.random.default_rng(0)


@tf.custom_gradient
def noisy_gradient(x, /):
    return x * x, lambda u: u * 2 * x * (1 + rng.uniform())


REFUSED = {
    "counts its calls": lambda x: x * next(calls),
    "NumPy's random numbers": lambda x: x * rng.uniform(),
    "noise in the gradient": noisy_gradient,
    "keeps a sum": lambda x: x + kept.assign_add(1.0),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_differs_from_call_to_call_is_refused(name):
    with pytest.raises(
        TargetError, match=r"two calls of .* the same input|assigns to the variable"
    ) as refusal:
        checked(REFUSED[name])
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: x * tf.random.uniform(tf.shape(x), dtype=x.dtype),
        lambda x: tf.nn.dropout(x, 0.5),
        lambda x: x + tf.random.stateless_normal(tf.shape(x), [1, 2], dtype=x.dtype),
    ],
)
def test_what_draws_random_numbers_is_refused_by_name(fn):
    with pytest.raises(TargetError, match="random numbers"):
        checked(fn)


def test_what_is_nan_twice_is_the_same():
    checked(lambda x: tf.sqrt(x), domain=(-2.0, 2.0))
