"""Tensors of balls: their kinds, signs and shapes."""

import numpy as np
from flint import acb, arb
from hypothesis import given
from hypothesis import strategies as st

from argand.exact.balls import Balls, as_array, conj, to_balls, to_signed, union

parts = st.floats(-1e9, 1e9)


@given(st.lists(st.complex_numbers(max_magnitude=1e9), max_size=6))
def test_balls_are_exact_and_of_the_kind_of_the_floats(zs):
    z = np.array(zs, complex)
    assert [complex(b) for b in to_balls(z).flat] == zs
    assert all(type(b) is acb for b in to_balls(z).flat)
    assert all(type(b) is arb for b in to_balls(z.real.copy()).flat)


@given(parts, parts)
def test_signs_of_zeros_travel_with_the_ball(x, y):
    (s,) = to_signed(np.array([complex(x, y)]))
    assert (s.re, s.im) == (np.copysign(1, x), np.copysign(1, y))


@given(parts, parts, parts)
def test_a_union_holds_both_and_is_complex_if_one_is(x, y, t):
    assert union(arb(x), arb(t)).contains(arb(x))
    hull = union(arb(x), acb(y, t))
    assert type(hull) is acb
    assert hull.contains(acb(x))
    assert hull.contains(acb(y, t))
    assert conj(conj(hull)) == hull or not hull.is_exact()
    assert conj(arb(x)) == arb(x)


def test_what_acts_on_a_tensor_acts_on_its_derivatives():
    value = to_balls(np.arange(6.0).reshape(2, 3))
    balls = Balls(value, (value, None), (None, None))
    out = balls.each(lambda a: a[:, :1])
    assert out.value.shape == out.dz[0].shape == (2, 1)
    assert out.dz[1] is None
    assert out.moves
    assert not Balls(value, (None,), (None,)).moves


def test_an_array_of_objects_has_the_shape_asked_for():
    assert as_array([[1], [2]], (2, 1)).shape == (2, 1)
    assert as_array([], (0, 3)).shape == (0, 3)
