"""assert_gradient, as other people's test suites use it."""

import pytest
import tensorflow as tf

from argand.subject import TargetError
from argand.targets import resolve
from argand.testing import assert_gradient

QUICK = {"dtypes": ["float64"], "modes": ["eager"]}


@tf.custom_gradient
def doubled(x):
    return x * x, lambda u: u * 4 * x


def test_a_right_gradient_passes():
    assert_gradient(lambda x: x * x, **QUICK)
    assert_gradient(tf.exp, domain=(-10.0, 10.0), **QUICK)
    assert_gradient(resolve("z_exp_z").variants["stable"], modes=["eager"])


def test_a_wrong_gradient_fails_with_its_first_finding():
    with pytest.raises(AssertionError, match="off by the factor 2") as failure:
        assert_gradient(lambda x: doubled(x), **QUICK)
    text = str(failure.value)
    assert text.startswith("<lambda>: formula (")
    assert "test_testing.py:15" in text
    assert "argand check" in text


def test_the_limit_in_ulp_is_the_callers():
    def cancels(x):
        return (1 + x) - 1

    with pytest.raises(AssertionError, match="inaccurate"):
        assert_gradient(cancels, domain=(0.5, 2.0), max_ulp=0.25, **QUICK)
    assert_gradient(cancels, domain=(0.5, 2.0), max_ulp=4, **QUICK)


def test_an_approximation_is_held_to_its_reference():
    def series(x):
        return 1 + x * (1 + x / 2)

    near_zero = {"domain": (-1e-6, 1e-6), "reference": tf.exp, **QUICK}
    assert_gradient(series, max_ulp=1e4, **near_zero)
    with pytest.raises(AssertionError):
        assert_gradient(series, max_ulp=4, **near_zero)


def test_nothing_certified_is_no_pass():
    with pytest.raises(AssertionError, match=r"none of .* could be certified"):
        assert_gradient(lambda x: x / tf.zeros_like(x), **QUICK)


def test_what_cannot_be_checked_is_a_target_error():
    with pytest.raises(TargetError, match="BesselJ0"):
        assert_gradient(lambda x: tf.math.special.bessel_j0(x), **QUICK)
    with pytest.raises(TargetError, match="not callable"):
        assert_gradient(3.0)
