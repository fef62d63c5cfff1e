"""The one bisection, against answers that are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argand.trial.bisection import bisect

PLACE = st.integers(-(2**63), 2**63)


def below(edges):
    """Behaves as the first end on this side of each bracket's edge, which is counted from it."""

    def as_first(still, grids):
        asked = zip(still, grids, strict=True)
        return [[abs(p - edges[k][0]) < edges[k][1] for p in grid] for k, grid in asked]

    return as_first


@st.composite
def brackets(draw):
    """A first end, a last end on either side, and how far from the first the change is."""
    first, width = draw(PLACE), draw(st.integers(1, 2**64))
    return first, first + width * draw(st.sampled_from([-1, 1])), draw(st.integers(1, width))


@given(st.lists(brackets(), min_size=1, max_size=4), st.integers(1, 40))
def test_the_neighbours_of_the_change_are_found_in_either_direction(given_brackets, points):
    edges = {k: (first, far) for k, (first, _, far) in enumerate(given_brackets)}
    ends = [(first, last) for first, last, _ in given_brackets]
    found = bisect(ends, below(edges), lambda still: max(1, points // still))
    for (first, last, far), (before, after) in zip(given_brackets, found, strict=True):
        assert abs(after - before) == 1
        assert abs(before - first) == far - 1
        assert (after - before > 0) == (last > first)


@given(brackets(), st.integers(0, 20))
def test_rounds_bound_the_work_and_keep_the_change_inside(bracket, rounds):
    first, last, far = bracket
    asked = []

    def as_first(still, grids):
        asked.append(grids)
        return below({0: (first, far)})(still, grids)

    ((before, after),) = bisect([(first, last)], as_first, rounds=rounds)
    assert len(asked) <= rounds
    assert abs(before - first) < far <= abs(after - first)


def test_neighbours_are_asked_nothing():
    def never(still, grids):
        raise AssertionError("nothing lies between")

    assert bisect([(3, 4), (4, 3)], never) == [(3, 4), (4, 3)]
    assert bisect([], never) == []


@pytest.mark.parametrize("points", [1, 3, 7])
def test_of_several_changes_the_first_is_found_among_the_places_asked(points):
    changes = {50, 80}

    def as_first(still, grids):
        return [[sum(p >= c for c in changes) % 2 == 0 for p in g] for g in grids]

    ((before, after),) = bisect([(0, 99)], as_first, lambda still: points)
    assert (before, after) in ((49, 50), (79, 80), (98, 99))
    assert sum(before >= c for c in changes) % 2 == 0
