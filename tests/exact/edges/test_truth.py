"""Truth values of three kinds and Edges: the laws of logic hold for all."""

from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from argand.exact.edges.truth import Edge, both, either, equal, less, less_equal, negation

maybe = st.sampled_from([True, False, None])
edges = st.builds(
    Edge, st.booleans(), st.tuples(maybe, maybe), st.tuples(maybe, maybe), st.just((None, None))
)
truths = st.one_of(maybe, edges)


@given(truths, truths)
def test_de_morgan(a, b):
    assert negation(negation(a)) == a
    assert negation(both(a, b)) == either(negation(a), negation(b))


@given(maybe, maybe)
def test_what_is_not_known_is_known_where_the_other_decides(a, b):
    known = {(x, y) for x in (True, False) for y in (True, False) if a in (x, None)}
    outcomes = {x and y for x, y in known if b in (y, None)}
    assert both(a, b) == (outcomes.pop() if len(outcomes) == 1 else None)


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_comparisons_of_exact_balls_are_those_of_floats_and_ties_are_edges(x, y):
    for test, expected in ((less, x < y), (less_equal, x <= y), (equal, x == y)):
        truth = test(arb(x), arb(y))
        assert isinstance(truth, Edge) == (x == y)
        assert (truth.holds if x == y else truth) == expected


def test_balls_that_overlap_are_not_compared():
    wide = arb(0, 1)
    assert less(wide, arb(0.5)) is None
    assert equal(wide, arb(0.5)) is None
    assert less(wide, arb(2)) is True


@given(edges, st.integers(0, 1))
def test_beside_an_edge_there_is_what_it_knows(edge, i):
    assert edge.beside(i) == (edge.left[i], edge.right[i])
    assert Edge(True).beside(i) == (None, None)
    assert edge.across(i) is None
    assert Edge(True).across(i) is False
