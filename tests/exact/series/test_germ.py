"""Laurent series: their arithmetic is that of the rational functions they come from."""

from fractions import Fraction

import pytest
from flint import acb, arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from argand.exact.series.germ import (
    KEEP,
    NOWHERE,
    Germ,
    composed,
    constant,
    exact_number,
    minus,
    number,
    over,
    plus,
    series,
    shifted,
    small,
    tail,
    times,
)

coefficients = st.lists(st.integers(-3, 3), max_size=5)
laurents = st.builds(lambda low, c: series(low, [fmpq(v) for v in c], None, False),
                     st.integers(-3, 3), coefficients)  # fmt: skip
T = Fraction(1, 10**6)


def at(germ, t=T):
    """Its sum at a small t."""
    return sum(Fraction(int(c.p), int(c.q)) * t ** (germ.low + k) for k, c in enumerate(germ.terms))


@given(laurents, laurents)
def test_sums_and_products_are_those_of_the_functions(a, b):
    assert at(plus(a, b)) == at(a) + at(b)
    assert at(minus(a, b)) == at(a) - at(b)
    assert at(times(a, b)) == at(a) * at(b)
    assert minus(a, a).zero


@given(laurents, laurents)
def test_a_quotient_times_its_divisor_is_the_dividend_up_to_its_order(a, b):
    quotient = over(a, b)
    if b.zero:
        assert quotient is NOWHERE
        return
    back = times(quotient, b)
    end = a.low + KEEP if back.order is None else back.order
    assert all(back.at(k) == a.at(k) for k in range(-20, end))


def test_zeros_are_counted_only_where_they_are_exact():
    unsure = arb(0, 1e-30)
    assert series(0, [fmpq(0), fmpq(0), fmpq(2)], None, False).low == 2
    assert series(0, [unsure, fmpq(1)], None, False).low == 0
    assert not series(0, [unsure, fmpq(1)], None, False).leads
    assert over(number(1), series(0, [unsure, fmpq(1)], None, False)) is None


def test_what_is_left_out_is_not_known():
    a = plus(number(2), small(3, False))
    assert [a.at(k) for k in (0, 1, 2, 3)] == [2, 0, 0, None]
    assert times(a, a).order == 3
    assert times(small(3, False), small(4, False)).order == 7
    assert over(small(3, False), number(2)).order == 3
    assert over(number(2), small(3, False)) is None
    assert times(number(0), small(3, False)).zero


def test_a_constant_is_rational_where_it_can_be():
    assert constant(arb(0.5)).terms == (fmpq(1, 2),)
    assert constant(arb(0)).zero
    assert constant(acb(2)) == Germ(0, (fmpq(2),), None, True)
    assert constant(arb("nan")) is NOWHERE
    assert constant(arb("inf")) is None
    assert isinstance(exact_number(arb.pi()), arb)
    assert isinstance(exact_number(arb(2) ** 100_000), arb)


@pytest.mark.parametrize("low", [1, 2, 5])
def test_a_composed_series_is_that_of_the_composed_function(low):
    geometric = [fmpq(1)] * (KEEP // low + 1)  # 1/(1 − t)
    h = Germ(low, (fmpq(1),), None, False)
    found = composed(geometric, h, False)
    assert [found.at(k) for k in range(2 * low + 1)] == [
        fmpq(k % low == 0) for k in range(2 * low + 1)
    ]


def test_the_tail_and_a_shift_move_terms():
    a = Germ(-1, (fmpq(2), fmpq(3), fmpq(4)), 5, False)
    assert tail(a, 0) == Germ(1, (fmpq(4),), 5, False)
    assert tail(a, -1) == Germ(1, (fmpq(3), fmpq(4)), 6, False)
    assert shifted(a, 2) == Germ(1, a.terms, 7, False)
    assert shifted(number(0), 2).zero
