"""Folds along axes: their values and Jacobians near TensorFlow's, their corners exact."""

import numpy as np
import pytest
import tensorflow as tf

import argand

X = np.random.default_rng(1).normal(size=(4, 5))
FOLDS = {
    "cumprod": lambda x: tf.math.cumprod(x, axis=1, exclusive=True),
    "cumsum": lambda x: tf.cumsum(x, axis=1, reverse=True),
    "log_softmax": tf.nn.log_softmax,
    "max": lambda x: tf.reduce_max(x, axis=1),
    "mean": lambda x: tf.reduce_mean(x, axis=1, keepdims=True),
    "prod": lambda x: tf.reduce_prod(x, axis=1),
    "softmax": tf.nn.softmax,
    "sum": lambda x: tf.reduce_sum(x * x, axis=1),
}


@pytest.mark.parametrize("name", FOLDS)
def test_value_and_gradient_are_near_tensorflows(name):
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = FOLDS[name](x)
    exact = argand.exact(FOLDS[name], X, upstream=1.0, core=1)
    assert exact.certified.all()
    np.testing.assert_allclose(exact.value, y, rtol=1e-13)
    np.testing.assert_allclose(exact.vjp[0], tape.gradient(y, x), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("fold", "empty"), [(tf.reduce_sum, 0), (tf.reduce_prod, 1)])
def test_of_no_elements_a_fold_gives_its_neutral_element(fold, empty):
    exact = argand.exact(lambda x: fold(x[:, :0], axis=1) + x[:, 0], np.ones((2, 3)), core=1)
    assert exact.value.tolist() == [empty + 1] * 2


def test_the_maximum_of_equals_has_no_derivative():
    exact = argand.exact(lambda x: tf.reduce_max(x, axis=1), np.ones((1, 2)), core=1)
    assert exact.undefined.all()
    assert exact.value.tolist() == [1]
