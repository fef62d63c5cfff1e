"""The operation that loses a result is named with its line; one that is harmless is not."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.trace import trace_gradient, trace_value
from argand.trial.inside.blame import blame


def blamed(fn, at, dtype="float64", quantity="value", mode="eager"):
    trace = trace_gradient if quantity == "gradient" else trace_value
    inputs = [np.array([x], dtype) for x in (at if isinstance(at, tuple) else (at,))]
    program = trace(fn, [dtype] * len(inputs))
    if quantity == "gradient":
        inputs.insert(0, np.array([1], program.dtypes[program.inputs[0]]))
    return blame(program, 0, inputs, mode, 4.0)


def product_with_exp(z):
    grown = tf.exp(z)
    return z * grown


def squared_in_exp(z):
    square = z * z
    return tf.exp(-square) * z


def half_angle(x):
    near = tf.cos(x)
    return 1 - near


def log_of_sum(x):
    grown = tf.exp(x)
    return tf.math.log(1 + grown)


def hypotenuse(x, y):
    first = x * x
    return tf.sqrt(first + tf.square(y))


def naive_softmax(x):
    e = tf.exp(x)
    return e / (e + 1)


def half_exp(x):
    grown = tf.exp(x)
    return grown * 0.5


def difference_of_logs(x):
    larger = tf.math.log(x + 1)
    return larger - tf.math.log(x)


def chosen(x):
    grown = tf.exp(x)
    return tf.where(x > 0, tf.math.log(1 + grown), grown)


LOSSES = [  # function, point, dtype, quantity, the operation, its line in the function, why
    (product_with_exp, -713 + 1j, "complex128", "value", "Exp", 1, "underflows"),
    (product_with_exp, -713 + 1j, "complex128", "gradient", "Exp", 1, "underflows"),
    (product_with_exp, -90 + 1j, "complex64", "value", "Exp", 1, "underflows"),
    (squared_in_exp, 1e200 + 1e200j, "complex128", "value", "Mul", 1, "overflows"),
    (half_angle, 1e-5, "float64", "value", "Sub", 2, "amplifies"),
    (half_angle, 1e-2, "float32", "value", "Sub", 2, "amplifies"),
    (log_of_sum, 800.0, "float64", "value", "Exp", 1, "overflows"),
    (log_of_sum, 800.0, "float64", "gradient", "Exp", 1, "overflows"),
    (log_of_sum, 100.0, "float32", "value", "Exp", 1, "overflows"),
    (hypotenuse, (1e200, 1.0), "float64", "value", "Mul", 1, "overflows"),
    (hypotenuse, (1.0, 1e200), "float64", "value", "Square", 2, "overflows"),
    (hypotenuse, (1e-200, 1e-201), "float64", "value", "Mul", 1, "underflows"),
    (naive_softmax, 710.0, "float64", "value", "Exp", 1, "overflows"),
    (half_exp, 710.0, "float64", "value", "Exp", 1, "overflows"),
    (chosen, 800.0, "float64", "value", "Exp", 1, "overflows"),
    (chosen, 800.0, "float64", "gradient", "Exp", 1, "overflows"),
    (difference_of_logs, 1e12, "float64", "value", "Sub", 2, "amplifies"),
]


@pytest.mark.parametrize(("fn", "at", "dtype", "quantity", "op", "line", "why"), LOSSES)
def test_the_operation_and_the_users_line(fn, at, dtype, quantity, op, line, why):
    found = blamed(fn, at, dtype, quantity)
    assert found is not None
    assert found.op == op
    file, _, number = found.source.rpartition(":")
    assert file == __file__
    assert int(number) == inspect.getsourcelines(fn)[1] + line
    assert why in found.reason
    assert found.ranged is (why != "amplifies")


def test_a_range_left_without_effect_is_not_blamed():
    def cancels_later(x):
        vanishing = tf.exp(-x * x)  # underflows, and does no harm
        return (1 + vanishing + x) - x

    found = blamed(cancels_later, 1e9 + 0.3)
    assert found is None or found.op != "Exp"


@pytest.mark.parametrize("fn", [product_with_exp, log_of_sum, half_angle])
def test_what_is_accurate_has_no_blame(fn):
    assert blamed(fn, 2.0) is None


def test_tensorflows_own_gradient_is_blamed_in_the_mode_that_is_wrong():
    def root(z):
        return tf.sqrt(z)

    found = blamed(root, 1 + 2j, "complex128", "gradient", "xla")
    assert found is not None
    assert found.op == "SqrtGrad"
    assert found.source == (
        f"TensorFlow's own gradient of {__file__}:{inspect.getsourcelines(root)[1] + 1}"
    )
    assert "itself is off" in found.reason
    assert blamed(root, 1 + 2j, "complex128", "gradient", "eager") is None


def test_a_vector_path_of_a_kernel_is_taken():
    found = blamed(tf.math.log, 1e30 + 1e30j, "complex64")
    assert found is not None
    assert (found.op, found.ranged) == ("Log", True)


def test_an_operation_that_balls_do_not_know_has_no_blame():
    assert blamed(lambda x: tf.math.special.bessel_j0(x) * np.nan, 1.0) is None
