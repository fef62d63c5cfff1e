"""What is left of a function without its custom gradients is the plain formula, in every mode."""

import threading

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.ops import custom_gradient

from argand.frontend.runner import Runner
from argand.frontend.stripped import stripped
from argand.frontend.trace import Traced
from argand.subject import MODES

X = np.array([-2.0, -0.5, 0.3, 1.0, 4.0])
U = np.array([1.0, -3.0, 0.5, 2.0, 1.0])


def plain(x):
    return tf.exp(x) * x


@tf.custom_gradient
def own(x):
    """The formula, with a gradient that is none of its."""
    return tf.exp(x) * x, lambda u: 7.0 * u


@tf.custom_gradient
def outer(x):
    return own(x) + 0.0, lambda u: 5.0 * u


@tf.custom_gradient
def positional(x, /):
    return plain(x), lambda u: 7.0 * u


@tf.custom_gradient
def with_keyword(x, scale=1.0):
    return plain(x) * scale, lambda u: 7.0 * u


class Holder:
    def __init__(self):
        self.w = tf.Variable(1.0, dtype=tf.float64)

    @tf.custom_gradient
    def method(self, x):
        return plain(x) * self.w, lambda u, variables: (7.0 * u, [tf.zeros_like(self.w)])

    @tf.function
    def function(self, x):
        return own(x)


class Layer(tf.keras.layers.Layer):
    def call(self, x):
        return own(x)


holder = Holder()
function = tf.function(own)
function(tf.constant(X))  # traced, with its custom gradient
compiled = tf.function(own, jit_compile=True)


def concrete(x):
    return function.get_concrete_function(tf.TensorSpec([5], tf.float64))(x)


def branching(x):
    return tf.cond(tf.reduce_sum(x) > -99.0, lambda: own(x), lambda: x)


def looping(x):
    return tf.while_loop(
        lambda i, v: i < 1, lambda i, v: (i + 1, own(v)), (0, x), maximum_iterations=1
    )[1]


SHAPES = {
    "itself": own,
    "nested": outer,
    "positional": positional,
    "called inside": lambda x: own(x) + 0.0,
    "a method": holder.method,
    "a tf.function": function,
    "a tf.function inside": lambda x: function(x),
    "a tf.function's method": holder.function,
    "a compiled one": compiled,
    "made concrete inside": concrete,
    "around a tf.function": tf.custom_gradient(lambda x: (function(x), lambda u: 7.0 * u)),
    "a layer": Layer(dtype="float64"),
    "recomputed": tf.recompute_grad(lambda x: own(x)),
    "passed through": tf.grad_pass_through(lambda x: own(x)),
    "a branch": branching,
    "a loop": looping,
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_is_that_of_the_plain_formula(shape, mode):
    fn = stripped(SHAPES[shape])
    found, right = (Runner(f, mode)([X], U) for f in (fn, plain))
    np.testing.assert_allclose(found.value, right.value, rtol=1e-15)
    np.testing.assert_allclose(found.gradients[0], right.gradients[0], rtol=1e-15)
    assert fn.taken
    if shape != "passed through":  # and the function itself is as it was
        again = Runner(SHAPES[shape], mode)([X], U).gradients[0]
        assert not np.allclose(again, right.gradients[0])


def test_keywords_are_taken_in_eager_mode():
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = stripped(with_keyword)(x, scale=tf.constant(1.0, tf.float64))
    expected = (X + 1) * np.exp(X)
    np.testing.assert_allclose(tape.gradient(value, x), expected, rtol=1e-15)


def test_a_structure_keeps_its_form():
    @tf.custom_gradient
    def several(x, y):
        return {"a": x * y, "b": (x, 2.0)}, lambda *u: (u[0], u[0])

    found = stripped(several)(tf.constant(3.0), tf.constant(2.0))
    assert found["a"].numpy() == 6.0
    assert found["b"][1].numpy() == 2.0


def test_what_a_function_reads_has_its_gradient():
    with tf.GradientTape() as tape:
        value = stripped(holder.method)(tf.constant(X))
    np.testing.assert_allclose(tape.gradient(value, holder.w), np.sum(X * np.exp(X)), rtol=1e-15)


@pytest.mark.parametrize(
    "fn", [tf.nn.silu, tf.keras.activations.silu, tf.recompute_grad(tf.exp), plain, tf.sin]
)
def test_what_is_tensorflows_own_stays(fn):
    bare = stripped(fn)
    found, right = (Runner(f, "graph")([X], U) for f in (bare, fn))
    np.testing.assert_array_equal(found.gradients[0], right.gradients[0])
    assert not bare.taken


def test_its_program_has_no_custom_gradient():
    traced = Traced(stripped(outer), ("float64",), ((),))
    constants = [np.ravel(c).tolist() for c in traced.backward.constants.values()]
    assert [5.0] not in constants
    assert [7.0] not in constants
    assert [5.0] in [
        np.ravel(c).tolist() for c in Traced(outer, ("float64",), ((),)).backward.constants.values()
    ]


def names():
    return (
        custom_gradient._eager_mode_decorator,
        custom_gradient._graph_mode_decorator,
        type(function).__call__,
        type(function).get_concrete_function,
    )


def test_tensorflow_is_as_it_was_though_the_function_raises():
    before = names()

    @tf.custom_gradient
    def raises(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        stripped(raises)(tf.constant(X))
    assert names() == before
    assert gradient(own)[0] == 7.0


def gradient(fn):
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = fn(x)
    return tape.gradient(value, x).numpy()


def test_another_thread_keeps_its_custom_gradients():
    inside, done = threading.Event(), threading.Event()

    @tf.custom_gradient
    def waits(x):
        inside.set()
        done.wait(10)
        return plain(x), lambda u: 7.0 * u

    found = []
    thread = threading.Thread(target=lambda: found.append(gradient(stripped(waits))))
    thread.start()
    inside.wait(10)
    here, also_here = gradient(own), gradient(stripped(own))
    done.set()
    thread.join()
    np.testing.assert_array_equal(here, np.full(5, 7.0))
    np.testing.assert_array_equal(also_here, gradient(plain))
    np.testing.assert_array_equal(found[0], gradient(plain))
