"""Maps as matrices and pictures: nothing is lost by making them smaller, and each can be told."""

import base64
import io
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from argand.report.counts import counts, exceeding
from argand.report.maps import (
    ABSENT,
    CHANGES,
    DARK,
    VERDICT_RANK,
    Panel,
    change_map,
    error_classes,
    maps,
    ulp_map,
    verdict_map,
)
from argand.report.raster import place, png, shrunk, ticks
from argand.sweep.store.results import SweptPlane
from argand.verdict import CODE, GRAVITY, VERDICTS

AXIS = {"label": "Re z", "scale": "linear", "points": 3}


def panel(codes, variant="auto", ulps=None, **more):
    codes = np.asarray(codes, np.uint8)
    errors = np.zeros(codes.shape, np.float32) if ulps is None else np.asarray(ulps, np.float32)
    key = {"variant": variant, "mode": "graph", "quantity": "gradient", "by": "z"} | more
    return Panel(key, codes, errors)


def plane(rows):
    points = pd.DataFrame(rows, columns=["variant", "mode", "quantity", "by", "x", "y", "verdict",
                                         "ulp"])  # fmt: skip
    names = ["variant", "mode", "quantity", "by", "verdict"]
    return SweptPlane("window", "f", "complex128", "Re z, Im z", "1", 0, "CPU:0", AXIS,
                 AXIS | {"label": "Im z"}, {},
                 points.astype(dict.fromkeys(names, "category")), [])  # fmt: skip


def tile(variant, y, verdicts, ulps=(0.5, 0.5, 0.5)):
    return [
        (variant, "graph", "value", "", x, y, v, u)
        for x, v, u in zip([0.0, 1.0, 2.0], verdicts, ulps, strict=True)
    ]


def pixels(source):
    data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_a_map_that_only_some_tiles_have_is_absent_elsewhere_and_rows_find_their_place():
    upper, lower = ["accurate", "wrong", "accurate"], ["overflow"] * 3
    of = maps(
        plane([*tile("auto", 1.0, upper), *tile("custom", 1.0, lower), *tile("auto", 0.0, lower)])
    )
    assert of.x.tolist() == [0, 1, 2]
    assert of.y.tolist() == [0, 1]
    auto, custom = of.panels
    assert auto.verdicts.tolist() == [[CODE[v] for v in lower], [CODE[v] for v in upper]]
    assert custom.verdicts[0].tolist() == [ABSENT] * 3


def test_counts_say_how_many_where_and_how_far_off():
    rows = tile("auto", 5.0, ["accurate", "wrong", "wrong"], [0.25, 7.0, np.inf])
    table = counts(maps(plane(rows))).set_index("verdict")
    assert table.loc["wrong", "points"] == 2
    assert table.loc["wrong", "share"] == pytest.approx(2 / 3)
    assert (table.loc["wrong", "x_low"], table.loc["wrong", "x_high"]) == (1, 2)
    assert table.loc["wrong", "max_ulp"] == 7  # infinite errors are the verdicts' to tell
    assert table.loc["wrong", "x_worst"] == 1
    assert bool(table.loc["wrong", "failing"])


@pytest.mark.parametrize("size", [5, 128, 129, 255])
@pytest.mark.parametrize("verdict", [v.name for v in VERDICTS if v.failing])
def test_a_single_failing_point_is_seen_however_small_the_picture(size, verdict):
    codes = np.zeros((size, size), np.uint8)
    codes[size - 1, 2] = CODE[verdict]
    drawn = pixels(verdict_map(panel(codes)).source)
    assert max(drawn.shape[:2]) <= 128
    colour = tuple(bytes.fromhex(next(v.colour for v in VERDICTS if v.name == verdict)[1:]))
    assert (drawn[0] == colour).all(-1).any()  # y ascends, a picture's rows descend


def test_blocks_take_the_gravest():
    codes = np.array([[0, 1, 2], [0, 0, 0], [1, 0, 0]])
    assert shrunk(codes, np.array([2, 0, 1]), 2).tolist() == [[1, 2], [1, 0]]


