"""What may jump leaves nothing certified that depends on the side."""

import numpy as np
import pytest
import tensorflow as tf
from flint import arb

import argand
from argand.exact.balls import UNDECIDED, Balls, to_balls
from argand.exact.edges.jumps import edges_undecided, jumps_are_edges, jumps_undecided
from argand.exact.edges.truth import Edge

VALUE = to_balls(np.array([1.0, 2.0]))
JUMPING = np.array([UNDECIDED, arb(1)], object)  # by its derivative the first may jump


def test_a_constant_of_what_may_jump_has_no_known_derivative():
    operand = Balls(VALUE, (JUMPING,), (None,))
    flat = [((None, None),), ((None, None),)]
    out = jumps_undecided(Balls(VALUE, (None,), (None,)), flat, [operand], (2,))
    assert not out.dz[0][0].is_finite()
    assert out.dz[0][1] is None
    assert out.dzbar == (None,)


def test_a_comparison_of_what_may_jump_is_an_edge():
    truths = Balls(np.array([True, True], object), (None,), (None,))
    operand = Balls(VALUE, (JUMPING,), (None,))
    out = jumps_are_edges(truths, [operand, operand], 1).value
    assert out[0] == Edge(True, (None,), (None,), (False,))
    assert out[1] is True


def test_a_selection_at_an_edge_is_undecided():
    out = edges_undecided(Balls(VALUE, (None,), (None,)), [Edge(True), True])
    assert not out.dz[0][0].is_finite()
    assert out.dz[0][1] is None
    plain = Balls(VALUE, (None,), (None,))
    assert edges_undecided(plain, [True, False]) is plain


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: tf.floor(tf.floor(x) / 2),
        lambda x: tf.where(tf.floor(x) > 1.5, x, 2 * x),
        lambda x: tf.maximum(tf.floor(x), 0.5),
    ],
)
def test_jumps_of_jumps_are_not_certified(fn):
    exact = argand.exact(fn, np.array([2.0, 2.5]))
    assert exact.certified.tolist() == [False, True]
