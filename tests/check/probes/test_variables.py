"""Gradients by variables inside: lost, wrong, of another shape, refused; and right."""

import pytest
import tensorflow as tf
from probing import checked, found_by, of_kind

import argand
from argand.frontend.runner import MODES

weight = tf.Variable(1.5, dtype=tf.float64, name="weight")
centre = tf.Variable([0.25], dtype=tf.float64, name="centre")


def with_variable(gradient):
    @tf.custom_gradient
    def function(x, /):
        def grad(u, variables=None):
            return gradient(u, x)

        return weight * x * x, grad

    return function


@tf.custom_gradient
def not_accepted(x, /):
    return weight * x * x, lambda u: u * 2 * weight * x


WRONG = {
    "None": lambda u, x: (u * 2 * weight * x, [None]),
    "wrong": lambda u, x: (u * 2 * weight * x, [tf.reduce_sum(u * x)]),
    "wrong by a mean": lambda u, x: (u * 2 * weight * x, [tf.reduce_mean(2 * u * x * x)]),
    "shape": lambda u, x: (u * 2 * weight * x, [u * x * x]),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", WRONG)
def test_a_lost_or_wrong_gradient_by_a_variable_is_found(name, mode):
    (finding,) = found_by("variables", with_variable(WRONG[name]), modes=[mode])
    assert name.split()[0] in finding.message
    assert "'weight'" in finding.message


RAISING = {
    "no list": lambda u, x: u * 2 * weight * x,
    "an empty list": lambda u, x: (u * 2 * weight * x, []),
}


@pytest.mark.parametrize("name", RAISING)
def test_what_raises_for_its_variable_is_found(name):
    assert of_kind(checked(with_variable(RAISING[name])), "variables")


@pytest.mark.parametrize("dtypes", [None, ["float64"]])
def test_a_gradient_that_does_not_accept_variables_is_found_though_nothing_runs(dtypes):
    report = argand.check(not_accepted, dtypes=dtypes, modes=["eager"])
    assert "variables" in {f.kind for f in report.findings}
    assert {f.dtype for f in report.findings} == {"float64"}
    assert not report.ok


class Scaled(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__(dtype="float64")
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

    def call(self, x):
        return self.scale * tf.exp(x)


RIGHT = {
    "plain": lambda x: weight * tf.exp(x),
    "read twice": lambda x: weight * x + weight * weight,
    "one element": lambda x: (x - centre) * (x - centre),
    "custom": with_variable(lambda u, x: (u * 2 * weight * x, [tf.reduce_sum(u * x * x)])),
    "layer": Scaled(),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_gradients_by_variables_are_silent(name):
    report = checked(RIGHT[name], modes=MODES, domain=(0.5, 2.0), max_ulp=16)
    assert report.findings == []
    assert report.samples > 0


def test_a_variable_is_not_made_for_the_sibling_dtype_and_that_is_no_defect():
    report = argand.check(RIGHT["custom"], modes=["eager"], domain=(0.5, 2.0))
    assert report.findings == []
