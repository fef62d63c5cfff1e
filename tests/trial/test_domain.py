"""How a domain is written, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argand.subject import TargetError
from argand.targets import from_catalogue
from argand.trial.domain import read_domain, window_of

PAIR = st.tuples(st.floats(-9, 9), st.floats(-9, 9)).filter(lambda p: p[0] < p[1])


@given(st.lists(PAIR, min_size=2, max_size=2), st.booleans())
def test_pairs_are_read_however_they_are_nested(pairs, nested):
    written = [pairs] if nested else pairs
    assert read_domain(written, ["complex64"]) == tuple(pairs)
    assert read_domain(written, ["float32", "float64"]) == tuple(pairs)


def test_one_pair_is_for_all_components():
    assert read_domain((-1, 2), ["float64"]) == ((-1.0, 2.0),)
    assert read_domain((-1, 2), ["complex64", "float32"]) == ((-1.0, 2.0),) * 3
    assert read_domain(None, ["float64"]) is None


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ([(0, 1)] * 3, "has 3"),
        ([(0, 1), (2, 2)], "empty"),
        (3, "not made"),
        ((0, math.inf), "infinite"),
    ],
)
def test_what_does_not_fit_is_one_line(domain, words):
    with pytest.raises(TargetError, match=words):
        read_domain(domain, ["complex64"])


def test_the_window_of_a_subject_has_a_pair_for_each_component():
    assert len(window_of(from_catalogue("z_exp_z"))) == 2
    assert len(window_of(from_catalogue("wave_packet"))) == 3
