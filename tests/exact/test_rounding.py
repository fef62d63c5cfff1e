"""Balls are rounded once, to nearest, and only where both ends agree."""

from fractions import Fraction

import numpy as np
import pytest
from flint import acb, arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from argand.exact.balls import to_balls
from argand.exact.rounding import round_balls


def rounded(ball, dtype, **more):
    value, sure = round_balls(np.array([ball], object), dtype, **more)
    return value[0], bool(sure[0])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_are_themselves_in_double_and_rounded_in_single(x):
    value, sure = rounded(arb(x), "float64")
    assert sure
    assert value == x
    with np.errstate(over="ignore", under="ignore"):
        assert rounded(arb(x), "float32") == (np.float32(x), True)


@given(st.integers(2**23, 2**24 - 1), st.integers(-3, 3))
def test_near_a_tie_of_singles_the_exact_number_decides(m, off):
    with ctx.workprec(256):
        ball = arb(2 * m + 1) / 2 + arb(off) * arb(2) ** -200  # beside the tie of m and m + 1
        value, sure = rounded(ball, "float32")
    nearest = m if off < 0 else m + 1 if off > 0 else m + m % 2
    assert sure
    assert Fraction(float(value)) == nearest


@given(st.floats(-1e300, 1e300), st.floats(0, 1))
def test_what_is_sure_holds_for_every_number_of_the_ball(x, radius):
    ball = arb(x, radius)
    value, sure = rounded(ball, "float64")
    assert sure == (float(ball.lower()) == float(ball.upper()))
    assert sure or np.isnan(value)


@pytest.mark.parametrize(("ball", "expected"), [(arb(10) ** 400, np.inf), (arb("nan"), np.nan)])
def test_out_of_range_is_infinite_and_what_is_not_known_is_nan(ball, expected):
    value, sure = rounded(ball, "float64")
    assert np.array_equal(value, expected, equal_nan=True)
    assert sure == (expected == np.inf)


def test_what_underflows_keeps_its_sign_and_of_unknown_sign_may_be_plus_zero():
    tiny = arb(2) ** -5000
    assert np.signbit(rounded(-tiny, "float64")[0])
    both = arb(0, 1) * tiny
    assert rounded(both, "float64") == (0.0, True)
    assert not rounded(both, "float64", any_zero=False)[1]


def test_a_complex_number_is_sure_where_both_parts_are_and_a_real_dtype_takes_one():
    assert rounded(acb(1, 2), "complex64") == (1 + 2j, True)
    assert not rounded(acb(1, arb(0, 1)), "complex128")[1]
    assert rounded(acb(1, arb(0, 1)), "float64") == (1.0, True)


def test_shapes_are_kept():
    value, sure = round_balls(to_balls(np.ones((2, 3), np.complex64)), "complex64")
    assert value.shape == sure.shape == (2, 3)
