"""The search ends at a witness that is no better than the one it began with."""

import numpy as np
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from argand.trial.judged import Judged
from argand.trial.problems import problems
from argand.trial.search import Witness, climb, worst_of
from argand.trial.trial import Trial
from argand.verdict import CODE


def climbed(fn, start, error, domain=None, rounds=6, verdict="inaccurate"):
    (problem,), _ = problems(fn, ["float64"], domain, None)
    trial = Trial(problem, "eager", 256, 4.0)
    one, zero = np.float64(1), np.float64(0)
    first = -np.inf if verdict == "spurious_underflow" else error
    w = Witness(("value", -1), verdict, [start], one, zero, one, error, 0, first)
    (found,) = climb(trial, [w], rounds, np.random.default_rng(0))
    return found


def cancels(x):
    return 1 - tf.cos(x)


def test_it_walks_towards_larger_error():
    w = climbed(cancels, 0.3, 5.0)
    assert w.error > 1e3
    assert abs(w.components[0]) < 0.1
    assert abs(w.computed - w.exact) > 1e-14 * abs(w.exact)


def test_it_stays_within_the_domain():
    w = climbed(cancels, 0.3, 5.0, domain=(0.2, 0.4))
    assert 0.2 <= w.components[0] <= 0.4


def test_it_keeps_what_it_cannot_better():
    w = climbed(cancels, 0.3, 1e300)
    assert (w.components, w.error) == ([0.3], 1e300)


def test_no_rounds_change_nothing():
    assert climbed(cancels, 0.3, 5.0, rounds=0).components == [0.3]


def test_of_what_vanished_the_largest_is_sought():
    w = climbed(lambda x: tf.exp(x) * 1e300, -740.0, np.inf, verdict="spurious_underflow")
    assert w.exact > np.exp(-740.0) * 1e300
    assert w.computed == 0


def judged(codes, error, exact):
    n = len(codes)
    return Judged(np.array(codes), np.array(error), np.zeros(n), np.array(exact), np.zeros(n, int))


@given(st.lists(st.floats(5, 1e300), min_size=1, max_size=20))
def test_the_worst_of_lost_digits_is_the_largest_error(errors):
    n = len(errors)
    part = judged([CODE["inaccurate"]] * n, errors, [1.0] * n)
    worst = worst_of("inaccurate", part, np.arange(n), lambda at: at * 0.0)
    assert errors[worst] == max(errors)


@given(st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=20))
def test_of_what_vanished_the_worst_is_the_largest_of_what_overflowed_the_smallest(sizes):
    n = len(sizes)
    for verdict, extreme in (("spurious_underflow", max), ("spurious_overflow", min)):
        part = judged([CODE[verdict]] * n, [np.inf] * n, sizes)
        worst = worst_of(verdict, part, np.arange(n), lambda at: at * 0.0)
        assert np.log2(sizes[worst]) == np.log2(extreme(sizes))


def test_where_nothing_measures_the_plainest_is_taken():
    part = judged([CODE["spurious_nan"]] * 4, [np.nan] * 4, [1.0] * 4)
    oddity = np.array([3.0, 1.0, 0.5, 2.0])
    assert worst_of("spurious_nan", part, np.array([0, 1, 3]), lambda at: oddity[at]) == 1
