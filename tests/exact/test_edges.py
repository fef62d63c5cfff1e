"""Where functions end: cuts, signed zeros, poles, kinks, ties of rounding, huge arguments."""

import time

import numpy as np
import pytest
import tensorflow as tf

import argand
from argand.exact.reference import STATES

MINUS = -0.0


def state(fn, *inputs, **more):
    return STATES[int(argand.exact(fn, *inputs, **more).state)]


def test_both_sides_of_a_cut_have_their_value_and_derivative():
    above, below = complex(-1, 0.0), complex(-1, MINUS)
    root = argand.exact(tf.sqrt, np.array([above, below]))
    assert root.value.tolist() == [1j, -1j]
    assert root.dz[0].tolist() == [-0.5j, 0.5j]
    log = argand.exact(tf.math.log, np.array([above, below]))
    assert log.value.imag.tolist() == [np.pi, -np.pi]
    power = argand.exact(lambda z: z**0.5, np.array([above, below]))
    assert power.value.tolist() == [1j, -1j]
    assert root.certified.all()
    assert log.certified.all()


def test_the_side_of_a_cut_is_followed_through_operations():
    z = np.array([complex(-4, 0.0), complex(-4, MINUS)])
    assert argand.exact(lambda z: tf.sqrt(tf.math.conj(z)), z).value.tolist() == [-2j, 2j]
    assert argand.exact(lambda z: tf.sqrt(tf.negative(tf.negative(z))), z).value.tolist() == [
        2j,
        -2j,
    ]
    # 1 − z·z̄ is real with the imaginary part 0 − 0 = +0
    gap = argand.exact(lambda z: tf.sqrt(1 - z * tf.math.conj(z)), 3 + 4j)
    assert gap.value == pytest.approx(1j * np.sqrt(24))
    assert gap.certified
    # e^z·conj(e^z) is real too, but no ball shows it: not certified rather than guessed
    assert state(lambda z: tf.sqrt(-tf.exp(z) * tf.math.conj(tf.exp(z))), 3 + 4j) == "undecided"


@pytest.mark.parametrize("fn", [tf.identity, tf.sin, tf.tanh, tf.asinh, tf.math.expm1, tf.sqrt])
def test_odd_functions_keep_the_sign_of_a_real_zero(fn):
    got = argand.exact(fn, np.array([0.0, MINUS]))
    assert np.signbit(got.value).tolist() == [False, True]


def test_zeros_of_results_have_the_sign_of_ieee():
    cases = [
        (lambda x: x - x, 1.0, False),
        (lambda x: -(x - x), 1.0, True),
        (lambda x: x * 0.0, -1.0, True),
        (lambda x: -tf.exp(x), -1e4, True),  # underflow
        (lambda x: x * x, MINUS, False),
        (tf.math.rint, -0.25, True),
    ]
    for fn, x, negative in cases:
        got = argand.exact(fn, x)
        assert got.certified
        assert got.value == 0
        assert np.signbit(got.value) == negative


@pytest.mark.parametrize(
    ("fn", "at"),
    [
        (lambda x: 1 / x, 0.0),
        (tf.math.log, 0j),
        (tf.math.log, 0.0),
        (tf.math.log, -1.0),
        (tf.sqrt, -1.0),
        (tf.sqrt, 0.0),  # an end of a cut: there is a value, and no derivative
        (tf.sqrt, 0j),
        (tf.acos, 1.0),
        (tf.asin, 1.5),
        (tf.atan, 1j),
        (tf.atanh, -1 + 0j),
        (tf.math.lgamma, -3.0),
        (tf.math.digamma, -1e300),
        (lambda x: x**0.5, 0.0),
        (lambda x: x**-1.0, 0.0),
        (tf.abs, 0.0),
        (tf.abs, 0j),
        (tf.math.angle, 0j),
        (tf.sign, 0.0),
        (tf.floor, 3.0),
        (tf.round, 2.5),
        (tf.nn.relu, 0.0),
        (tf.nn.relu6, 6.0),
        (tf.nn.leaky_relu, 0.0),
        (lambda x: tf.maximum(x, 1.0), 1.0),
        (lambda x: tf.clip_by_value(x, 0.0, 1.0), 1.0),
        (lambda x: tf.where(x < 0, -x, x), 0.0),
        (lambda x: tf.where(x < 1, x, x + 1), 1.0),  # a jump
        (lambda x: tf.where(x < 1, tf.zeros_like(x), 2.0), 1.0),  # of constants too
        (lambda x: tf.cast(x > 0, x.dtype), 0.0),
        (lambda x: tf.where(x == 0, x + 1, tf.sin(x)), 0.0),
        (lambda x: 3 * tf.abs(2 * x) + x * x, 0.0),
        (lambda x: tf.abs(tf.abs(x)), 0.0),
        (lambda z: tf.abs(tf.math.real(z)), 2j),
        (lambda x: tf.abs(tf.complex(x, 2 * x)), 0.0),
    ],
)
def test_poles_ends_of_cuts_kinks_and_jumps_are_undefined(fn, at):
    got = argand.exact(fn, at)
    assert STATES[int(got.state)] == "undefined"
    assert got.undefined
    assert not got.certified
    assert np.isnan(got.dz[0])


