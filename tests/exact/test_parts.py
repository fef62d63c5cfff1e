"""Which parts are asked of a Program, with their dtypes and shapes, and how they are rounded."""

import numpy as np
import pytest
import tensorflow as tf
from flint import ctx

from argand.exact.balls import to_balls
from argand.exact.parts import Parts, value_and_derivatives, vector_jacobian
from argand.exact.raw import any_of_sample
from argand.frontend.trace import trace_value
from argand.subject import TargetError


def test_parts_have_the_dtypes_and_shapes_of_inputs_and_result():
    rows = lambda x, z: tf.cast(x, tf.complex64) * z[:, None]  # noqa: E731
    program = trace_value(rows, ["float32", "complex64"], [(3,), ()])
    parts = Parts(program, True, "complex64")
    derivatives = ["complex64", "complex64"]
    assert parts.dtypes == ["complex64", *derivatives * 2, "float32", "complex64"]
    assert parts.shapes == [(3,), *[(3, 3), (3,)] * 2, (3,), ()]
    assert Parts(program, True, "complex128", jacobian=False).shapes == [(3,), (3,), ()]


def test_second_order_adds_three_derivatives_and_two_conditions():
    parts = Parts(trace_value(tf.exp, ["complex128"]), False, "complex64", order=2)
    assert parts.dtypes == ["complex64"] * 6 + ["float32"] * 2
    two = trace_value(lambda a, b: a * b, ["float64"] * 2)
    with pytest.raises(TargetError, match="2 input"):
        Parts(two, False, "float64", order=2)


def test_what_the_plain_pass_cannot_tell_is_odd_and_decided_carefully():
    parts = Parts(trace_value(lambda x: tf.abs(x) + 1, ["float64"]), False, "float64")
    x = np.array([0.0, 2.0])
    with ctx.workprec(128):
        plain = parts.rounded([x], None, careful=False, any_zero=True)
        careful = parts.rounded([x], None, careful=True, any_zero=True)
    assert plain.odd.tolist() == [True, False]
    assert plain.sure.tolist() == [False, True]
    assert careful.undefined.tolist() == [True, False]
    assert careful.values[0].tolist() == [1, 3]


def test_products_are_summed_over_the_core_of_the_value():
    program = trace_value(lambda x: tf.stack([x, 2 * x], axis=1), ["float64"])
    balls = value_and_derivatives(program, [np.array([3.0])], [False])
    (product,) = vector_jacobian(balls, to_balls(np.array([[10.0, 1.0]])), [False])
    assert [float(p) for p in product] == [12.0]


def test_flags_of_a_sample_are_joined():
    flags = np.array([[[True, False]], [[False, False]]])
    assert any_of_sample(flags).tolist() == [True, False]
    assert any_of_sample(np.array([True, False])).tolist() == [True, False]
