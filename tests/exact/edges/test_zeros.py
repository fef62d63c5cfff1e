"""Signs of zeros follow IEEE 754: held against the processor's own arithmetic."""

import operator

import numpy as np
import pytest
from flint import acb, arb
from hypothesis import given
from hypothesis import strategies as st

from argand.exact.edges.zeros import of_product, of_quotient, of_sum, sign, signed, zero_signs

few = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, -3.0])


@given(few, few)
def test_signs_of_real_results_are_ieee_754s(x, y):
    a, b = signed(x, True), signed(y, True)
    for act, signs in ((operator.add, of_sum), (operator.mul, of_product)):
        if act(x, y) == 0:
            assert signs(a, b)[0] == np.copysign(1, act(x, y))
    if x - y == 0:
        assert of_sum(a, b, -1)[0] == np.copysign(1, x - y)
    if y != 0 and x / y == 0:
        assert of_quotient(a, b)[0] == np.copysign(1, x / y)


@given(few, few, few, few)
def test_signs_of_complex_products_are_those_of_the_textbook_formula(a, b, c, d):
    re, im = of_product(signed(complex(a, b), False), signed(complex(c, d), False))
    for got, exact in ((re, a * c - b * d), (im, a * d + b * c)):
        assert exact != 0 or got == np.copysign(1, exact)


@pytest.mark.parametrize(
    ("ball", "expected"), [(arb(2), 1), (arb(-2), -1), (arb(0), -7), (arb(0, 1), 0)]
)
def test_the_sign_of_a_ball(ball, expected):
    assert sign(ball, -7) == expected


def test_signs_of_an_array():
    value = np.array([signed(complex(-0.0, 0.0), False), None, signed(-0.0, True)], object)
    assert zero_signs(value).tolist() == [[-1, 1], [1, 1], [-1, 1]]
    assert (signed(1j, False) + signed(-1j, False)).ball == acb(0)
