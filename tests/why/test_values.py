"""Each value of a Program, exact and as computed, and the operation that it goes back to."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.trace import trace_value
from argand.why.origin import origin
from argand.why.values import Values


def values(fn, *at, dtype="float64"):
    program = trace_value(fn, [dtype] * len(at))
    return Values(program, [np.array([x], dtype) for x in at], 4.0)


@pytest.mark.parametrize(
    ("fn", "at", "kind"),
    [
        (tf.exp, 1.0, "right"),
        (tf.exp, 1000.0, "overflow"),
        (tf.exp, -1000.0, "underflow"),
        (tf.math.log, -1.0, "undefined"),
        (tf.math.log, np.inf, "undecided"),
        (tf.math.special.expint, 1.0, "undecided"),
        (lambda x: 1 - tf.cos(x), 1e-9, "spurious_underflow"),
        (lambda x: 1 - tf.cos(x), 1e-5, "inaccurate"),
        (lambda x: x - x, 3.0, "right"),
        (lambda x: tf.exp(x) - tf.exp(x), 1000.0, "spurious_nan"),
    ],
)
def test_what_a_result_is_worth(fn, at, kind):
    found = values(fn, at)
    assert found.compared(found.program.output).kind == kind


def test_what_depends_on_an_operation_without_a_rule_is_undecided_and_the_rest_is_not():
    found = values(lambda x: tf.math.special.expint(x) + tf.sin(x), 1.0)
    kinds = {op.type: found.compared(op.outputs[0]).kind for op in found.program.operations}
    assert kinds == {"Expint": "undecided", "Sin": "right", "AddV2": "undecided"}


def test_a_comparison_of_rounded_numbers_may_decide_otherwise():
    found = values(lambda x: tf.where(1 + x > 1, x, 2 * x), 1e-30)
    (greater,) = [op for op in found.program.operations if op.type == "Greater"]
    assert found.decides_otherwise(greater.outputs[0])
    right = values(lambda x: tf.where(1 + x > 1, x, 2 * x), 1e-3)
    assert not right.decides_otherwise(greater.outputs[0])


@pytest.mark.parametrize(
    ("fn", "at", "op", "turned"),
    [
        (lambda x: tf.exp(x) - tf.exp(x), 1000.0, "Exp", "Sub"),
        (lambda x: tf.where(x > 0, tf.math.log(-x), tf.sqrt(-x)), 1.0, "Log", None),
        (lambda x: tf.where(x > 0, tf.math.log(-x), tf.sqrt(x)), -1.0, "Sqrt", None),
        (lambda x: x / tf.exp(x), -1000.0, "Exp", None),
        (lambda x: tf.math.log(tf.exp(x)), -1000.0, "Exp", None),
        (lambda x: 1 / tf.sqrt(x * x), 1e200, "Mul", None),
    ],
)
def test_the_operation_that_a_result_goes_back_to(fn, at, op, turned):
    found = values(fn, at)
    made = origin(found, found.program.output)
    assert made.op.type == op
    assert (made.turned and made.turned.type) == turned


def test_an_input_goes_back_to_nothing():
    found = values(lambda x: x + 0.0, 1.0)
    assert origin(found, found.program.inputs[0]) is None
