"""Operations on a float's bits, on balls, agree with TensorFlow's."""

import numpy as np
import pytest
import tensorflow as tf
from flint import acb, arb

import argand
from argand.catalogue._numerics.scaling import power
from argand.exact.balls import to_balls
from argand.exact.rules.bits import bitcast, shift
from argand.subject import TargetError

INTEGERS = {"float32": np.int32, "float64": np.int64}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_bits_of_floats_and_floats_of_bits_are_exact(dtype):
    info = np.finfo(dtype)
    floats = np.array([0, 1, -1.5, info.max, info.tiny, info.smallest_subnormal], dtype)
    integer = np.dtype(INTEGERS[dtype]).name
    bits = bitcast(to_balls(floats), dtype, integer)
    assert [int(b.real.unique_fmpz()) for b in bits] == floats.view(integer).tolist()
    back = bitcast(bits, integer, dtype)
    assert [complex(b) for b in back] == floats.astype(complex).tolist()


def test_a_ball_that_holds_two_floats_has_no_bits():
    wide = np.array([acb(arb(1, 1e-10))], object)
    (bits,) = bitcast(wide, "float64", "int64")
    assert not bits.is_finite()
    (shifted,) = shift(bitcast(wide, "float64", "int64"), np.array([3]), "int64", left=True)
    assert not shifted.is_finite()


def test_shifts_keep_the_word():
    values = np.array([5, -5, 2**62 + 1])
    for left in (True, False):
        got = shift(to_balls(values.astype(float))[:2], np.array([2]), "int64", left)
        want = values[:2] << 2 if left else values[:2] >> 2
        assert [int(v.real.unique_fmpz()) for v in got] == want.tolist()
    high = np.array([acb(arb(2**62 + 1))], object)
    (wrapped,) = shift(high, np.array([2]), "int64", left=True)
    assert int(wrapped.real.unique_fmpz()) == 4


@pytest.mark.parametrize("n", [-1022, -1, 0, 1, 52, 1023])
def test_powers_of_two_are_exact_in_tensorflow_and_in_balls(n):
    assert power(tf.constant(float(n), tf.float64)).numpy() == 2.0**n
    got = argand.exact(lambda x: x * power(tf.round(x)), float(n))
    assert got.certified
    assert got.value == n * 2.0**n
    assert got.dz[0] == 2.0**n


@pytest.mark.parametrize("x", [0.5, 1.5, 2.5, -0.5, -1.5, 3.0, 2.4999, 1e15 + 0.5])
def test_a_tie_rounds_to_even(x):
    assert argand.exact(tf.round, x).value == np.rint(x)


def test_bits_that_are_compared_are_refused_in_one_line():
    with pytest.raises(TargetError, match=r"Less .* computes with integers made out of an input"):
        argand.exact(lambda x: tf.where(tf.bitcast(x, tf.int64) < 0, -x, x), 1.0)
