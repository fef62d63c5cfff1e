"""Blocks of lanes: what they leave to Arb, and that no sample depends on its block."""

import numpy as np
import pytest
import tensorflow as tf

from argand.exact.fast.blocks import fill
from argand.exact.reference import certify
from argand.exact.rewrite import rewritten
from argand.frontend.trace import trace_value

X = np.random.default_rng(2).normal(size=500)


def filled(fn, x, block):
    columns, sure = [np.full(x.size, np.nan) for _ in range(3)], np.zeros(x.size, bool)
    program = rewritten(trace_value(fn, ["float64"]))
    fill(program, [x], None, columns, sure, block)
    return columns, sure


@pytest.mark.parametrize("block", [1, 7, 499, 4096])
def test_answers_are_those_of_any_other_block_and_of_arb(block):
    fn = lambda x: x * tf.exp(x)  # noqa: E731
    columns, sure = filled(fn, X, block)
    assert sure.all()
    exact = certify(trace_value(fn, ["float64"]), [X], None, "float64")
    assert np.array_equal(columns[0], exact.value)
    assert np.array_equal(columns[1], exact.dz[0])
    assert not columns[2].any()


def test_an_operation_without_a_rule_leaves_all_to_arb():
    columns, sure = filled(tf.math.lgamma, X, 100)
    assert not sure.any()
    assert np.isnan(columns[0]).all()


def test_what_is_not_finite_and_ties_are_left_to_arb():
    x = np.array([np.inf, np.nan, 0.0, 1.0])
    _, sure = filled(lambda x: tf.where(x > 0, x, -x), x, 4)
    assert sure.tolist() == [False, False, False, True]
