"""Samples with known answers: intervals, verdicts, and NaN that never yields one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from argand.timing.statistics import (
    FEWEST_ROUNDS,
    Interval,
    compare,
    median_interval,
    ratio_interval,
)


def rounds(rng, n, slowdown=1.0, noise=0.03):
    """(baseline, other): each round has a drift of its own that both share."""
    drift = np.exp(rng.normal(0, 0.3, n))
    baseline = drift * np.exp(rng.normal(0, noise, n))
    return baseline, slowdown * drift * np.exp(rng.normal(0, noise, n))


def verdicts(slowdown, n=40, runs=400):
    rng = np.random.default_rng(3)
    pairs = [rounds(rng, n, slowdown) for _ in range(runs)]
    return [compare(ratio_interval(other, baseline)).judgement for baseline, other in pairs]


def test_a_thing_against_itself_is_hardly_ever_called_different():
    said = verdicts(1.0)
    assert sum(v in ("faster", "slower") for v in said) <= len(said) // 100
    assert said.count("same within 5 %") > len(said) // 2


def test_a_slowdown_of_ten_percent_is_found_and_its_inverse_is_faster():
    assert verdicts(1.10).count("slower") >= 0.95 * 400
    assert verdicts(1 / 1.10).count("faster") >= 0.95 * 400


@pytest.mark.parametrize(
    ("confidence", "exact"),
    [(0.9, 0.9567), (0.99, 0.9959)],  # binomial: 25 rounds have no interval in between
)
def test_the_interval_holds_the_median_as_often_as_it_says(confidence, exact):
    rng = np.random.default_rng(5)
    samples = np.exp(rng.normal(0, 1, (4000, 25)))  # median 1
    found = [median_interval(x, confidence) for x in samples]
    share = np.mean([i.low <= 1 <= i.high for i in found])
    assert share == pytest.approx(exact, abs=0.01)


def test_eleven_rounds_are_the_fewest_whose_extremes_enclose_the_median():
    few = median_interval(np.arange(1.0, FEWEST_ROUNDS))
    assert (few.low, few.high) == (0.0, math.inf)
    enough = median_interval(np.arange(1.0, FEWEST_ROUNDS + 1))
    assert (enough.value, enough.low, enough.high) == (6.0, 1.0, 11.0)


def test_too_few_rounds_cannot_tell_and_say_how_many_could():
    said = compare(ratio_interval(np.full(5, 2.0), np.ones(5)))
    assert (said.judgement, said.rounds_needed) == ("cannot tell", FEWEST_ROUNDS)


def test_what_cannot_be_told_names_the_rounds_that_would_decide():
    said = compare(Interval(1.06, 0.95, 1.18, 25))
    assert said.judgement == "cannot tell"
    assert 25 < said.rounds_needed < 200
    assert str(said.rounds_needed) in str(said)


@pytest.mark.parametrize("bad", [math.nan, math.inf, 0.0, -1.0])
def test_one_sample_that_is_no_time_leaves_no_verdict(bad):
    samples = np.ones(50)
    samples[7] = bad
    for interval in (
        median_interval(samples),
        ratio_interval(samples, np.ones(50)),
        ratio_interval(np.ones(50), samples),
    ):
        assert math.isnan(interval.value)
        assert compare(interval).judgement == "cannot tell"


@pytest.mark.parametrize("field", ["value", "low", "high"])
def test_nan_anywhere_in_an_interval_leaves_no_verdict(field):
    values = {"value": 2.0, "low": 1.9, "high": 2.1} | {field: math.nan}
    assert compare(Interval(**values, count=50)).judgement == "cannot tell"


def test_no_samples_leave_no_verdict():
    assert compare(median_interval(np.array([]))).judgement == "cannot tell"


@given(st.lists(st.floats(1e-9, 1e9), min_size=11, max_size=60), st.floats(0.01, 100))
def test_the_ratio_scales_and_the_bounds_enclose_it(times, factor):
    x = np.array(times)
    ratio = ratio_interval(factor * x, x)
    assert ratio.low <= ratio.value <= ratio.high
    assert ratio.value == pytest.approx(factor)


@pytest.mark.parametrize(
    ("low", "high", "judgement"),
    [
        (0.96, 1.04, "same within 5 %"),
        (1.01, 1.04, "same within 5 %"),
        (1.01, 1.06, "slower"),
        (0.90, 0.99, "faster"),
        (0.90, 1.04, "cannot tell"),
        (1.0, 1.2, "cannot tell"),
    ],
)
def test_a_verdict_follows_from_the_bounds(low, high, judgement):
    assert compare(Interval((low + high) / 2, low, high, 30)).judgement == judgement
