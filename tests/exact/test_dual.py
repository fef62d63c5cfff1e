"""Duals: rules evaluated on them give the derivatives of what they compute."""

import pytest
from flint import acb, arb
from hypothesis import given
from hypothesis import strategies as st

from argand.exact.dual import Dual, maybe_conj, plus, times

numbers = st.complex_numbers(max_magnitude=100, min_magnitude=0.1)


@given(numbers, numbers)
def test_sums_products_and_quotients_have_the_derivatives_of_calculus(z, c):
    v, c = Dual(acb(z), arb(1)), acb(c)
    z = acb(z)
    for got, slope in (
        (v + c, acb(1)),
        (c - v, acb(-1)),
        (v * v, 2 * z),
        (c * v, c),
        (1 / v, -1 / z**2),
        (v / c, 1 / c),
        (v**3, 3 * z**2),
        (v.exp(), z.exp()),
        (v.sin() * v, z.cos() * z + z.sin()),
    ):
        assert acb(got.dz).overlaps(acb(slope))
        assert got.dzbar is None


@given(numbers)
def test_the_conjugate_and_the_modulus_have_both_derivatives(z):
    v = Dual(acb(z), arb(1))
    square = v * v.conjugate()
    assert square.dz.overlaps(acb(z).conjugate())
    assert square.dzbar.overlaps(acb(z))
    size = abs(v)
    assert (2 * size.dz * abs(acb(z))).overlaps(acb(z).conjugate())


def test_none_stands_for_zero():
    assert times(None, arb(2)) is None
    assert plus(None, None) is None
    assert plus(None, arb(2)) == 2
    assert maybe_conj(None) is None


def test_a_function_without_a_rule_is_named():
    with pytest.raises(AttributeError, match="zeta"):
        Dual(arb(1)).zeta()
