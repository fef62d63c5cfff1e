"""Pictures of few colours: every pixel is a code's colour, and marks can be read on it."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from argand.report.raster import dark, place, png, shrunk

COLOURS = ("#000000", "#ffffff", "#d55e00", "#0072b2", "#e69f00")
CODES = arrays(
    np.uint8, st.tuples(*[st.integers(1, 40)] * 2), elements=st.integers(0, len(COLOURS) - 1)
)


def pixels(source):
    data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@given(CODES)
def test_a_picture_has_each_codes_colour_and_its_first_row_at_the_bottom(codes):
    table = np.array([list(bytes.fromhex(c[1:])) for c in COLOURS], np.uint8)
    np.testing.assert_array_equal(pixels(png(codes, COLOURS)), table[codes][::-1])


@given(CODES, st.permutations(range(len(COLOURS))))
def test_what_fits_is_not_changed(codes, rank):
    np.testing.assert_array_equal(shrunk(codes, np.array(rank), 40), codes)


@pytest.mark.parametrize(("colour", "is_dark"), [("#000000", True), ("#ffffff", False)])
def test_white_is_read_on_dark(colour, is_dark):
    assert dark(colour) is is_dark


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=20, unique=True).map(sorted))
def test_a_place_of_the_axis_is_the_middle_of_its_pixel(values):
    axis = np.array(values, float)
    middles = (np.arange(axis.size) + 0.5) / axis.size
    for scale in ("linear", "float line"):
        np.testing.assert_allclose(place(axis, axis, scale), middles, atol=1e-9)
