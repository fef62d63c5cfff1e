"""The line of the user's code that made an operation, or raised an error."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.runner import Runner
from argand.frontend.source import TAPE, raised_at, source_line
from argand.frontend.trace import trace_gradient, trace_value
from argand.targets import from_catalogue


def here(function):
    """The file and the second line of ``function``."""
    return f"{__file__}:{inspect.getsourcelines(function)[1] + 1}"


def squares(x):
    return tf.square(x)


def refuses(x):
    raise ValueError("no")


def test_an_operation_comes_from_the_innermost_line_that_is_the_users():
    (square,) = trace_value(lambda x: squares(x), ["float64"]).operations
    assert square.source == here(squares)


def test_what_the_tape_adds_says_so():
    sources = {op.source for op in trace_gradient(squares, ["float64"]).operations}
    assert TAPE in sources


def test_an_operation_without_a_traceback_is_the_tapes():
    class Made:
        traceback = None

    assert source_line(Made()) == TAPE


def test_the_catalogue_counts_as_a_users_code():
    program = trace_value(from_catalogue("sigmoid").plain, ["complex128"])
    assert all("/catalogue/sigmoid.py:" in op.source for op in program.operations)


def test_an_error_has_the_line_that_raised_it():
    with pytest.raises(ValueError, match="no") as failure:
        tf.function(refuses, autograph=False)(1.0)
    assert raised_at(failure.value) == f" ({here(refuses)})"


def test_an_error_of_argands_own_has_none():
    with pytest.raises(Exception, match="mode") as failure:
        Runner(tf.exp, "fast")
    assert raised_at(failure.value) == ""


def test_an_error_that_was_never_raised_has_none():
    assert raised_at(ValueError("no")) == ""


def test_what_tensorflow_refuses_is_blamed_on_the_users_call():
    def adds(x):
        return x + tf.ones(2, tf.float32)

    with pytest.raises(Exception, match="float") as failure:
        adds(tf.constant(np.ones(2)))
    assert raised_at(failure.value) == f" ({here(adds)})"