@given(
    arrays(np.uint8, st.tuples(*[st.integers(1, 300)] * 2), elements=st.integers(0, ABSENT)),
    st.integers(1, 128),
)
def test_a_block_has_the_gravest_verdict_of_its_points(codes, side):
    found = shrunk(codes, VERDICT_RANK, side)
    assert max(found.shape) <= side
    tall, wide = (-(-n // side) for n in codes.shape)
    for row, column in np.ndindex(found.shape):
        of = codes[row * tall : (row + 1) * tall, column * wide : (column + 1) * wide]
        assert found[row, column] == min(of.ravel(), key=lambda code: VERDICT_RANK[code])


def shown_in_a_block(*names):
    """The verdict whose colour a map has of a block with points of these verdicts."""
    codes = np.full((2, 2), ABSENT, np.uint8)
    codes.flat[: len(names)] = [CODE[n] for n in names]
    whole = np.kron(np.ones((128, 128), np.uint8), codes)  # each block the same
    (colour,) = np.unique(pixels(verdict_map(panel(whole)).source).reshape(-1, 3), axis=0)
    return next(v.name for v in VERDICTS if bytes.fromhex(v.colour[1:]) == bytes(colour))


def test_a_block_with_a_wrong_point_shows_it_whatever_else_it_has():
    assert shown_in_a_block("missed_overflow", "wrong") == "wrong"
    assert all(shown_in_a_block(v.name, "wrong") == "wrong" for v in VERDICTS)


@pytest.mark.parametrize(
    ("one", "other"), list(itertools.combinations([v.name for v in VERDICTS], 2))
)
def test_of_two_verdicts_a_block_shows_the_one_that_verdict_py_ranks_first(one, other):
    gravest = min(one, other, key=GRAVITY.index)
    assert shown_in_a_block(one, other) == shown_in_a_block(other, one) == gravest


def test_the_worst_error_of_a_block_is_shown_and_nan_is_no_error():
    ulps = np.full((256, 256), np.nan)
    ulps[0, 0], ulps[0, 1] = 3.0, np.inf
    classes = error_classes(ulps)
    assert classes[0, :3].tolist() == [3, 7, 8]
    drawn = pixels(ulp_map(panel(np.zeros((256, 256)), ulps=ulps)).source)
    assert (drawn[-1, 0] != drawn[0, 0]).any()
    assert error_classes(np.array([0.0, 0.5, 0.51, 4.0, 4.1])).tolist() == [0, 0, 1, 3, 4]


def test_gained_and_lost_are_told_apart_and_what_is_not_known_is_neither():
    good, bad, unknown = CODE["accurate"], CODE["spurious_nan"], CODE["undecided"]
    before = panel([[good, bad, good, bad, unknown, bad]])
    after = panel([[good, good, bad, bad, good, ABSENT]], "stable")
    raster, shares = change_map(before, after)
    assert shares == pytest.approx(dict.fromkeys(CHANGES, 1 / 6) | {"nothing to judge": 2 / 6})
    assert "gained 16.7 %" in raster.alt
    assert "lost 16.7 %" in raster.alt


def test_a_region_of_some_size_carries_its_verdicts_glyph_where_it_lies():
    codes = np.zeros((20, 20), np.uint8)
    codes[:, 15:] = CODE["spurious_nan"]
    marks = {glyph: (x, y, dark) for x, y, glyph, dark in verdict_map(panel(codes)).marks}
    assert marks["✓"][0] < 0.75 < marks["N"][0]
    assert marks["N"][2]
    assert not marks["✓"][2]


def _luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: v.name)
def test_each_glyph_can_be_read_on_its_colour_in_grey_too(verdict):
    on = _luminance(verdict.colour)
    contrast = (1.05 / (on + 0.05)) if verdict.name in DARK else ((on + 0.05) / 0.05)
    assert contrast >= 4.5


def test_glyphs_are_distinct():
    assert len({v.glyph for v in VERDICTS}) == len(VERDICTS)


def test_the_share_with_a_larger_error_counts_infinite_ones_and_leaves_nan_out():
    of = panel([[0, 0, 0, 0]], ulps=[[0.5, 3.0, np.inf, np.nan]])
    assert exceeding(of, np.array([0.25, 0.5, 4.0])).tolist() == pytest.approx([1, 2 / 3, 1 / 3])
    assert exceeding(panel([[0]], ulps=[[np.nan]]), np.array([1.0])) is None


def test_a_picture_of_few_colours_has_few_bits_and_the_same_bytes():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 2, (64, 64))
    source = png(noise, ["#000000", "#ffffff"])
    assert len(source) < 64 * 64 / 8 * 4 / 3 + 300
    assert source == png(noise, ["#000000", "#ffffff"])


def test_ticks_stand_where_their_numbers_are():
    line = np.array([-1.0, 0.0, 1.0])
    assert place(line, np.array([0.0]), "linear").tolist() == [0.5]
    assert [t.words for t in ticks(np.linspace(-10, 10, 21), "linear")] == [
        "−10", "−5", "0", "5", "10",
    ]  # fmt: skip
    top = float(np.finfo(np.float64).max)
    words = [t.words for t in ticks(np.array([-top, -1.0, 0.0, 1.0, top]), "float line")]
    assert words[1:4] == ["−1", "0", "1"]
    assert all(0 <= t.at <= 1 for t in ticks(np.array([-top, 0.0, top]), "float line"))
