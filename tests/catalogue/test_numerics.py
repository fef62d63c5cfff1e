"""What stable forms share, held to exact arithmetic on fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from argand.catalogue._numerics.broadcast import reduced_to
from argand.catalogue._numerics.compensated import difference, split, sum_of_two
from argand.catalogue._numerics.exponential import FARTHEST, LOG_2, cis, cis_of_sum, reduced_exp
from argand.catalogue._numerics.fast_path import UP, beyond, either, last, within
from argand.catalogue._numerics.log_size import log_size
from argand.catalogue._numerics.real_exp import exponential
from argand.catalogue._numerics.scaled import Scaled, negative, scaled
from argand.catalogue._numerics.scaling import (
    exact_product,
    exponent,
    parts,
    power,
    product,
    quartered,
    scaled_by,
    two_sum,
)

SMALLEST = 2.0**-1022
normal = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) >= SMALLEST)
middle = normal.filter(lambda x: 2.0**-300 < abs(x) < 2.0**300)


def law(*drawn):
    """The test holds for what is drawn from these strategies."""
    return lambda test: settings(deadline=None, max_examples=60)(given(*drawn)(test))


def tensor(x):
    return tf.constant(np.array(x, np.float64))  # of a bare -0.0 TensorFlow may make 0.0


def fraction(x):
    return Fraction(float(x))


@law(st.integers(-1022, 1023))
def test_a_power_of_two_is_exact(n):
    assert float(power(tensor(n))) == 2.0**n


@law(normal)
def test_the_exponent_is_that_of_frexp(x):
    assert float(exponent(tensor(x))) == math.frexp(x)[1] - 1


@law(normal, st.integers(-3000, 3000))
def test_scaling_is_exact_until_the_result_leaves_the_range(x, n):
    try:
        exact = math.ldexp(x, max(-2040, min(2040, n)))
    except OverflowError:
        exact = math.copysign(math.inf, x)
    assume(exact == 0 or abs(exact) >= SMALLEST)  # TensorFlow flushes subnormals
    assert float(scaled_by(tensor(x), tensor(n))) == exact


@law(normal)
def test_a_quartered_size_is_between_2_and_8(x):
    unit, n = quartered(tensor(abs(x)))
    assert 2 <= abs(x) * float(unit) < 8 or float(n) == -511
    assert float(unit) == 4.0 ** -float(n)


@law(middle, middle)
def test_two_sum_loses_nothing(a, b):
    total, minus_error = two_sum(tensor(a), tensor(b))
    assert fraction(total) - fraction(minus_error) == fraction(a) + fraction(b)
    assert float(total) == a + b


@law(normal)
def test_a_split_float_is_the_float(x):
    p = parts(tensor(x))
    high, low = fraction(p.high), -fraction(p.minus_low)
    assert (high + low) * Fraction(2) ** int(float(p.n)) == fraction(x)
    assert fraction(p.mantissa) == high + low
    for half in (high, low):
        assert (half * 2**53).denominator == 1
        assert abs(half.numerator or 1).bit_length() <= 27


@law(normal, normal)
def test_a_product_of_split_floats_is_exact(a, b):
    t = product(parts(tensor(a)), parts(tensor(b)))
    scale = Fraction(2) ** int(float(t.n))
    assert (fraction(t.value) + fraction(t.error)) * scale == fraction(a) * fraction(b)


@law(middle, middle)
def test_an_exact_product_is_rounded_and_its_error(a, b):
    value, error = exact_product(tensor(a), tensor(b))
    assert float(value) == a * b
    assert fraction(value) + fraction(error) == fraction(a) * fraction(b)


ordinary = st.floats(2.0**-60, 2.0**60).flatmap(lambda x: st.sampled_from([x, -x]))


@law(ordinary, ordinary, ordinary, ordinary)
def test_compensated_sums_are_within_two_ulp_whatever_cancels(a, b, c, d):
    sa, sb, sc, sd = (split(tensor(x)) for x in (a, b, c, d))
    near = a * b
    for got, exact in [
        (difference(sa, sb, tensor(c)), fraction(a) * fraction(b) - fraction(c)),
        (difference(sa, sb, tensor(near)), fraction(a) * fraction(b) - fraction(near)),
        (sum_of_two(sa, sb, sc, sd), fraction(a) * fraction(b) + fraction(c) * fraction(d)),
    ]:
        assert abs(fraction(got) - exact) <= 2 * Fraction(math.ulp(float(exact)))


def test_log_2_is_in_two_parts_of_which_the_first_is_short():
    high, low = LOG_2
    assert (Fraction(high) * 2**40).denominator == 1
    assert high + low == math.log(2)
    assert abs(low) < 2.0**-40


@law(st.floats(-FARTHEST, FARTHEST))
def test_both_exponentials_agree_apart_from_their_powers_of_four(x):
    e, h = (float(t) for t in reduced_exp(tensor(x)))
    other, n = (float(t) for t in exponential(tensor(x)).scaled())
    assert 0.5 <= e <= 2.0
    assert 1.4 <= other <= 5.7
    assert e == pytest.approx(other * 4.0 ** (n - h), rel=4 * 2.0**-52)


@law(st.floats(-700, 700))
def test_the_exponential_less_one_keeps_its_digits(x):
    assume(x == 0 or abs(x) >= SMALLEST)
    got = float(exponential(tensor(x)).minus_one())
    assert got == pytest.approx(math.expm1(x), rel=4 * 2.0**-52, abs=0)


@law(st.floats(-1e6, 1e6), st.floats(-1e-9, 1e-9))
def test_cis_is_on_the_circle_and_turns_by_a_small_rest(y, rest):
    cos, sin = (float(t) for t in cis(tensor(y)))
    assert math.hypot(cos, sin) == pytest.approx(1, rel=1e-15)
    assert (cos, sin) == pytest.approx((math.cos(y), math.sin(y)), abs=1e-15)
    turned = [float(t) for t in cis_of_sum(tensor(y), tensor(rest))]
    assert turned == pytest.approx((cos - rest * sin, sin + rest * cos), abs=1e-15)


@law(middle, middle)
def test_a_scaled_number_is_the_number_and_its_inverse_is_near_one(re, im):
    a = scaled(tensor(re), tensor(im))
    assert complex(a.number().numpy()) == complex(re, im)
    unit = a.times(a.inverse())
    assert complex(unit.number().numpy()) == pytest.approx(1, abs=1e-15)


@law(st.tuples(*[st.floats(-8, 8)] * 4))
def test_scaled_algebra_is_that_of_complex_numbers(drawn):
    a, b = complex(*drawn[:2]), complex(*drawn[2:])
    assume(min(abs(a), abs(b)) > 2.0**-20)
    p, q = (scaled(tensor(z.real), tensor(z.imag)) for z in (a, b))
    for got, exact in [
        (p.times(q), a * b),
        (p.times_conj(q), a * b.conjugate()),
        (p.divided_by(q), a / b),
        (p.divided_by_conj(q), a / b.conjugate()),
        (p.plus(q), a + b),
    ]:
        assert complex(got.number().numpy()) == pytest.approx(
            exact, rel=1e-14, abs=1e-14 * (abs(a) + abs(b))
        )


def test_a_scaled_number_leaves_the_range_at_the_end_only():
    huge = Scaled(tensor(3.0), tensor(-4.0), tensor(400.0))
    assert complex(huge.times(huge.inverse()).number().numpy()) == pytest.approx(1)
    assert math.isinf(huge.times(huge).number().numpy().real)


@pytest.mark.parametrize(
    ("x", "is_negative"), [(-0.0, True), (0.0, False), (-3.0, True), (2, False)]
)
def test_the_sign_of_a_zero_counts(x, is_negative):
    assert bool(negative(tensor(x))) is is_negative


@law(normal, normal)
def test_log_size_is_the_logarithm_of_the_modulus(re, im):
    value, rest = log_size(scaled(tensor(re), tensor(im)))
    k = max(math.frexp(re)[1], math.frexp(im)[1])
    size = math.hypot(math.ldexp(re, -k), math.ldexp(im, -k))
    assert float(value) + float(rest) == pytest.approx(
        math.log(size) + k * math.log(2), rel=1e-15, abs=2e-16
    )


def test_within_and_beyond_ask_for_every_part():
    z = tf.constant([3 + 0.1j, 0.2 - 4j], tf.complex128)
    assert [bool(within(limit, z)) for limit in (4.0, 3.9)] == [True, False]
    assert [bool(beyond(limit, z)) for limit in (3.0, 3.1)] == [True, False]
    assert not within(4.0, tf.constant([math.nan, 1.0]))
    assert within(4.0, tf.zeros([0]))


@pytest.mark.parametrize("compiled", [False, True])
def test_one_form_is_taken_and_in_xla_always_the_careful_one(compiled):
    @tf.function(jit_compile=compiled)
    def form(ordinary):
        return either(ordinary, lambda: tf.constant(1), lambda: tf.constant(2))

    assert [int(form(tf.constant(is_it))) for is_it in (True, False)] == [2 if compiled else 1, 2]


def test_the_last_factor_is_multiplied_last_in_a_graph():
    @tf.function
    def smallest(u, v):
        return last(UP * u * v, 1 / UP)

    u = tensor(2.0**-1020)
    assert float(smallest(u, tensor(2.0**40)) / u) == 2.0**40
    assert float(smallest(u, tensor(2.0**-2))) == 2.0**-1022


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 1), (2, 3), (1, 1)])
def test_a_gradient_is_summed_to_the_shape_of_its_input(shape):
    gradient = tf.reshape(tf.range(6.0), (2, 3))
    x = tf.zeros(shape)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = x + tf.zeros((2, 3))
    expected = tape.gradient(value, x, output_gradients=gradient)
    np.testing.assert_array_equal(reduced_to(gradient, x), expected)
