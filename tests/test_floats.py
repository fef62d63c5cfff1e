"""Ordinals count floats, grids cover the line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from argand.floats import (
    draw_float_line,
    float_line,
    from_ordinals,
    hexadecimal,
    ordinals,
    real_dtype,
    special_values,
)

DTYPES = ["float32", "float64"]
WIDTH = {"float32": 32, "float64": 64}
dtypes = st.sampled_from(DTYPES)


def floats(dtype):
    return st.floats(width=WIDTH[dtype], allow_nan=False)


@given(st.floats(-1e308, 1e308))
def test_neighbouring_floats_have_neighbouring_ordinals(x):
    here = ordinals(np.array([x]))[0]
    assert from_ordinals(np.array([here]), "float64")[0] == x
    up = from_ordinals(np.array([here + 1]), "float64")[0]
    assert up == np.nextafter(x, np.inf)


@given(dtypes.flatmap(lambda d: st.tuples(st.just(d), floats(d), floats(d))))
def test_ordinals_keep_the_order_and_are_odd(drawn):
    dtype, a, b = drawn
    x, y = np.array([a, b], dtype)
    left, right = ordinals(np.array([x, y]))
    assert (left < right) == (x < y)
    assert (left == right) == (x == y)
    assert ordinals(np.array([-x]))[0] == -left


@given(dtypes.flatmap(lambda d: st.tuples(st.just(d), floats(d))))
def test_each_float_is_read_back_from_its_ordinal_a_zero_without_its_sign(drawn):
    dtype, a = drawn
    x = np.array([a], dtype)
    back = from_ordinals(ordinals(x), dtype)
    assert back.dtype == dtype
    assert back[0] == x[0]
    assert not (x[0] == 0 and np.signbit(back[0]))


@given(dtypes, st.integers(2, 400))
def test_the_float_line_steps_over_as_many_floats_each_time_but_for_two(dtype, n):
    steps = np.diff(ordinals(float_line(n, dtype)).astype(object))
    assert max(steps) - min(steps) <= 2


@pytest.mark.parametrize(("dtype", "real"), [("complex64", "float32"), ("complex128", "float64")])
def test_the_real_dtype_is_that_of_the_parts(dtype, real):
    assert real_dtype(dtype) == real_dtype(real) == real


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_float_line_is_symmetric_and_ends_at_the_largest(dtype):
    line = float_line(201, dtype)
    assert line[100] == 0
    np.testing.assert_array_equal(line, -line[::-1])
    assert line[-1] == np.finfo(dtype).max
    assert (np.diff(line.astype(np.float64)) > 0).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_drawn_and_special_floats_are_finite(dtype):
    drawn = draw_float_line(np.random.default_rng(0), 1000, dtype)
    assert np.isfinite(drawn).all()
    assert (drawn < 0).any()
    special = special_values(dtype)
    assert special.dtype == dtype
    assert np.isfinite(special).all()


@given(st.complex_numbers(allow_nan=False), st.floats(allow_nan=False))
def test_hexadecimal_is_read_back_exactly(z, x):
    assert [float.fromhex(h) for h in hexadecimal(z)] == [z.real, z.imag]
    assert [float.fromhex(h) for h in hexadecimal(x)] == [x]
