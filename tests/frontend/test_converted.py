"""Functions that branch or loop in Python on a tensor are followed as tf.function has them."""

import numpy as np
import pytest
import tensorflow as tf

import argand
from argand.frontend.runner import Runner
from argand.frontend.trace import traced
from argand.subject import TargetError


def branching(x):
    if tf.reduce_all(x > 0):
        return x * x
    return -3 * x


DECORATED = tf.function(branching)
X = np.array([2.0])


@pytest.mark.parametrize("fn", [branching, DECORATED, lambda x: 2 * DECORATED(x) / 2])
def test_both_branches_are_in_the_program_and_its_gradient(fn):
    found = [argand.exact(fn, np.array([x]), upstream=1.0) for x in (2.0, -2.0)]
    assert [(e.value.item(), e.vjp[0].item()) for e in found] == [(4, 4), (6, -3)]
    (condition,) = traced(fn, ["float64"]).backward.conditions
    assert traced(fn, ["float64"]).backward.dtypes[condition] == "bool"


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_it_runs_in_every_mode(mode):
    for x, expected in ((2.0, (4, 4)), (-2.0, (6, -3))):
        result = Runner(branching, mode)([np.array([x])], np.ones(1))
        assert (result.value.item(), result.gradients[0].item()) == expected


def test_what_cannot_be_converted_is_refused_in_one_line():
    @tf.function(autograph=False)
    def plain(x):
        return x if x[0] > 0 else -x

    with pytest.raises(TargetError, match=r"branches or loops in Python on a tensor \(.*py:\d+\)"):
        argand.exact(plain, X)


def test_a_loop_is_refused_by_its_operation_not_by_python():
    def looping(x):
        i = tf.constant(0)
        while i < 3:
            x, i = x * x, i + 1
        return x

    with pytest.raises(TargetError, match="control flow StatelessWhile"):
        argand.exact(looping, X)


def test_a_loop_with_a_reference_is_judged():
    def newton(x):
        return tf.while_loop(lambda i, y: i < 5, lambda i, y: (i + 1, (y + x / y) / 2), (0, x))[1]

    report = argand.check(
        newton, reference=tf.sqrt, dtypes=["float64"], domain=(1, 2), modes=["eager"], samples=64
    )
    assert report.ok, report.findings[0]
    assert report.decided >= 128
    assert "not proved" in report.notes[0]
