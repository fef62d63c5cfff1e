"""What is said of an error that TensorFlow raised; tracing itself is tested by all that traces."""

import pytest
import tensorflow as tf
from tensorflow.python.framework import error_interpolation

from argand.frontend.trace import describe


def test_an_error_in_a_graph_is_told_and_not_where_it_was_defined():
    """TensorFlow's own words around an error, as it has them where a kernel is missing."""
    graph = tf.function(lambda z: tf.exp(z) - 1).get_concrete_function(tf.constant([1.0])).graph
    error = "No registered 'Expm1' OpKernel for 'GPU' devices compatible with node {{node sub}}"
    message = error_interpolation.interpolate_graph(error + "\n\t. Registered: device='CPU'", graph)
    assert message.startswith("Graph execution error")
    assert describe(ValueError(message)) == f"ValueError: {error}"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("", "ValueError: no message"),
        ("one\ntwo", "ValueError: one"),
        ("in user code:\n  File a\n  what it is", "ValueError: what it is"),
        ("Graph execution error:", "ValueError: Graph execution error:"),
    ],
)
def test_it_is_one_line(message, words):
    assert describe(ValueError(message)) == words
