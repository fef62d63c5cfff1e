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
    special_values,
)

DTYPES = ["float32", "float64"]


@given(st.floats(-1e308, 1e308))
def test_neighbouring_floats_have_neighbouring_ordinals(x):
    here = ordinals(np.array([x]))[0]
    assert from_ordinals(np.array([here]), "float64")[0] == x
    up = from_ordinals(np.array([here + 1]), "float64")[0]
    assert up == np.nextafter(x, np.inf)


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


def test_hexadecimal_is_exact():
    assert [float.fromhex(h) for h in hexadecimal(complex(0.1, -0.2))] == [0.1, -0.2]
