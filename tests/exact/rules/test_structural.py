"""Operations that move elements move values and derivatives alike: held against TensorFlow."""

import numpy as np
import pytest
import tensorflow as tf

import argand

X = np.random.default_rng(0).normal(size=(5, 6))
MOVES = {
    "concat": lambda x: tf.concat([x, x[:, :2]], axis=1),
    "gather": lambda x: tf.gather(x, [3, 0, 3], axis=1),
    "pad": lambda x: tf.pad(x, [[0, 0], [1, 2]]),
    "reverse": lambda x: tf.reverse(x, [1]),
    "roll": lambda x: tf.roll(x, 2, axis=1),
    "split": lambda x: tf.split(x, 3, axis=1)[1],
    "stack": lambda x: tf.stack([x, 2 * x], axis=2)[:, :, 1],
    "tile": lambda x: tf.tile(x, [1, 2]),
    "transpose": lambda x: tf.reshape(tf.transpose(tf.reshape(x, [-1, 2, 3]), [0, 2, 1]), [-1, 6]),
}


@pytest.mark.parametrize("name", MOVES)
def test_value_and_jacobian_are_tensorflows(name):
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = MOVES[name](x)
    exact = argand.exact(MOVES[name], X, core=1)
    assert exact.certified.all()
    assert np.array_equal(exact.value, y)
    assert np.array_equal(exact.dz[0], tape.batch_jacobian(y, x))
