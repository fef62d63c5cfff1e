"""What results are worth before they are timed: right ones by errors, wrong ones by a reason."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from argand.subject import real, subject
from argand.timing.correct import Expected, wrong_formulas
from argand.trial.domain import window_of
from argand.trial.problems import problems

X = np.linspace(1.0, 2.0, 9)
U = np.full(9, 2.0)
PLACES = np.array([0, 3, 8])


@subject("x^3", real("x", 1.0, 2.0))
def cube(x):
    return x * x * x


@cube.variant
@tf.custom_gradient
def custom(x):
    return x * x * x, lambda u: u * 3 * x * x


@cube.variant
@tf.custom_gradient
def stable(x):
    return x * x * x, lambda u: u * 2 * x * x


FOUND, _ = problems(cube, ["float64"], window_of(cube))
EXPECTED = Expected(FOUND[0], [X], U, PLACES)


def results(*arrays):
    return [tf.constant(a) for a in arrays]


def test_only_a_wrong_formula_is_named_with_what_is_wrong():
    found = wrong_formulas(FOUND)
    assert set(found) == {"stable"}
    assert "off by the factor 0.66" in found["stable"]


def test_what_is_right_has_an_error_and_no_failing_sample():
    worth = EXPECTED.worth("value and gradient", results(X**3, U * 3 * X**2))
    assert worth.why == ""
    assert 0 <= worth.ulp < 4
    assert worth.failing == 0
    assert np.isnan(EXPECTED.worth("forward", results(X**3)).ulp)


def test_digits_lost_are_counted_and_are_not_wrong():
    lost = U * 3 * X**2
    lost[3] *= 1 + 1e-12
    worth = EXPECTED.worth("gradient", results(lost))
    assert worth.why == ""
    assert worth.failing == 1
    assert worth.ulp > 1000


@given(st.sampled_from(PLACES.tolist()), st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1e9]))
def test_a_sample_that_is_wrong_is_told_with_its_point(place, bad):
    gradient = U * 3 * X**2
    gradient[place] = bad
    why = EXPECTED.worth("gradient", results(gradient)).why
    assert why.startswith("the gradient by input 0 is wrong at 1 of 3 points")
    assert f"({X[place]!r})".replace("np.float64(", "").replace("))", ")") in why


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "the gradient by input 0 is None"),
        (tf.constant(X, tf.float32), "is float32"),
        (tf.constant(X[:4]), "[4], not float64[9]"),
    ],
)
def test_what_does_not_fit_is_told(given, words):
    assert words in EXPECTED.worth("gradient", [given]).why


def test_second_order_expects_the_gradient_and_its_own():
    v = np.full(9, 3.0)
    expected = Expected(FOUND[0], [X], U, PLACES, v)
    gradient, second = U * 3 * X**2, v * U * 6 * X
    worth = expected.worth("second order", results(gradient, second))
    assert (worth.why, worth.failing) == ("", 0)
    why = expected.worth("second order", results(gradient, -second)).why
    assert why.startswith("the gradient of the gradient is wrong at 3 of 3 points")


def test_where_nothing_can_be_certified_nothing_is_right():
    nothing = Expected(FOUND[0], [np.full(2, np.nan)], np.ones(2), np.arange(2))
    assert nothing.worth("forward", results(np.ones(2))).why == "no point could be certified"
