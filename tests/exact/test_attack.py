"""What once was certified wrongly, or ended in a crash."""

import numpy as np
import pytest
import tensorflow as tf

import argand
import argand.exact.fast.blocks  # as after enough samples
from argand.exact.fast import BITS
from argand.exact.reference import STATES
from argand.subject import TargetError


def on_negative_axis(z):
    """−|z|² as complex arithmetic has it, with a computed imaginary zero of sign −."""
    return -(z * tf.math.conj(z))


@pytest.mark.parametrize(
    ("fn", "imag"),
    [
        (lambda z: tf.math.log(1 + on_negative_axis(z)), np.pi),  # (−5 − 0i) + (1 + 0i): above
        (lambda z: tf.math.log(on_negative_axis(z) + 1), np.pi),
        (lambda z: tf.math.log(on_negative_axis(z) - (-1)), -np.pi),
        (lambda z: tf.math.log(tf.constant(complex(1, -0.0)) + on_negative_axis(z)), -np.pi),
        (lambda z: tf.math.log(on_negative_axis(z)), -np.pi),
    ],
)
@pytest.mark.parametrize("n", [1, 300])
def test_a_computed_zero_chooses_the_side_that_the_formula_says(fn, imag, n):
    got = argand.exact(fn, np.full(n, 1 + 2j))
    assert got.certified.all()
    assert (got.value.imag == imag).all()


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: tf.math.log(1 + (-(x - x))),
        lambda x: tf.exp(-(x - x)) - 1,
        lambda x: tf.math.log(1 + x * (-0.0)),
    ],
)
def test_a_sum_with_one_forgets_the_sign_of_a_zero(fn):
    for x in (1.5, np.full(300, 1.5)):
        got = argand.exact(fn, x)
        assert got.certified.all()
        assert not np.signbit(got.value).any()


def test_what_the_formula_says_of_zeros_holds_at_zeros_of_the_input_too():
    z = np.array([complex(-1e5, 0.0), complex(-1e5, -0.0), complex(2.0, -0.0)])
    got = argand.exact(lambda z: tf.math.log(1 + tf.exp(z)), z)
    assert got.certified.all()
    assert not np.signbit(got.value.imag).any()
    low = argand.exact(lambda z: tf.exp(z) - 1, z)
    assert np.signbit(low.value.imag).tolist() == [False, True, True]
    one = argand.exact(lambda z: 1 / (1 + tf.exp(-z)), z)
    assert not np.signbit(one.value.imag).any()


@pytest.mark.parametrize(
    ("fn", "expected"),
    [
        (lambda x, one: tf.math.log(one + x[:, None]), 3 * np.log(2.5)),
        (lambda x, one: tf.exp(x[:, None]) - one, 3 * np.expm1(1.5)),
        (lambda x, one: one / (1 + tf.exp(-x[:, None])), 3 / (1 + np.exp(-1.5))),
    ],
)
def test_a_constant_that_broadcasts_is_kept(fn, expected):
    def total(x):
        return tf.reduce_sum(fn(x, tf.ones([1, 3], x.dtype)), axis=1)

    got = argand.exact(total, 1.5)
    assert got.certified
    np.testing.assert_allclose(got.value, expected, rtol=1e-15)


@pytest.mark.parametrize("log", [tf.math.log, tf.math.log1p])
def test_the_fast_path_does_not_guess_the_side_of_a_cut(log):
    # z⁴ = −4: the imaginary part is −2⁻⁹⁸, far below what lanes know
    got = argand.exact(
        lambda z: log(tf.square(z**2) * complex(1, 2.0**-100)), np.full(20_000, 1 + 1j)[:300]
    )
    assert got.certified.all()
    assert (got.value.imag == -np.pi).all()
    exactly = argand.exact(lambda z: log(tf.square(z**2)), np.full(300, 1 + 1j))
    assert not exactly.certified.any()  # the sign of zero in z² is not known


def test_the_fast_path_knows_the_side_of_what_is_far_below_every_float():
    # e^z − 1 is −1 with an imaginary part of 10 to the power −10³⁴, of the sign of sin(Im z)
    z = np.tile(np.array([-2.3400508e34 + 49.53842j, -2.3400508e34 + 45j]), 150)
    got = argand.exact(lambda z: tf.math.log(tf.exp(z) - 1), z)
    named = argand.exact(lambda z: (tf.math.expm1(z)) ** -0.7, z)
    assert got.value.imag[:2].tolist() == [-np.pi, np.pi]
    assert (np.sign(named.value.imag[:2]) == [1, -1]).all()


def test_a_jump_that_only_some_samples_meet_is_no_crash():
    x = np.array([1.0, 0.5, 3.0])
    got = argand.exact(lambda x: tf.math.log1p(tf.clip_by_value(x, -1.0, 2.0) ** 2), x)
    assert got.certified.all()
    floor = argand.exact(lambda x: tf.floor(tf.where(x > 2, x, tf.zeros_like(x))), x)
    assert [STATES[k] for k in floor.state] == ["certified", "certified", "undefined"]


def test_samples_of_one_element_take_the_fast_path():

    z = np.random.default_rng(1).normal(size=(300, 1)) + 0.5j
    got = argand.exact(lambda z: z * tf.exp(z), z, core=1, upstream=1j)
    flat = argand.exact(lambda z: z * tf.exp(z), z[:, 0], upstream=1j)
    assert (got.bits == BITS).mean() > 0.9
    np.testing.assert_array_equal(got.value[:, 0], flat.value)
    np.testing.assert_array_equal(got.dz[0][:, 0, 0], flat.dz[0])
    np.testing.assert_array_equal(got.vjp[0][:, 0], flat.vjp[0])


