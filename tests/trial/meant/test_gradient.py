"""The value of one function with the gradient of another, certified."""

import numpy as np
import pytest
import tensorflow as tf

from argand.subject import TargetError
from argand.targets import from_catalogue
from argand.trial.problems import problems


def problem(fn, surrogate, dtype="float64", **options):
    ((made,), _) = problems(fn, [dtype], surrogate=surrogate, **options)
    return made


def test_the_value_is_the_functions_and_the_gradient_the_surrogates():
    made = problem(tf.round, lambda x: x * x)
    x, u = np.array([0.3, 0.5, 2.5, -1.2]), np.array([1.0, 2.0, -1.0, 0.5])
    exact = made.exact([x], u)
    assert exact.certified.all()  # at its jumps round has a value, and x² a derivative
    np.testing.assert_array_equal(exact.value, [0, 0, 2, -1])
    np.testing.assert_array_equal(exact.gradients[0], 2 * x * u)
    assert made.meant.slope is made.meant.program


def test_where_the_surrogate_has_no_derivative_nothing_is_claimed():
    made = problem(tf.sign, tf.nn.relu)
    exact = made.exact([np.array([0.0, 1.0, -1.0])], np.ones(3))
    assert exact.undefined.tolist() == [True, False, False]
    np.testing.assert_array_equal(exact.gradients[0][1:], [1, 0])


def test_where_the_function_has_no_value_nothing_is_claimed():
    made = problem(lambda x: tf.round(x) + tf.math.log(x), tf.identity)
    exact = made.exact([np.array([-1.0, 2.0, 0.0, np.nan])], np.ones(4))
    assert exact.certified.tolist() == [False, True, False, False]


def test_a_backward_is_the_gradient_itself_at_its_kinks_too():
    made = problem(tf.identity, lambda u, x: tf.clip_by_value(u, -1.0, 1.0))
    u = np.array([1.0, -1.0, 0.25, 7.0, -1e300])
    exact = made.exact([np.full(5, 3.0)], u)
    assert exact.certified.all()
    np.testing.assert_array_equal(exact.gradients[0], np.clip(u, -1, 1))
    assert made.meant.slope is None
    assert exact.dz == ()


def test_a_backward_of_several_inputs_may_leave_one_out():
    made = problem(lambda x, y: x + y, lambda u, x, y: (tf.tanh(u), None))
    exact = made.exact([np.ones(2), np.ones(2)], np.array([0.5, -0.5]))
    np.testing.assert_allclose(exact.gradients[0], np.tanh([0.5, -0.5]), rtol=1e-15)
    np.testing.assert_array_equal(exact.gradients[1], [0, 0])


def test_of_complex_numbers_the_surrogate_is_conjugated_as_any_gradient():
    made = problem(tf.identity, lambda z: z * z, "complex128")
    z, u = np.array([1 + 2j]), np.array([3 - 1j])
    np.testing.assert_array_equal(made.exact([z], u).gradients[0], u * np.conj(2 * z))


def test_rows_of_another_length_have_the_surrogate_of_that_length():
    made = problem(tf.identity, lambda u, x: tf.clip_by_norm(u, 1.0, axes=[-1]), core=1)
    longer = made.of_entries(7)
    u = np.full((1, 7), 2.0)
    np.testing.assert_allclose(longer.exact([u], u).gradients[0], u / np.sqrt(28), rtol=1e-15)


def test_a_subject_takes_a_surrogate_too():
    made, _ = problems(from_catalogue("tanh"), ["complex128"], surrogate=tf.identity)
    z = np.array([0.5 + 0.25j])
    for each in made:
        np.testing.assert_array_equal(each.exact([z], z).gradients[0], z)
    with pytest.raises(TargetError, match="takes 3 input"):
        problems(from_catalogue("tanh"), surrogate=lambda a, b, c: a)


def test_a_surrogate_that_stops_a_gradient_means_what_tensorflow_makes_of_it():
    def quantized(x):
        return x + tf.stop_gradient(tf.round(x) - x)

    made = problem(tf.round, quantized)
    exact = made.exact([np.array([0.3, 0.5, 2.5])], np.array([1.0, 2.0, 3.0]))
    assert exact.certified.all()
    np.testing.assert_array_equal(exact.gradients[0], [1, 2, 3])
