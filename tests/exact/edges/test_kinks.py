"""Derivatives that do not exist stay a proof only where nothing can make up for them."""

from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from argand.exact.edges.kinks import (
    KINK,
    VERTICAL,
    Corner,
    OneSided,
    Shadow,
    Token,
    one_sided,
    sides,
)

numbers = st.floats(-100, 100).map(arb)


@given(numbers, numbers)
def test_a_token_survives_factors_that_are_not_zero_and_finite_terms(a, b):
    token = Token(arb(0, 1))
    assert isinstance(a * token, Token) == bool(a != 0)
    assert isinstance(token + b, Token)
    assert not isinstance(token * arb(0, 1), Token)
    assert not isinstance(token + Token(arb(0, 1)), Token)


@given(numbers)
def test_a_corner_has_the_slope_of_its_side(d):
    along = Corner(-1, 1).along(d)
    assert sides(along) == (-abs(d), abs(d))


@given(numbers, numbers)
def test_opposite_kinks_cancel(a, b):
    kink = one_sided(a, b)
    assert sides(kink + one_sided(-a, -b)) == (0, 0)
    assert isinstance(kink, OneSided) == bool(a != b)
    assert sides(kink * arb(2)) == (2 * a, 2 * b)
    if isinstance(kink, OneSided):
        assert kink.apart()
        assert kink.ball.contains(a)
        assert kink.ball.contains(b)
        assert sides(kink.conjugate()) == (a, b)


def test_the_modulus_bends_at_zero_and_its_second_partial_adds_nothing():
    assert sides(KINK.along(arb(3))) == (-3, 3)
    assert Shadow(KINK.ball).along(arb(3)) is None
    assert sides(None) == (0, 0)
    assert not VERTICAL.ball.is_finite()
