"""Special points: each condition's floats, exactly, and what lies beside them."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from argand.trial.points.special import MOST, MOST_OF_ROWS, special_points
from argand.trial.problems import problems


def points(fn, dtype="float64", domain=None, core=None):
    (problem,), _ = problems(fn, [dtype], domain, None, core)
    return special_points([problem], np.random.default_rng(0))


def exact(fn, *args, **options):
    found = points(fn, *args, **options)
    return found.inputs[0][: found.exact]


@pytest.mark.parametrize(
    ("fn", "expected"),
    [
        (lambda x: tf.nn.relu6(3 * x), {0.0, 2.0}),
        (lambda x: tf.clip_by_value(x, -0.3, 2.7), {-0.3, 2.7}),
        (lambda x: tf.where(tf.equal(x, 0.7), x, tf.sin(x)), {0.7}),
        (lambda x: tf.abs(x * x - 2.25), {-1.5, 1.5}),
        (lambda x: tf.math.log(x - 4), {4.0, 5.0}),
        (lambda x: tf.math.rsqrt(12.25 - x), {12.25}),
        (lambda x: 1 / ((x - 3) * (x + 0.125)), {3.0, -0.125}),
        (lambda x: tf.math.lgamma(x / 2), {-4.0, -2.0, 2.0, 4.0}),
        (lambda x: tf.floor(x) + tf.round(x), {-2.0, 1.0, 2.0, 0.5, 1.5}),
        (lambda x: tf.asin(x / 8), {-8.0, 8.0}),
        (lambda x: tf.pow(x + 2, 1.5), {-2.0, -1.0}),
        (lambda x: tf.nn.elu(x - 9), {9.0}),
        (lambda x: tf.cast(x > 5, x.dtype) * x, {5.0}),
    ],
)
def test_the_float_at_which_it_happens(fn, expected):
    assert set(exact(fn)) >= expected | {0.0, 1.0, -1.0}


def test_the_backward_pass_is_looked_at():
    @tf.custom_gradient
    def square(x):
        return x * x, lambda u: tf.where(x > 1.25, 2 * u * x, 2 * u * x)

    assert 1.25 in exact(lambda x: square(x))


def test_of_an_inexact_place_floats_on_both_sides_that_rounding_does_not_mix_up():
    found = points(lambda x: tf.nn.relu(x * x - 2)).inputs[0]
    beside = found[np.abs(np.abs(found) - np.sqrt(2)) < 1e-3]
    assert beside.size == 4
    assert (np.abs(beside * beside - 2) > 1e-13).all()
    assert np.sqrt(2) not in found


def test_of_an_input_that_is_compared_both_neighbours():
    found = points(lambda x: tf.maximum(x, 0.7), "float32").inputs[0]
    place = np.float32(0.7)
    assert {place, np.nextafter(place, np.float32(0)), np.nextafter(place, np.float32(1))} <= {
        *found
    }


@settings(max_examples=12, deadline=None)
@given(
    st.floats(-40, 40).filter(lambda a: abs(a) > 1e-3),
    st.sampled_from([0.5, 2.0, -4.0, 0.125]),
)
def test_any_bound_of_any_scale_is_found(place, scale):
    fn = lambda x: tf.maximum(scale * x, tf.constant(scale * place, x.dtype))  # noqa: E731
    assert place in exact(fn, domain=(-64, 64))


def test_zeros_have_both_signs_and_domains_their_ends():
    found = exact(tf.sinh, domain=(-0.1, 3), dtype="float32")
    assert {*np.signbit(found[found == 0])} == {True, False}
    assert {np.float32(-0.1), np.float32(3)} <= {*found}


def test_nothing_lies_outside_the_domain():
    found = points(lambda x: tf.nn.relu6(x) + tf.abs(x - 9), domain=(1, 5.5)).inputs[0]
    assert found.min() == 1
    assert found.max() == 5.5


def test_two_inputs_meet_on_their_axes_and_where_they_are_equal():
    found = points(lambda x, y: tf.maximum(x, y))
    x, y = (c[: found.exact] for c in found.inputs)
    assert ((x == y) & (x != 0) & (np.abs(x) != 1)).any()
    assert ((x == 0) & (y == 0)).any()
    assert ((x == 0) & (y != 0)).any()
    assert ((x != 0) & (y == 0)).any()


def test_rows_have_ties_and_zero_entries():
    rows = exact(lambda x: tf.reduce_max(x, -1), domain=(-2, 3))
    ordered = np.sort(rows, axis=-1)
    largest = ordered[:, -1] == ordered[:, -2]
    assert (largest & (ordered[:, 0] < ordered[:, 1])).any()
    assert (ordered[:, 0] == ordered[:, -1]).any()
    assert {0, 1, 2, 3} <= {*(rows == 0).sum(-1)}


def test_complex_zeros_and_cuts_on_the_axes():
    found = exact(lambda z: 1 / (z * z + 1) + tf.math.log(z - 2), "complex128")
    assert {1j, -1j, 2 + 0j, 3 + 0j} <= {*found}
    assert ((found.real < 2) & (found.real != 0) & (found.imag == 0)).any()


@pytest.mark.parametrize(
    ("fn", "core", "most"),
    [
        (lambda x: tf.add_n([tf.abs(x - k / 3) for k in range(60)]), None, MOST),
        (
            lambda x: (
                tf.reduce_sum(tf.add_n([tf.abs(x - k / 3) for k in range(12)]), -1, keepdims=True)
                * x
            ),
            1,
            MOST_OF_ROWS,
        ),
    ],
)
def test_their_number_is_bounded_and_what_is_left_out_is_told(fn, core, most):
    found = points(fn, core=core)
    assert found.count == most
    assert found.left_out > 0
    assert np.unique(found.inputs[0]).size > 20
