"""Kinks are counted, and where several numbers meet."""

import numpy as np
import pytest
import tensorflow as tf

from argand.exact.balls import to_signed
from argand.exact.bends.meeting import Watched, decides
from argand.exact.edges.truth import Edge
from argand.exact.evaluate import values_of
from argand.frontend.trace import trace_value

X, Y = np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("fn", "kinks", "several"),
    [
        (lambda x, y: tf.abs(x) + tf.nn.relu(y), [2, 1, 0], [0, 0, 0]),
        (lambda x, y: tf.abs(x + y) + tf.nn.relu6(x), [2, 1, 0], [1, 0, 0]),
        (lambda x, y: tf.maximum(x, y), [1, 0, 0], [1, 0, 0]),
        (lambda x, y: tf.where(x > 0, y, 2 * y), [1, 1, 0], [1, 1, 0]),
        (lambda x, y: tf.where(x > 0, x, 2 * x) + y, [1, 1, 0], [0, 0, 0]),
        (lambda x, y: tf.abs(tf.complex(x, y)), [1, 0, 0], [1, 0, 0]),
        (lambda x, y: tf.abs(x * y), [1, 1, 0], [0, 0, 0]),  # to first order x
    ],
)
def test_kinks(fn, kinks, several):
    program = trace_value(fn, ["float64"] * 2)
    run = Watched(program, 3)
    values_of(program, [to_signed(v) for v in (X, Y)], run)
    assert run.kinks.tolist() == kinks
    assert run.several.tolist() == list(map(bool, several))


def test_what_an_edge_depends_on():
    assert decides(Edge(True), 3) == {0, 1, 2}
    assert decides(Edge(True, crosses=(None, False, True)), 3) == {1, 2}