@pytest.mark.parametrize(
    ("fn", "at", "slope"),
    [
        (lambda x: x * tf.abs(x), 0.0, 0),
        (lambda x: tf.square(tf.abs(x)), 0.0, 0),
        (lambda x: tf.maximum(x, 0.0) + tf.minimum(x, 0.0), 0.0, 1),
        (lambda x: tf.maximum(x, 0.0) + tf.math.log1p(tf.exp(-tf.abs(x))), 0.0, 0.5),
        (lambda x: tf.where(x <= 0, x * x, -x * x), 0.0, 0),
        (lambda x: tf.where((x >= 0) & (x <= 0), x, 2 * x), 0.0, 2),
        (lambda x: tf.where(x * x < 0, x, 3 * x), 0.0, 3),  # never true
        (tf.nn.elu, 0.0, 1),
        (lambda x: tf.nn.relu(-tf.abs(x)), 0.0, 0),
        (lambda x: tf.maximum(x * x, 0.0), 0.0, 0),
        (lambda x: x**1.5, 0.0, 0),
        (lambda x: x**2, 0.0, 0),
        (lambda z: z * tf.cast(tf.abs(z), z.dtype), 0j, 0),
        (lambda x: tf.where(x > 0, tf.math.log(x), x), -1.0, 1),  # the dead branch has no value
        (lambda x: tf.math.multiply_no_nan(1 / x, x - x), 0.0, 0),
        (lambda x: tf.math.divide_no_nan(x, x), 0.0, None),  # 1 beside, 0 here
        (lambda x: tf.where(x == 0, tf.ones_like(x), tf.sin(x) / x), 0.0, 0),
        (lambda x: tf.sqrt(x * x), 0.0, None),
        (lambda x: tf.square(tf.floor(x) + 0.5), 0.0, 0),  # a jump from −1/2 to 1/2, squared
        (lambda x: tf.square(tf.floor(x)), 0.0, None),
    ],
)
def test_what_makes_up_for_a_kink_or_a_jump_is_found_and_what_does_not_is_undefined(fn, at, slope):
    got = argand.exact(fn, at)
    if slope is None:
        assert STATES[int(got.state)] == "undefined"
    else:
        assert got.certified
        assert got.dz[0] == slope


def test_a_selection_is_undecided_only_along_the_inputs_of_its_condition():
    jump = argand.exact(lambda x, y: tf.where(y < 0, x, 2 * x), 3.0, 0.0)
    assert np.isnan(jump.dz[1])
    assert jump.undefined
    smooth = argand.exact(lambda x, y: tf.where(y <= 0, x * y * y, -x * y * y), 3.0, 0.0)
    assert smooth.certified
    plane = argand.exact(lambda z, x: tf.where(x < 0, z, 2 * z), 3j, 0.0)
    assert plane.dz[0] == 2
    assert np.isnan(plane.dz[1])


def test_equal_entries_do_not_disturb_a_shifted_logsumexp():
    x = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]])
    got = argand.exact(lambda x: tf.reduce_logsumexp(x, -1), x, core=1)
    assert got.certified.all()
    np.testing.assert_array_equal(got.dz[0][0], [1 / 3] * 3)
    assert argand.exact(lambda x: tf.reduce_max(x, -1), x, core=1).undefined.all()


