"""Samples lie around the points where intermediates cross the ends of the float range."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.trace import trace_gradient, trace_value
from argand.trial.points.crossings import crossing_points
from argand.trial.problems import problems


def points(fn, dtype, domain=None, n=256, trace=trace_value):
    (problem,), _ = problems(fn, [dtype], domain, None)
    program = trace(fn, [dtype], problem.cores)
    (x,) = crossing_points(program, problem, n, np.random.default_rng(0))
    return x


def near(x, place, relative=1e-3):
    return int((np.abs(x / place - 1) < relative).sum())


@pytest.mark.parametrize(
    ("dtype", "top", "bottom"), [("float64", 709.78, -708.4), ("float32", 88.72, -87.34)]
)
def test_both_ends_of_exp(dtype, top, bottom):
    x = points(lambda x: tf.exp(x), dtype)
    assert x.dtype == dtype
    assert near(x, top) > 10
    assert near(x, bottom) > 10


def test_an_inner_square_that_no_result_shows():
    x = points(lambda x: tf.sqrt(tf.sqrt(x * x)), "float64")
    assert near(np.abs(x), np.sqrt(np.finfo(np.float64).max)) > 10
    assert near(np.abs(x), np.sqrt(np.finfo(np.float64).tiny)) > 10


def test_the_plane_is_crossed_beside_the_axes_too():
    z = points(lambda z: tf.exp(z), "complex128")
    found = np.abs(z.real / 709.78 - 1) < 2e-3
    assert found.sum() > 5
    assert np.unique(z.imag[found]).size > 5


def test_the_backward_pass_is_looked_at():
    @tf.custom_gradient
    def plain(x):
        return x + 0.5, lambda u: u * (1 + tf.exp(x) - tf.exp(x))

    assert near(points(lambda x: plain(x), "float64", trace=trace_gradient), 709.78) > 10


def test_samples_stay_within_the_domain():
    x = points(lambda x: tf.exp(x), "float64", domain=[(600.0, 709.9)])
    assert (x >= 600).all()
    assert (x <= 709.9).all()
    assert near(x, 709.78) > 10


def test_nothing_crosses_in_a_small_domain():
    assert points(lambda x: tf.exp(x), "float64", domain=[(-1.0, 1.0)]).size == 0
    assert points(lambda x: x, "float64").size == 0


def test_they_repeat():
    first, second = (points(lambda z: tf.exp(z * z), "complex64") for _ in range(2))
    assert first.tobytes() == second.tobytes()
