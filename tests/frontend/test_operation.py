"""One of TensorFlow's operations, run alone, gives what it gives in a function."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from argand.frontend.operation import run_operation
from argand.frontend.trace import trace_value
from argand.program import Operation
from argand.subject import TargetError


def alone(type_, inputs, outputs=1, **attributes):
    """The outputs of an operation of ``type_``."""
    places = tuple(range(len(inputs)))
    out = tuple(range(len(inputs), len(inputs) + outputs))
    return run_operation(Operation(type_, "op", places, out, attributes, "mine.py:1"), inputs)


@given(
    arrays.arrays(np.int64, arrays.array_shapes(max_dims=3, max_side=4)).flatmap(
        lambda x: st.tuples(st.just(x), st.permutations(range(x.ndim)))
    )
)
def test_integers_are_permuted_as_numpy_does(drawn):
    x, axes = drawn
    (got,) = alone("Transpose", [x, np.array(axes, np.int32)])
    assert np.array_equal(got, x.transpose(axes))


def test_the_dtypes_are_those_of_the_inputs_not_of_the_trace():
    (add,) = trace_value(lambda x: x + x, ["float64"]).operations
    (got,) = run_operation(add, [np.ones(2, np.float32)] * 2)
    assert got.dtype == np.float32


def test_a_list_of_inputs_and_several_outputs():
    rows = [np.array([1, 2]), np.array([3, 4])]
    (packed,) = alone("Pack", rows, N=2, axis=0)
    assert packed.tolist() == [[1, 2], [3, 4]]
    parts = alone("Unpack", [packed], 2, num=2, axis=1)
    assert [p.tolist() for p in parts] == [[1, 3], [2, 4]]


def test_a_dtype_among_the_attributes():
    (got,) = alone("Cast", [np.array([1.5])], SrcT=tf.float64, DstT=tf.int32)
    assert (got.dtype, got.tolist()) == (np.int32, [1])


def test_what_tensorflow_refuses_is_one_line_with_the_users_line():
    with pytest.raises(TargetError, match=r"operation Reshape \(op, mine.py:1\) fails") as refusal:
        alone("Reshape", [np.arange(6), np.array([4], np.int32)])
    assert "\n" not in str(refusal.value)
