"""Second derivatives and condition numbers, against mpmath and against what is known of them."""

import mpmath
import numpy as np
import pytest
import tensorflow as tf
from operations import ELEMENTWISE, draw

import argand
from argand.subject import TargetError

HOLOMORPHIC = {
    "exp": mpmath.exp, "expm1": mpmath.expm1, "log": mpmath.log, "log1p": mpmath.log1p,
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "asin": mpmath.asin,
    "acos": mpmath.acos, "atan": mpmath.atan, "sinh": mpmath.sinh, "cosh": mpmath.cosh,
    "tanh": mpmath.tanh, "asinh": mpmath.asinh, "acosh": mpmath.acosh, "atanh": mpmath.atanh,
    "sqrt": mpmath.sqrt, "rsqrt": lambda z: 1 / mpmath.sqrt(z), "reciprocal": lambda z: 1 / z,
    "square": lambda z: z * z, "pow_constant": lambda z: z**3, "neg": lambda z: -z,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "silu": lambda z: z / (1 + mpmath.exp(-z)),
}  # fmt: skip
REAL = {
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)), "erf": mpmath.erf, "erfc": mpmath.erfc,
    "lgamma": lambda x: mpmath.log(abs(mpmath.gamma(x))), "digamma": mpmath.digamma,
    "erfinv": mpmath.erfinv, "softsign": lambda x: x / (1 + abs(x)),
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
}  # fmt: skip


@pytest.mark.parametrize("name", [*HOLOMORPHIC, *REAL])
def test_second_derivatives_agree_with_mpmath(name):
    reference = (HOLOMORPHIC | REAL)[name]
    fn, several = ELEMENTWISE[name]
    for kinds in several:
        (z,) = draw(np.random.default_rng(5), kinds, 6)
        got = argand.exact(fn, z, order=2)
        assert got.certified.all()
        with mpmath.workdps(80):
            expected = [complex(mpmath.diff(reference, v, 2)) for v in z.tolist()]
        np.testing.assert_allclose(got.dzdz, expected, rtol=1e-13, atol=1e-300)
        assert not got.dzdzbar.any()
        assert not got.dzbardzbar.any()


def test_mixed_derivatives_of_functions_that_are_not_holomorphic():
    z = np.array([1 + 2j, -0.3 + 0.1j, 3 - 1j])
    r = np.abs(z)

    def smooth(z):
        return z * z * tf.math.conj(z) ** 3

    got = argand.exact(smooth, z, order=2)
    np.testing.assert_allclose(got.dzdz, 2 * z.conj() ** 3, rtol=1e-15)
    np.testing.assert_allclose(got.dzdzbar, 6 * z * z.conj() ** 2, rtol=1e-15)
    np.testing.assert_allclose(got.dzbardzbar, 6 * z * z * z.conj(), rtol=1e-15)
    modulus = argand.exact(tf.abs, z, order=2)
    np.testing.assert_allclose(modulus.dzdz, -(z.conj() ** 2) / (4 * r**3), rtol=1e-15)
    np.testing.assert_allclose(modulus.dzdzbar, 1 / (4 * r), rtol=1e-15)
    np.testing.assert_array_equal(modulus.dzbardzbar, modulus.dzdz.conj())
    real = argand.exact(lambda z: tf.math.real(z) ** 2 + tf.math.imag(z), z, order=2)
    assert (real.dzdz == 0.5).all()
    assert (real.dzdzbar == 0.5).all()


def test_condition_numbers_are_those_of_powers_and_exponentials():
    z = np.array([0.5 + 2j, -3 + 1j])
    power = argand.exact(lambda z: z**3, z, order=2)
    np.testing.assert_allclose(power.condition, 3)
    np.testing.assert_allclose(power.condition_gradient, 2)
    growth = argand.exact(tf.exp, z, order=2, upstream=2 - 1j)
    np.testing.assert_allclose(growth.condition, np.abs(z), rtol=1e-15)
    np.testing.assert_allclose(growth.condition_gradient, np.abs(z), rtol=1e-15)
    x = np.array([0.5, -3.0])
    np.testing.assert_allclose(argand.exact(tf.exp, x, order=2).condition_gradient, np.abs(x))
    assert np.isinf(argand.exact(lambda x: x - 1, 1.0, order=2).condition)


def test_a_first_derivative_may_exist_without_a_second():
    cubic = argand.exact(lambda x: x * x * tf.abs(x), 0.0, order=2)
    assert cubic.certified
    assert cubic.dzdz == 0  # f″ = 6|x|
    square = argand.exact(lambda x: x * tf.abs(x), 0.0, order=2)
    assert not square.certified
    assert argand.exact(lambda x: x * tf.abs(x), 0.0).certified
    assert argand.exact(tf.abs, 0.0, order=2).undefined


def test_second_order_holds_where_the_careful_pass_is_needed():
    # cos 2 < 0, and its square is a power with a constant exponent
    got = argand.exact(lambda x: tf.sin(x) ** 2 + tf.cos(x) ** 2 - 1, 2.0, order=2)
    assert got.certified
    assert got.dzdz == 0
    cut = argand.exact(tf.sqrt, np.array([-4 + 0j, complex(-4, -0.0)]), order=2)
    np.testing.assert_array_equal(cut.dzdz, [-0.25 / (2j) ** 3, -0.25 / (-2j) ** 3])


def test_second_order_takes_one_input_entry_by_entry():
    with pytest.raises(TargetError, match="one input"):
        argand.exact(tf.multiply, 1.0, 2.0, order=2)
    with pytest.raises(TargetError, match="order"):
        argand.exact(tf.exp, 1.0, order=3)


def test_a_function_of_what_has_no_value_has_none():
    fn = lambda x: tf.math.lgamma(tf.math.erfinv(x))  # noqa: E731
    found = argand.exact(fn, np.array([-1.0, 0.5]), order=2)
    assert found.state.tolist() == [2, 1]