def test_infinite_and_nan_inputs_are_told_apart():
    got = argand.exact(tf.exp, np.array([np.inf, -np.inf, np.nan, 1.0]))
    assert [STATES[k] for k in got.state] == ["infinite input"] * 2 + ["NaN input", "certified"]
    assert state(tf.exp, complex(np.inf, np.nan)) == "NaN input"
    assert state(tf.exp, 1.0, upstream=np.inf) == "infinite input"


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
def test_subnormals_ties_and_overflow_in_every_dtype(dtype):
    info = np.finfo(dtype)
    least, top, one = (np.array(v, dtype) for v in (info.smallest_subnormal, info.max, 1))
    half, two = np.array(0.5, dtype), np.array(2, dtype)

    def value(fn, x):
        got = argand.exact(fn, x)
        assert got.certified
        assert got.value.dtype == dtype
        return got.value

    assert value(lambda x: x * half, least) == 0  # half of the least subnormal: a tie, to even
    assert value(lambda x: x * (one + half), least) == 2 * least  # 1½ of it: a tie, to even
    assert value(lambda x: x * two * half, least) == least
    assert np.isinf(value(lambda x: x * two, top).real)
    gap = np.ldexp(np.array(1, info.dtype), info.maxexp - info.nmant - 2)  # half an ulp of top
    assert np.isinf(value(lambda x: x + gap.astype(dtype), top).real)  # a tie, to even: infinity
    assert value(lambda x: x + np.nextafter(gap, gap * 0).astype(dtype), top) == top
    tie = np.array(1 + info.eps, dtype)
    assert value(lambda x: x + np.array(info.eps / 2, dtype), tie) == 1 + 2 * info.eps
    assert value(lambda x: x + np.array(info.eps / 2, dtype), one) == 1


HUGE = [
    (tf.math.lgamma, 1e300), (tf.math.lgamma, -1e15 + 0.5), (tf.math.lgamma, 5e-324),
    (tf.math.digamma, 1e300), (tf.math.digamma, -4481132929.144346), (tf.math.digamma, 1e-300),
    (tf.exp, 1e308), (tf.exp, -1e308), (tf.sin, 1e300), (tf.tan, -1.7e308), (tf.math.erfc, 1e300),
    (tf.sin, 1e300 + 1e300j), (tf.tanh, 1e300 + 1e300j), (tf.acosh, 1e-300 + 1.7e308j),
    (lambda x: x**1e300, 1.5), (lambda x: x**-1e300, -1.5), (lambda z: z**1e300, -1.5 + 1j),
    (lambda x: tf.exp(x * x), 1e200), (tf.math.erfinv, 1 - 2.0**-53),
    (lambda x: tf.exp(-tf.exp(x)), 700.0),
]  # fmt: skip
TOWERS = [
    (lambda x: tf.exp(tf.exp(tf.exp(x))), 1e300), (lambda x: tf.sin(tf.exp(x)), 1e10),
    (lambda z: tf.exp(tf.exp(z) ** tf.exp(z)), 800 + 1j),
    (lambda x: tf.math.lgamma(tf.exp(tf.exp(x))), 1e3),
    (lambda x: tf.math.digamma(-tf.exp(tf.exp(x))), 1e2),
]  # fmt: skip


@pytest.mark.parametrize(("fn", "at"), HUGE)
def test_huge_arguments_are_certified_in_bounded_time(fn, at):
    start = time.perf_counter()
    assert argand.exact(fn, at).certified
    assert time.perf_counter() - start < 20  # a hang, not a speed


@pytest.mark.parametrize(("fn", "at"), TOWERS)
def test_what_no_precision_reaches_ends_undecided(fn, at):
    start = time.perf_counter()
    assert state(fn, at) == "undecided"
    assert time.perf_counter() - start < 20


# --- what once ended in a traceback ------------------------------------------------------------


def test_the_base_of_a_power_and_a_condition_may_be_constants_of_no_axis():
    x = np.array([0.0, 3.0])
    powers = argand.exact(lambda x: tf.pow(tf.constant(2.0, x.dtype), x), x)
    assert powers.dz[0].tolist() == [np.log(2), 8 * np.log(2)]
    chosen = argand.exact(lambda x: tf.where(tf.constant(4.0) < 1e-3, x, tf.sin(x)), x)
    assert chosen.dz[0].tolist() == [1.0, np.cos(3)]
    bits = argand.exact(lambda x: x * tf.bitcast(tf.constant(0x3FF0000000000000), x.dtype), x)
    assert bits.value.tolist() == x.tolist()


def test_rounding_is_flat_between_jumps():
    found = argand.exact(tf.round, np.array([0.4, 0.5, 1.5, -2.6]), upstream=1.0)
    assert found.dz[0][[0, 3]].tolist() == [0, 0]
    assert found.undefined.tolist() == [False, True, True, False]


def test_second_order_takes_what_has_no_value():
    found = argand.exact(lambda x: tf.abs(tf.sqrt(x)), np.array([-1.0, 4.0]), order=2)
    assert found.undefined.tolist() == [True, False]
    assert (found.dz[0][1], found.dzdz[1]) == (0.25, -1 / 32)


def test_second_order_takes_a_choice_between_what_has_a_derivative_and_what_has_none():
    def fn(z):
        s = tf.sign(z)
        return tf.where(tf.math.real(z) > 0, z * s, s)

    assert not argand.exact(fn, np.array([0j]), order=2).certified.any()
