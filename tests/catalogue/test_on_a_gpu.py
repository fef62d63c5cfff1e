"""Every operation of a stable form has a kernel on a GPU: in eager mode TensorFlow would give
another to the processor without a word, in a graph it may fail."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.placement import left_to_processor
from argand.targets import catalogue

pytestmark = pytest.mark.skipif(
    not tf.test.is_built_with_cuda(), reason="this TensorFlow has no kernels for a GPU"
)
CASES = [
    pytest.param(subject, dtype, id=f"{subject.name} {dtype}")
    for subject in catalogue()
    for dtype in subject.dtypes
]


def expm1_in_waiting(definition):
    """Names of the complex nodes of which TensorFlow's optimiser makes Expm1: Exp − 1."""
    for scope in (definition.node, *(f.node_def for f in definition.library.function)):
        nodes = {node.name: node for node in scope}
        for node in scope:
            if node.op == "Sub" and tf.as_dtype(node.attr["T"].type).is_complex:
                first, second = (nodes.get(name.split(":")[0]) for name in node.input[:2])
                constant = second is not None and second.op == "Const"
                one = constant and np.all(tf.make_ndarray(second.attr["value"].tensor) == 1)
                if first is not None and first.op == "Exp" and one:
                    yield node.name


# There the processor computes them: their limits say it.
KNOWN = {"sqrt complex64": "Sqrt", "sqrt complex128": "Sqrt", "tanh complex64": "Tanh"}


def definition_of(fn, inputs):
    graph = tf.function(fn, autograph=False).get_concrete_function(*inputs).graph
    return graph.as_graph_def()


@pytest.mark.parametrize(("subject", "dtype"), CASES)
def test_a_stable_form_runs_on_a_gpu(subject, dtype):
    stable = subject.variants["stable"]
    inputs = [
        tf.ones((2, *core), d)
        for d, core in zip(subject.input_dtypes(dtype), subject.cores, strict=True)
    ]
    lacking = KNOWN.get(f"{subject.name} {dtype}", "")
    said = left_to_processor(stable.fn, "graph", inputs, "GPU:0")
    assert said == (
        lacking
        and f"TensorFlow has no kernel for {lacking} on GPU:0, and computes it on the processor"
    )
    assert not lacking or "TensorFlow has no kernel there" in " ".join(stable.limits)
    assert list(expm1_in_waiting(definition_of(stable.fn, inputs))) == []


@pytest.mark.parametrize("dtype", [tf.complex64, tf.complex128])
def test_the_plain_form_of_expm1_does_not(dtype):
    """TensorFlow's defect, for which the test above looks: in a graph its optimiser turns eᶻ − 1
    into Expm1, which the bits betray, and of which a GPU has no complex kernel."""
    z = tf.fill([4], tf.cast(1e-5, dtype))
    plain = lambda z: tf.exp(z) - 1  # noqa: E731
    made, expm1 = tf.function(plain)(z), tf.math.expm1(z)
    np.testing.assert_array_equal(made, expm1)
    assert not np.array_equal(plain(z), expm1)
    assert list(expm1_in_waiting(definition_of(plain, [z]))) == ["sub"]
    assert "Expm1" in left_to_processor(tf.math.expm1, "graph", [z], "GPU:0")
