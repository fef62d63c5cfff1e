"""Functions made from a function: its gradient, and its values along lines."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.derived import along, cast_attributes, gradient_of
from argand.frontend.operation import run_operation
from argand.frontend.runner import Runner
from argand.program import Operation
from argand.subject import MODES


@pytest.mark.parametrize("mode", MODES)
def test_the_gradient_is_a_function_with_a_gradient_of_its_own(mode):
    x, u = np.array([1.0, 2.0]), np.array([1.0, 10.0])
    both = Runner(gradient_of(lambda x: x * x * x, u), mode)([x], np.ones(2))
    assert both.value.tolist() == [3.0, 120.0]
    assert both.gradients[0].tolist() == [6.0, 120.0]


def test_a_gradient_that_is_none_is_zero():
    assert gradient_of(tf.round, np.ones(2))(tf.ones(2, tf.float64)).numpy().tolist() == [0, 0]


def test_a_gradient_that_needs_no_input_has_none():
    double = gradient_of(lambda x: 2 * x, np.ones(2))
    assert Runner(double, "eager")([np.ones(2)], np.ones(2)).gradients == (None,)


def test_a_line_starts_from_the_points_and_keeps_each_samples_direction():
    points = [np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1j, 2j])]
    directions = [np.array([[1.0, -1.0], [0.5, 0.0]]), np.array([1.0 + 0j, 2j])]
    line = along(lambda x, z: (x, z), points, directions)
    for t in (1.0, 3.0, -2.0):
        for moved, p, d in zip(line(tf.fill([2], t)), points, directions, strict=True):
            assert np.array_equal(moved, p + (t - 1) * d)


@pytest.mark.parametrize(("source", "target"), [("float32", "complex64"), ("float64", "float64")])
def test_cast_attributes_are_those_of_the_operation(source, target):
    cast = Operation("Cast", "c", (0,), (1,), cast_attributes(source, target), "")
    (got,) = run_operation(cast, [np.array([0.5], source)])
    assert got.dtype == target
    assert got.tolist() == [0.5]
