"""Verdicts on results that are right, and on every way of being wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from argand.verdict import CODE, VERDICTS, judge

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
