"""Verdicts on results that are right, and on every way of being wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from argand.verdict import (
    CODE,
    GRAVITY,
    KERNELS,
    PLACES,
    VERDICTS,
    gravest,
    judge,
    of_samples,
    severity,
    ulp_exponents,
)

INF, NAN = np.inf, np.nan
MAX, TINY = np.finfo(np.float64).max, np.finfo(np.float64).tiny


def verdict(computed, exact, dtype="complex128", certified=True):
    codes, error = judge(
        np.array([computed], dtype), np.array([exact], dtype), np.array([certified])
    )
    return VERDICTS[codes[0]].name, error[0]


@pytest.mark.parametrize(
    ("computed", "exact", "name"),
    [
        (1 + 2j, 1 + 2j, "accurate"),
        (1 - 2j, 1 + 2j, "conjugated"),
        (-1 - 2j, 1 + 2j, "wrong"),
        (1 + 2.00001j, 1 + 2j, "inaccurate"),
        (complex(INF, 0), 1 + 2j, "spurious_overflow"),
        (0j, 1 + 2j, "spurious_underflow"),
        (0j, complex(TINY * 1.1, 0), "spurious_underflow"),
        (complex(NAN, 1), 1 + 2j, "spurious_nan"),
        (complex(NAN, INF), complex(INF, INF), "spurious_nan"),
        (complex(INF, -INF), complex(INF, -INF), "overflow"),
        (complex(INF, 3), complex(INF, 5), "overflow"),
        (complex(INF, INF), complex(INF, 5), "overflow"),
        (complex(-INF, 0), complex(INF, 0), "wrong"),
        (complex(MAX, 0), complex(INF, 0), "missed_overflow"),
        (0j, complex(TINY / 2, 0), "flushed"),
        (complex(0, TINY * 4), complex(TINY / 2, TINY * 4), "flushed"),
        (complex(MAX, MAX), complex(MAX, MAX), "accurate"),
        (complex(-MAX, MAX), complex(MAX, MAX), "wrong"),
        (1 + 0j, 0j, "wrong"),
        (0j, 0j, "accurate"),
        (complex(NAN, NAN), 0j, "spurious_nan"),
    ],
)
def test_each_way_of_being_right_or_wrong_has_its_verdict(computed, exact, name):
    assert verdict(computed, exact)[0] == name


def test_what_is_not_certified_is_undecided_even_when_equal():
    assert verdict(1, 1, certified=False)[0] == "undecided"


def test_where_the_function_is_undefined_nothing_is_judged():
    codes, error = judge(
        np.array([1.0, 1.0]), np.array([1.0, 1.0]), np.array([False, True]),
        undefined=np.array([True, False]),
    )  # fmt: skip
    assert [VERDICTS[c].name for c in codes] == ["undefined", "accurate"]
    assert np.isnan(error[0])


def test_the_error_is_in_ulp_of_the_norm():
    one_up = np.nextafter(1.0, 2.0)
    assert verdict(one_up, 1.0, "float64") == ("accurate", 1.0)
    assert verdict(complex(0, 1e-17), 0j)[1] > 1e300
    assert verdict(1 + 1e-16j, 1 + 0j)[1] == pytest.approx(1e-16 / np.finfo(float).eps)


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False, width=32))
def test_a_float_is_accurate_against_itself_and_nan_never_is(x):
    assert verdict(x, x, "float32") == ("accurate", 0.0)
    assert verdict(NAN, x, "float32")[0] == "spurious_nan"


def test_no_two_verdicts_share_code_colour_or_glyph():
    for field in ("code", "name", "colour", "glyph", "sentence"):
        assert len({getattr(v, field) for v in VERDICTS}) == len(VERDICTS)
    assert [v.code for v in VERDICTS] == list(range(len(VERDICTS)))
    assert CODE["accurate"] == 0


# --- rows ------------------------------------------------------------------------------------


def test_the_order_of_gravity_holds_every_verdict_once_and_failures_first():
    assert sorted(GRAVITY) == sorted(v.name for v in VERDICTS)
    failing = [{v.name: v.failing for v in VERDICTS}[name] for name in GRAVITY]
    assert failing == sorted(failing, reverse=True)


@pytest.mark.parametrize(
    ("entries", "name"),
    [
        (("accurate", "inaccurate", "overflow"), "inaccurate"),
        (("spurious_nan", "accurate", "wrong"), "wrong"),
        (("accurate", "undecided", "flushed"), "undecided"),
        (("undecided", "accurate", "spurious_underflow"), "spurious_underflow"),
        (("accurate", "accurate", "flushed"), "flushed"),
        (("accurate", "overflow", "accurate"), "overflow"),
        (("accurate", "accurate", "accurate"), "accurate"),
    ],
)
def test_a_sample_is_worth_its_gravest_entry(entries, name):
    codes = np.array([[CODE[e] for e in entries]], np.uint8)
    found, _ = of_samples(codes, np.zeros((1, 3)), (3,))
    assert found.shape == (1,)
    assert found.dtype == np.uint8
    assert VERDICTS[found[0]].name == name


def test_the_error_of_a_sample_is_the_largest_even_beside_what_cannot_be_compared():
    codes = np.array([[CODE["overflow"], CODE["inaccurate"], CODE["accurate"]]] * 2, np.uint8)
    error = np.array([[NAN, 9.0, 1.0], [NAN, NAN, NAN]])
    assert np.array_equal(of_samples(codes, error, (3,))[1], [9.0, NAN], equal_nan=True)


def test_the_gravest_entry_is_the_worst_of_its_verdict():
    codes = np.array([[CODE["inaccurate"], CODE["wrong"], CODE["wrong"]]], np.uint8)
    assert gravest(codes, np.array([[1e9, 3.0, 7.0]]), (3,)).tolist() == [2]
    assert gravest(codes, np.full((1, 3), NAN), (3,)).tolist() == [1]


def test_rows_are_judged_entry_by_entry_and_certified_sample_by_sample():
    exact = np.array([[1 + 2j, 3 - 1j], [1 + 2j, 3 - 1j], [1j, 2j]])
    computed = exact.copy()
    computed[0, 1] = np.conj(computed[0, 1])
    codes, error = judge(
        computed, exact, np.array([True, False, True]), undefined=np.array([False, False, True])
    )
    names = [[VERDICTS[c].name for c in row] for row in codes]
    assert names == [["accurate", "conjugated"], ["undecided"] * 2, ["undefined"] * 2]
    assert VERDICTS[of_samples(codes, error, (2,))[0][0]].name == "conjugated"


def test_numbers_are_rows_without_an_axis_and_matrices_are_rows_too():
    codes, error = np.array([[0, 1], [2, 3]], np.uint8), np.array([[0.0, 5.0], [1e9, 2.0]])
    same = of_samples(codes, error, ())
    assert np.array_equal(same[0], codes)
    assert np.array_equal(same[1], error)
    one = of_samples(codes[None], error[None], (2, 2))
    assert (one[0].tolist(), one[1].tolist()) == ([2], [1e9])


@pytest.mark.parametrize(("shape", "core"), [((4, 3), (2,)), ((4, 0), (0,))])
def test_verdicts_of_another_shape_are_no_rows(shape, core):
    with pytest.raises(ValueError, match="are not rows"):
        of_samples(np.zeros(shape, np.uint8), np.zeros(shape), core)


def test_the_table_of_severities():
    at = ("ordinary", "special", "domain", "elsewhere")
    assert {severity("formula", p, e) for p in at for e in (False, True)} == {"defect"}
    assert {severity("conjugated", p, e) for p in at for e in (False, True)} == {"defect"}
    assert {severity("keyword", p) for p in at} == {"advice"}
    for kind in ("wrong", "spurious_nan", "missed_overflow", *KERNELS):
        assert [severity(kind, p) for p in at] == ["defect", "defect", "defect", "limit"]
    assert [severity("inaccurate", p) for p in at] == ["limit", "limit", "defect", "limit"]
    for kind in ("wrong", "inaccurate", "mode_disagreement"):
        assert {severity(kind, p, explained=True) for p in at} == {"limit"}
    assert set(at) == set(PLACES)


@given(st.floats(-1e307, 1e307))
def test_the_exponent_of_the_last_place_is_that_of_spacing(x):
    for dtype in (np.float64, np.complex128):
        (k,) = ulp_exponents(np.array([x], dtype))
        assert 2.0 ** int(k) == np.spacing(abs(x))


def test_a_conjugate_that_lost_digits_could_give_is_not_called_one():
    exact = np.array([1 + 2.0**-50 * 1j, 1 + 0.01j])
    codes, _ = judge(exact.conj(), exact, np.ones(2, bool), max_ulp=4.0)
    names = [VERDICTS[c].name for c in codes]
    assert names == ["inaccurate", "conjugated"]


@pytest.mark.parametrize(
    ("place", "worth"),
    [("ordinary", "defect"), ("special", "defect"), ("domain", "defect"), ("elsewhere", "limit")],
)
def test_digits_that_tensorflow_keeps_are_a_defect_to_lose(place, worth):
    assert severity("inaccurate", place, auto_right=True) == worth
    assert severity("inaccurate", place, explained=True, auto_right=True) == "limit"
