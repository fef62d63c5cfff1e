"""A wrong gradient that is another's is named, and stays a defect till that is declared."""

import inspect
import re

import pytest
import tensorflow as tf
from probing import checked, of_kind
from test_surrogates import clipped, clipped_norm, heaviside, inside, of, quantized, same, spiking

import argand

NAMED = {  # function: what the finding says
    "tf.identity": (of(lambda x: tf.round(x), lambda u, x: u), "the gradient of x;"),
    "tf.negative": (of(same, lambda u, x: -u), "the gradient of −x;"),
    "lambda x: 0.1 * x": (of(same, lambda u, x: 0.1 * u), "0.1 times x"),
    "tf.zeros_like": (of(lambda x: x * x, lambda u, x: tf.zeros_like(x)), "of a constant"),
    "lambda x: tf.clip_by_value(x, -1.0, 1.0)": (of(lambda x: tf.sign(x), inside), "clip"),
    "lambda x: tf.sigmoid(5.0 * x)": (of(heaviside, spiking), "sigmoid(5·x)"),
    "lambda x: 0.2 * tf.sigmoid(5.0 * x)": (
        of(heaviside, lambda u, x: spiking(u, x) / 5), "0.2 times sigmoid(5·x)",
    ),
    "tf.tanh": (of(lambda x: tf.sign(x), lambda u, x: u / tf.cosh(x) ** 2), "tanh(x)"),
    "tf.nn.relu": (of(same, lambda u, x: u * heaviside(x)), "relu(x)"),
    "lambda u, x: tf.clip_by_value(u, -1.0, 1.0)": (of(same, clipped), "clipped by value to 1"),
}  # fmt: skip


@pytest.mark.parametrize("code", NAMED)
def test_what_the_gradient_is_is_named_and_as_a_surrogate_it_is_right(code):
    fn, words = NAMED[code]
    report = checked(fn)
    assert not report.ok
    (found,) = of_kind(report, "formula")
    assert found.severity == "defect"
    assert found.brief.startswith(("it is ", "its sign is reversed"))
    assert words in found.message
    assert f"if that is meant, declare surrogate={code}." in found.message
    again = checked(fn, surrogate=eval(code, {"tf": tf}))
    assert again.ok, [f.describe() for f in again.of("defect")]
    assert not re.search("if that is meant", "".join(f.message for f in again.findings))


def test_a_row_clipped_by_its_norm_is_named():
    report = checked(of(same, clipped_norm), core=1, samples=64)
    (found,) = of_kind(report, "formula")
    assert "declare surrogate=lambda u, x: tf.clip_by_norm(u, 1.5, axes=[-1])." in found.message


def test_a_complex_gradient_is_named():
    report = checked(of(same, lambda u, x: u * tf.constant(-1j, x.dtype)), "complex128")
    assert "surrogate=lambda x: 1j * x." in of_kind(report, "formula")[0].message
    report = checked(of(same, lambda u, x: tf.math.conj(u)), "complex128")
    assert "surrogate=tf.math.conj." in of_kind(report, "formula")[0].message


def test_stop_gradient_is_named_with_its_line_where_it_is_the_cause():
    (found,) = of_kind(checked(quantized), "formula")
    line = inspect.getsourcelines(quantized)[1] + 1
    assert "tf.stop_gradient (" in found.message
    assert f"test_surrogates.py:{line}) is the cause" in found.message
    assert "declare surrogate=tf.identity." in found.message

    def half(x):
        return x * tf.stop_gradient(tf.exp(x))

    (found,) = of_kind(checked(half), "formula")
    assert "is the cause" in found.message
    assert "if that is meant" not in found.message


def test_stop_gradient_that_is_not_the_cause_is_not_named():
    @tf.custom_gradient
    def f(x):
        return x * x + 0 * tf.stop_gradient(x), lambda u: u * tf.exp(x)

    (found,) = of_kind(checked(lambda x: f(x)), "formula")
    assert "stop_gradient" not in found.message
    assert "if that is meant" not in found.message


def test_of_several_inputs_the_one_is_named():
    f = of(lambda x, y: tf.round(x) + y, lambda u, x, y: (u, u))
    report = argand.check(f, dtypes=["float64"], samples=64, modes=["eager"])
    found = of_kind(report, "formula")[0].message
    assert "the gradient of x;" in found
    assert "a function of (x, y)" in found


@pytest.mark.parametrize(
    "backward",
    [
        lambda u, x: u * tf.where(x > 1.9, 2 * tf.ones_like(x), tf.ones_like(x)),
        lambda u, x: u * (1 + 1e-9 * x),
        lambda u, x: tf.abs(u),
    ],
)
def test_what_is_nearly_another_is_not_named(backward):
    report = checked(of(lambda x: tf.round(x), backward))
    assert "if that is meant" not in of_kind(report, "formula")[0].message


def test_a_gradient_that_is_none_by_stop_gradient_is_named():
    report = checked(lambda x: tf.stop_gradient(tf.exp(x)))
    assert {"formula", "missing_gradient"} & {f.kind for f in report.of("defect")}
    (found,) = of_kind(report, "formula")
    assert "is the cause" in found.message
    assert "declare surrogate=tf.zeros_like." in found.message


def test_stop_gradient_of_one_input_of_two_is_named():
    report = checked(lambda x, y: tf.stop_gradient(x) * y)
    (found,) = of_kind(report, "formula")
    assert "is the cause" in found.message


def test_what_leaves_the_range_is_nobodys_gradient():
    @tf.custom_gradient
    def gaussian(z):
        value = tf.exp(-z * z)
        return value, lambda u: u * (-2 * z * value)

    report = argand.check(gaussian, dtypes=["complex64"], modes=["eager"], samples=64)
    messages = [f.message for f in report.findings if f.kind == "formula"]
    assert messages
    assert not any("surrogate" in message for message in messages)