def test_operations_that_are_zero_by_definition_give_a_positive_zero():
    cases = [
        (tf.math.xdivy, -0.0, 5.0), (tf.math.xdivy, 0.0, -5.0), (tf.math.xlogy, -0.0, 3.0),
        (tf.math.multiply_no_nan, -3.0, 0.0), (tf.math.divide_no_nan, -3.0, 0.0),
    ]  # fmt: skip
    for fn, a, b in cases:
        assert not np.signbit(argand.exact(fn, a, b).value), (fn, a, b)
    assert np.signbit(argand.exact(tf.math.xlog1py, -3.0, 0.0).value)


def test_poles_among_other_samples_are_no_crash():
    z = np.array([0j, 1, 2j, -1, complex(-1, -0.0)])
    for fn in (
        lambda z: tf.cast(tf.math.imag(1 / z), z.dtype),
        lambda z: tf.complex(tf.math.angle(z**z), 0.5 * tf.math.real(z)),
        lambda z: tf.complex(tf.nn.relu(tf.math.angle(z**z)), tf.math.real(z)),
    ):
        assert "certified" in {STATES[k] for k in argand.exact(fn, z).state}


def test_a_function_that_assigns_to_its_variable_is_refused():
    v = tf.Variable(1.0, dtype=tf.float64)

    def assigning(x):
        v.assign(2.0)
        return x * v

    with pytest.raises(TargetError, match=r"assigns to the variable.*test_attack\.py:\d+"):
        argand.exact(assigning, 3.0)
    assert argand.exact(lambda x: x * v, 3.0).value == 3
    assert v.numpy() == 1


def test_integers_are_not_rounded_on_the_way_in():
    assert argand.exact(lambda x: x, 2**53).value == 2.0**53
    with pytest.raises(TargetError, match="integer 9007199254740993"):
        argand.exact(lambda x: x, np.int64(2**53 + 1))


def test_an_upstream_of_higher_precision_is_not_rounded():
    got = argand.exact(lambda x: 3 * x, np.float32(1), upstream=2.0**-24 + 2.0**-50)
    assert got.vjp[0] == np.float32(3 * (2.0**-24 + 2.0**-50))
    large = argand.exact(lambda z: z * 2.0**-100, np.complex64(1), upstream=2.0**200 + 0j)
    assert large.vjp[0] == 2.0**100


def test_bfloat16_inside_is_no_crash():
    assert argand.exact(lambda x: tf.cast(tf.cast(x, tf.bfloat16) * 2, x.dtype), 1.25).value == 2.5


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: argand.exact(tf.exp, [[1.0], [1.0, 2.0]]), "input 0 is not an array"),
        (lambda: argand.exact(tf.exp, 1.0, core="1"), "core='1'"),
        (lambda: argand.exact(tf.exp, 1.0, core=1.5), "core=1.5"),
        (lambda: argand.exact(tf.exp, 1.0, dtype=tf.float32), "tf.float32"),
        (
            lambda: argand.exact(lambda x: tf.gather(x, [5], axis=1), np.ones((2, 3)), core=1),
            r"GatherV2.*test_attack\.py:\d+.*fails: .*5 is not in",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line(call, match):
    with pytest.raises(TargetError, match=match) as refusal:
        call()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("fn", "at"),
    [
        (lambda x: tf.round(tf.floor(x) - 1), 0.0),
        (lambda x: tf.sign(tf.floor(x) - 0.5), 1.0),
        (lambda x: tf.minimum(tf.round(x), x), -0.5),
        (lambda x: tf.maximum(tf.floor(x), 0.9 * x), 1.0),
        (lambda x: tf.where(tf.floor(x) > 0.5, x, 2 * x), 1.0),
        (lambda x: tf.cast(tf.floor(x) > 0.5, x.dtype), 1.0),
        (lambda x: tf.math.multiply_no_nan(tf.floor(x), x), 0.0),
        (lambda x: tf.sign(x**x), -1.0),  # no value beside
        (lambda x: tf.math.log(x - 2) ** 0.0, 1.0),
        (lambda x: tf.floor(tf.where(x < 1, x, x + 1.5)), 1.0),
    ],
)
def test_what_jumps_is_not_forgotten_by_what_is_constant_beside(fn, at):
    for x in (at, np.full(3, at)):
        assert not argand.exact(fn, x).certified.any()
    assert argand.exact(fn, 2.25).certified


def test_a_branch_without_value_is_still_no_matter():
    got = argand.exact(lambda x, y: tf.maximum(tf.where(x > 0, tf.math.log(x), y), 0.1), -1.0, 2.0)
    assert got.certified
    other = argand.exact(lambda x, y: tf.where(tf.floor(x) > 0.5, y, 2 * y), 1.0, 3.0)
    assert other.dz[1] == 1


def test_a_jump_along_two_inputs_is_undecided_along_both():
    got = argand.exact(lambda x, y: tf.round(tf.floor(x) + tf.floor(y)), 1.0, 2.0)
    assert not got.certified
    assert np.isnan([got.dz[0], got.dz[1]]).all()
