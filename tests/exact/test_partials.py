"""Arrays of derivatives, where None is zero."""

import numpy as np
from flint import arb

from argand.exact.balls import as_array, to_balls
from argand.exact.partials import left_padded, product, some, total, unless_zero

TWO = to_balls(np.array([2.0, 3.0]))
HALF = as_array([arb(5), None], (2,))  # zero at the second sample


def test_zero_is_kept_as_none_by_element_and_as_a_whole():
    assert product(TWO, HALF).tolist() == [arb(10), None]
    assert product(TWO, None) is None
    assert product(as_array([None, arb(1)], (2,)), HALF) is None
    assert some(HALF) is HALF
    assert unless_zero([None, None], (2,)) is None


def test_sums_leave_out_zeros():
    assert total(None, None) is None
    assert total(TWO, None, HALF).tolist() == [arb(7), arb(3)]


def test_axes_are_added_behind_that_of_samples():
    assert left_padded(np.zeros((5, 3)), 4).shape == (5, 1, 1, 3)
