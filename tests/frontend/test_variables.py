"""The variables that a function reads, and its gradients by them."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.variables import gradients, watched
from argand.subject import MODES


def test_the_tape_sees_trainable_variables_only():
    scale, shift = tf.Variable(2.0), tf.Variable(1.0, trainable=False)
    assert watched(lambda x: scale * x + shift, [np.ones(3, np.float32)]) == (scale,)


def test_a_function_without_variables_has_none():
    assert watched(tf.exp, [np.ones(3, np.float32)]) == ()


@pytest.mark.parametrize("mode", MODES)
def test_each_variable_has_one_gradient_a_sample(mode):
    scale, unused = tf.Variable(2.0), tf.Variable(1.0)
    x, u = np.array([1.0, 2.0, 3.0], np.float32), np.array([1.0, 10.0, 100.0], np.float32)
    by_scale, by_unused = gradients(lambda x: scale * x, mode, (scale, unused), [x], u)
    assert [g.item() for g in by_scale] == [1.0, 20.0, 300.0]
    assert by_unused == [None, None, None]


def test_rows_that_are_looked_up_have_the_gradient_of_the_whole_table():
    table = tf.Variable([1.0, 2.0, 3.0])
    u = np.ones(1, np.float32)
    ((gradient,),) = gradients(lambda x: x * tf.gather(table, [1]), "eager", (table,), [u], u)
    assert gradient.tolist() == [0.0, 1.0, 0.0]


def test_what_the_function_raises_comes_through():
    def refuses(x):
        raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        watched(refuses, [np.ones(1)])
