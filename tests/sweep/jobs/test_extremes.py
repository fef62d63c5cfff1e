"""The worst samples of a map, by verdict."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from argand.sweep.jobs.extremes import extremes
from argand.trial.judged import Judged
from argand.verdict import CODE, VERDICTS


def test_the_largest_error_is_chosen_and_of_nan_the_plainest_place():
    codes = np.array([CODE[v] for v in ("inaccurate", "inaccurate", "spurious_nan", "spurious_nan",
                                        "accurate", "overflow")], np.uint8)  # fmt: skip
    error = np.array([5.0, 9.0, np.inf, np.inf, 1.0, np.nan])
    ones = np.ones(6)
    xs = np.array([1.0, 1.0, 1e9, -2.0, 1.0, 1.0])
    assert dict(extremes(Judged(codes, error, ones, ones, np.zeros(6, int)), xs, ones)) == {
        "inaccurate": 1,
        "spurious_nan": 3,
        "accurate": 4,
    }


def test_what_vanished_is_worst_where_it_was_largest():
    codes = np.full(3, CODE["spurious_underflow"], np.uint8)
    exact = np.array([1e-300, 1e-10, 1e-200])
    found = Judged(codes, np.array([9.0, 1.0, 5.0]), np.zeros(3), exact, np.zeros(3, int))
    assert dict(extremes(found, exact, exact)) == {"spurious_underflow": 1}


@given(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=20), st.randoms())
def test_each_failing_verdict_that_occurs_has_one_sample_of_its_own(verdicts, random):
    codes = np.array([v.code for v in verdicts], np.uint8)
    error = np.array([random.choice([random.random(), np.nan, np.inf]) for _ in verdicts])
    xs = np.array([random.uniform(-9, 9) for _ in verdicts])
    judged = Judged(codes, error, xs, xs, np.zeros(len(verdicts), int))
    found = dict(extremes(judged, xs, xs))
    assert found.keys() == {v.name for v in verdicts if v.failing or v.name == "accurate"}
    assert all(verdicts[k].name == name for name, k in found.items())
