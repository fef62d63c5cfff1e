"""Choices between equals, and at edges: both sides count."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import argand
from argand.exact.reference import STATES

slopes = st.integers(-3, 3).map(float)


@settings(deadline=None, max_examples=30)
@given(slopes, slopes, st.sampled_from([tf.maximum, tf.minimum]))
def test_the_extremum_of_lines_through_one_point_has_a_derivative_if_they_are_one(a, b, choose):
    exact = argand.exact(lambda x: choose(a * x, b * x), np.zeros(1))
    assert exact.certified[0] == (a == b)
    assert exact.undefined[0] == (a != b)
    assert exact.value[0] == 0
    if a == b:
        assert exact.dz[0][0] == a


@settings(deadline=None, max_examples=30)
@given(slopes, slopes, st.sampled_from([0.0, 1.0]))
def test_a_selection_joins_where_value_and_slope_agree(a, b, gap):
    exact = argand.exact(lambda x: tf.where(x > 0, a * x + gap, b * x), np.zeros(1))
    state = STATES[int(exact.state[0])]
    assert state == ("certified" if gap == 0 and a == b else "undefined")


@pytest.mark.parametrize("gap", [0.0, 1.0])
def test_a_selection_across_a_line_of_the_plane(gap):
    fn = lambda z: tf.where(tf.math.real(z) > 0, z * z + gap, z * z)  # noqa: E731
    exact = argand.exact(fn, np.array([1j]))
    assert exact.certified[0] == (gap == 0)


def test_where_the_sides_of_an_edge_are_not_known_nothing_is_claimed():
    exact = argand.exact(lambda x: tf.where(x * tf.sin(1 / x) >= 0, x, -x), np.ones(1) / np.pi)
    assert not exact.undefined.any()
    exact = argand.exact(lambda x, y: tf.where(x * y >= 0, x, -x), np.zeros(1), np.zeros(1))
    assert exact.undecided.all()
