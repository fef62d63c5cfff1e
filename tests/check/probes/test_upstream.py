"""Gradients that are not real-linear in the upstream, and those that are."""

import pytest
import tensorflow as tf
from probing import checked, found_by, of_kind

import argand
from argand.replay import number
from argand.targets import from_catalogue


def with_gradient(value, gradient):
    @tf.custom_gradient
    def function(x):
        return value(x), lambda u: gradient(u, x)

    return lambda x: function(x)


def square(x):
    return x * x


REAL = {
    "clipped as an optimiser would": lambda u, x: tf.clip_by_value(u, -1.0, 1.0) * 2 * x,
    "sign of the upstream": lambda u, x: tf.sign(u) * 2 * x,
    "weight decay mixed in": lambda u, x: u * 2 * x + 0.01 * x,
    "upstream forgotten": lambda u, x: 2 * x,
    "squared": lambda u, x: u * u * 2 * x,
    "dead for small upstreams": lambda u, x: tf.where(tf.abs(u) < 1e-12, 0.0 * u, u) * 2 * x,
    "saturated": lambda u, x: tf.minimum(u, 1e30) * 2 * x,
}


@pytest.mark.parametrize("name", REAL)
def test_a_gradient_that_is_not_linear_is_proved_so(name):
    report = checked(with_gradient(square, REAL[name]))
    (finding,) = of_kind(report, "upstream")
    assert "not real-linear" in finding.message
    assert finding.computed != finding.exact


COMPLEX = {
    "size ignored": lambda u, z: u / tf.cast(tf.abs(u), u.dtype) * tf.math.conj(2 * z),
    "phase ignored": lambda u, z: tf.cast(tf.abs(u), u.dtype) * tf.math.conj(2 * z),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_size_or_phase_ignored_is_a_wrong_formula_first_and_not_linear_too(name):
    report = checked(with_gradient(square, COMPLEX[name]), "complex128")
    assert report.findings[0].kind == "formula"
    assert "upstream's" in report.findings[0].message
    assert len(of_kind(report, "upstream")) == 1
    assert [p.split(" ")[0] for p in report.grouped("defect")].count("upstream") == 0


def test_the_witness_is_the_exact_gradient_at_that_input_and_upstream():
    report = checked(with_gradient(square, REAL["weight decay mixed in"]))
    (finding,) = of_kind(report, "upstream")
    x, u = float.fromhex(finding.input[0]), number(finding.upstream)
    assert number(finding.exact) == argand.exact(square, x, upstream=u).vjp[0]


LINEAR = {
    "both halves": lambda u, z: u * tf.math.conj(z) + tf.math.conj(u) * z,
    "real part only": lambda u, z: tf.cast(tf.math.real(u), u.dtype) * z,
    "guarded zero": lambda u, z: tf.where(tf.equal(u, 0), tf.zeros_like(u), u * z),
}


@pytest.mark.parametrize("name", LINEAR)
def test_a_wrong_but_linear_gradient_is_a_wrong_formula_alone(name):
    report = checked(with_gradient(square, LINEAR[name]), "complex128")
    assert of_kind(report, "formula")
    assert not of_kind(report, "upstream")


@pytest.mark.parametrize("variant", ["custom", "stable"])
@pytest.mark.parametrize("name", ["exp_squared", "complex_paraboloid", "z_exp_z"])
def test_right_gradients_are_linear(name, variant):
    report = argand.check(from_catalogue(name).variants[variant], modes=["eager"], samples=64)
    assert not of_kind(report, "upstream")


def followed_by_no_ball(u, x):
    return u * tf.math.special.bessel_j0(tf.zeros_like(x))


NOT_FOLLOWED = {
    "squared": lambda u, x: followed_by_no_ball(u, x) * u * 2 * x,
    "clipped": lambda u, x: tf.clip_by_value(followed_by_no_ball(u, x), -1.0, 1.0) * 2 * x,
    "shifted": lambda u, x: followed_by_no_ball(u, x) * 2 * x + 0.01 * x,
}


@pytest.mark.parametrize("name", NOT_FOLLOWED)
def test_a_backward_pass_that_balls_cannot_follow_is_tried_in_floats(name):
    report = checked(with_gradient(square, NOT_FOLLOWED[name]))
    assert report.unproved
    assert len(of_kind(report, "upstream")) == 1


def test_a_linear_one_that_balls_cannot_follow_is_silent():
    fn = with_gradient(square, lambda u, x: followed_by_no_ball(u, x) * 2 * x)
    assert found_by("upstream", fn) == []
