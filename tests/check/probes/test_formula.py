"""A wrong formula is told from a rounded constant, and from a forward pass that approximates."""

import re

import numpy as np
import pytest
import tensorflow as tf
from flint import arb
from probing import found_by

import argand
from argand.frontend.trace import trace_value
from argand.trial.inside.rounded_constants import rounded_constants, widened

SCALE, ALPHA = 1.0507009873554804934, 1.6732632423543772848
PI = 3.141592653589793
MAX = float(np.finfo("float64").max)


def with_gradient(forward, backward):
    @tf.custom_gradient
    def f(x):
        return forward(x), lambda u: backward(u, x)

    return lambda x: f(x)


def folded(u, x):
    return u * tf.where(x > 0, SCALE * tf.ones_like(x), (SCALE * ALPHA) * tf.exp(x))


def bell(u, x):
    return u * tf.exp(-x * x / 2) * 0.3989422804014327


ROUNDED = {  # in float32: function and domain; whether anything is found
    "gelu": (tf.nn.gelu, (-3.0, 3.0), True),
    "selu": (tf.nn.selu, None, False),
    "selu, folded": (
        with_gradient(
            lambda x: SCALE * tf.where(x > 0, x, ALPHA * (tf.exp(x) - 1)), folded
        ), None, False,
    ),
    "normal distribution": (
        with_gradient(lambda x: 0.5 * (1 + tf.math.erf(x * 0.7071067811865476)), bell), None, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROUNDED)
def test_what_rounded_constants_explain_is_no_wrong_formula(name):
    fn, domain, lost = ROUNDED[name]
    found = found_by("formula", fn, "float32", domain=domain)
    assert [f.kind for f in found] == ["inaccurate"] * lost
    if lost:
        assert "the rounding of the constant" in found[0].message
        assert found[0].advice == ""  # given by the check


def test_the_constant_is_blamed_with_its_line():
    (gelu,) = found_by("formula", tf.nn.gelu, "float32", domain=(-3.0, 3.0))
    assert "constant -1.128379" in gelu.message
    (mine,) = found_by("formula", ROUNDED["normal distribution"][0], "float32")
    assert "constant 0.70710" in mine.message
    assert mine.source.startswith(f"{__file__}:")


def wave(x):
    return tf.exp(-x * x) * tf.sin(3.3 * x)


def slope(x):
    return tf.exp(-x * x) * (3.3 * tf.cos(3.3 * x) - 2 * x * tf.sin(3.3 * x))


WRONG = {  # gradients of ``wave``, which has rounded constants
    "factor": (lambda u, x: 0.98 * u * slope(x), "factor 0.98"),
    "nearly 1": (lambda u, x: (1 + 1e-5) * u * slope(x), r"factor 1 \+ 1e-05"),
    "sign": (lambda u, x: -u * slope(x), "sign is reversed"),
    "dropped term": (lambda u, x: u * tf.exp(-x * x) * 3.3 * tf.cos(3.3 * x), "none of the usual"),
    "branch": (lambda u, x: u * tf.where(x > 1.1, tf.zeros_like(x), slope(x)), "there it is zero"),
    "size": (lambda u, x: tf.abs(u) * slope(x), "upstream"),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_formula_stays_one(name, dtype):
    backward, says = WRONG[name]
    (found,) = found_by("formula", with_gradient(wave, backward), dtype)
    assert (found.kind, found.severity) == ("formula", "defect")
    assert re.search(says, found.message)
    assert "conjugate" not in found.message


def test_a_right_one_with_the_same_constants_is_silent():
    assert found_by("formula", with_gradient(wave, lambda u, x: u * slope(x)), "float32") == []


def test_the_missing_conjugate_is_told_of_complex_numbers_only():
    def of(factor):
        return with_gradient(lambda z: z * z, lambda u, z: factor * u * 2 * z)

    (found,) = found_by("formula", of(1.0), "complex64")
    assert "the conjugate of ∂f/∂z is missing" in found.message
    (real,) = found_by("formula", of(1 + 1e-10), "float64")
    assert "factor 1 + 1e-10" in real.message


def pade(x):
    x2 = x * x
    above = x * (135135 + x2 * (17325 + x2 * (378 + x2)))
    return above / (135135 + x2 * (62370 + x2 * (3150 + 28 * x2)))


def series(x):
    return 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6)))))


APPROXIMATIONS = {
    "pade": (pade, lambda u, x: u * (1 - tf.tanh(x) ** 2), tf.tanh, (-3.0, 3.0)),
    "series": (series, lambda u, x: u * tf.exp(x), tf.exp, (-1.0, 1.0)),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", APPROXIMATIONS)
def test_an_approximation_with_the_true_gradient_is_told_to_name_its_reference(name, dtype):
    forward, backward, reference, domain = APPROXIMATIONS[name]
    fn = with_gradient(forward, backward)
    (found,) = found_by("formula", fn, dtype, domain=domain)
    assert (found.kind, found.severity) == ("approximate_forward", "defect")
    assert found.message.startswith("Approximate forward: ")
    assert found_by("formula", fn, dtype, domain=domain, reference=reference) == []
    wrong = with_gradient(forward, lambda u, x: 0.98 * backward(u, x))
    assert [f.kind for f in found_by("formula", wrong, dtype, domain=domain)] == ["formula"]


def test_which_constants_may_be_rounded():
    def many(x):
        return 2 * x + 0.75 * x * x + 1e10 * x + 0.1 * x * x * x + PI * x + 1 / 3 + MAX * x

    program = trace_value(many, ["float64"])
    assert sorted(program.constants[i].item() for i in rounded_constants(program)) == [
        0.1, 1 / 3, PI,
    ]  # fmt: skip


def test_a_widened_constant_holds_the_number_that_it_stands_for():
    program = trace_value(lambda x: x * 0.1, ["float32"])
    (k,) = rounded_constants(program)
    ball = widened(program, [k]).constants[k].item()
    assert ball.contains(arb("0.1"))
    assert not ball.contains(float(np.float32(0.1)) * (1 + 2.0**-21))


def in_band(low, high, factor):
    @tf.custom_gradient
    def square(x):
        inside = (x > low) & (x < high)
        return x * x, lambda u: u * tf.where(inside, factor * x, 2 * x)

    return square


@tf.custom_gradient
def often(x):
    return x * x, lambda u: u * tf.where(tf.sin(x) > 0.99999, 2.1 * x, 2 * x)


@pytest.mark.parametrize("fn", [in_band(3.70, 3.71, 2.1), in_band(-9.5, -9.0, 2.01), often])
@pytest.mark.parametrize("limit", [4.0, 2.0**20])
def test_a_formula_that_is_wrong_in_a_band_is_found_whatever_error_may_pass(fn, limit):
    report = argand.check(fn, dtypes=["float64"], modes=["eager"], samples=1024, max_ulp=limit)
    assert "formula" in {f.kind for f in report.findings}


@pytest.mark.parametrize("factor", [2.0, 1.001])
def test_a_large_limit_hides_no_wrong_factor(factor):
    @tf.custom_gradient
    def sine(x):
        return tf.sin(x), lambda u: u * tf.cos(x) * factor

    report = argand.check(sine, dtypes=["float32"], modes=["eager"], samples=64, max_ulp=2.0**20)
    assert "formula" in {f.kind for f in report.findings}
