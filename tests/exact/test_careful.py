"""The careful pass at single points: undefined operands, signs, kinks."""

import numpy as np
import pytest
import tensorflow as tf
from flint import acb, arb

import argand
from argand.exact.careful import points
from argand.exact.edges.kinks import UNDEFINED, Token
from argand.exact.edges.zeros import Signed
from argand.exact.rules.table import RULES


def point(name, *operands):
    (result,), partials = points(RULES[name], [[o] for o in operands], True)
    return result, partials and partials[0]


def test_an_undefined_operand_leaves_the_value_undefined():
    result, by = point("Mul", UNDEFINED, Signed(arb(2)))
    assert result is UNDEFINED
    assert by[0][0] is UNDEFINED


def test_a_selection_may_do_without_an_undefined_operand():
    result, by = point("SelectV2", True, Signed(arb(2)), UNDEFINED)
    assert result.ball == 2
    assert by[1][0] == 1
    assert point("SelectV2", False, Signed(arb(2)), UNDEFINED)[0] is UNDEFINED


def test_a_comparison_with_an_undefined_operand_is_not_known():
    assert point("Less", UNDEFINED, Signed(arb(2))) == (None, None)


def test_a_pole_and_a_kink_are_proved():
    assert point("Reciprocal", Signed(arb(0)))[0] is UNDEFINED
    result, by = point("Abs", Signed(arb(0)))
    assert result.ball == 0
    assert isinstance(by[0][0], Token)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_sign_of_a_zero_names_the_side_of_the_cut(sign):
    result, _ = point("Sqrt", Signed(acb(-4, 0), 1, sign))
    assert result.ball == acb(0, 2 * sign)


def test_multiply_no_nan_takes_zero_beside_a_pole_and_is_undefined_otherwise():
    x = np.array([0.0, 1.0])
    one = argand.exact(lambda x: tf.math.multiply_no_nan(1 / x, x + 1), x)
    assert one.undefined.tolist() == [True, False]
    zero = argand.exact(lambda x: tf.math.multiply_no_nan(1 / (x - 1), tf.zeros_like(x)), x)
    assert zero.value.tolist() == [0, 0]
