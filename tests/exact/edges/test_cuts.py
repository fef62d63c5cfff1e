"""Branch cuts: where they lie, and that both sides have the values of the C library."""

import cmath

import pytest
from flint import acb, ctx
from hypothesis import given
from hypothesis import strategies as st

from argand.exact.edges.cuts import BELOW_MINUS_ONE, BEYOND_I, BEYOND_ONE, NEGATIVE

beyond = st.floats(1.001, 1e6)
either = st.sampled_from([1, -1])


@given(beyond, either)
def test_square_root_and_logarithm_on_either_side(x, side):
    v = acb(-x)
    assert NEGATIVE.holds(v)
    z = complex(-x, side * 0.0)
    assert complex(NEGATIVE.side(v.sqrt(), v, side)) == pytest.approx(cmath.sqrt(z))
    assert complex(NEGATIVE.side(v.log(), v, side)) == pytest.approx(cmath.log(z))


@given(beyond, either, either)
def test_inverse_functions_on_both_arms(x, arm, side):
    v, w = acb(arm * x), acb(0, arm * x)
    assert BEYOND_ONE.holds(v)
    assert BEYOND_I.holds(w)
    with ctx.workprec(256):
        asin, atanh = (complex(BEYOND_ONE.side(g, v, side)) for g in (v.asin(), v.atanh()))
        asinh = complex(BEYOND_I.side(w.asinh(), w, side))
    z = complex(arm * x, side * 0.0)
    assert asin == pytest.approx(cmath.asin(z))
    assert atanh == pytest.approx(cmath.atanh(z))
    assert asinh == pytest.approx(cmath.asinh(complex(side * 0.0, arm * x)))


def test_off_the_axis_and_before_its_end_there_is_no_cut():
    assert not NEGATIVE.holds(acb(-1, 1e-300))
    assert not NEGATIVE.holds(acb(1))
    assert not BELOW_MINUS_ONE.holds(acb(-1))
