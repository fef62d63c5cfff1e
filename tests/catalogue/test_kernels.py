"""Every operation of a stable form has a kernel on a GPU: in eager mode TensorFlow would give
another to the processor without a word, in a graph it fails."""

from functools import partial

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework import kernels

from argand.subject import catalogue

pytestmark = pytest.mark.skipif(
    not tf.test.is_built_with_cuda(), reason="this TensorFlow has no kernels for a GPU"
)
CASES = [
    pytest.param(subject, dtype, id=f"{subject.name} {dtype}")
    for subject in catalogue()
    for dtype in subject.dtypes
]


def traced(fn, inputs):
    """Value and gradient as a concrete function."""

    @partial(tf.function, autograph=False)
    def value_and_gradient(*z):
        with tf.GradientTape() as tape:
            tape.watch(z)
            value = fn(*z)
        return value, *tape.gradient(value, z)

    return value_and_gradient.get_concrete_function(*inputs)


def scopes(definition):
    """The nodes by name of each graph in ``definition``: the outer one, branches and loops."""
    for nodes in (definition.node, *(f.node_def for f in definition.library.function)):
        yield {node.name: node for node in nodes}


def lacks_kernel(node):
    """Whether TensorFlow has kernels for the operation, and none for this type on a GPU."""
    registered = kernels.get_registered_kernels_for_op(node.op).kernel
    if not registered:
        return False  # a function's call
    for kernel in registered:
        allowed = {c.name: list(c.allowed_values.list.type) for c in kernel.constraint}
        if kernel.device_type in ("GPU", "DEFAULT") and all(
            node.attr[name].type in types for name, types in allowed.items()
        ):
            return False
    return True


def expm1_in_waiting(nodes):
    """Names of the complex nodes of which TensorFlow's optimiser makes Expm1: Exp − 1."""
    for node in nodes.values():
        if node.op == "Sub" and tf.as_dtype(node.attr["T"].type).is_complex:
            first, second = (nodes.get(name.split(":")[0]) for name in node.input[:2])
            constant = second is not None and second.op == "Const"
            one = constant and np.all(tf.make_ndarray(second.attr["value"].tensor) == 1)
            if first is not None and first.op == "Exp" and one:
                yield node.name


# Right, and on a processor nothing made of real numbers is as fast; their limits say it.
KNOWN = {"sqrt complex64": {"Sqrt"}, "sqrt complex128": {"Sqrt"}, "tanh complex64": {"Tanh"}}


@pytest.mark.parametrize(("subject", "dtype"), CASES)
def test_a_stable_form_runs_on_a_gpu(subject, dtype):
    inputs = [
        tf.ones((2, *core), d)
        for d, core in zip(subject.input_dtypes(dtype), subject.cores, strict=True)
    ]
    definition = traced(subject.variants["stable"].fn, inputs).graph.as_graph_def()
    without = {n.op for nodes in scopes(definition) for n in nodes.values() if lacks_kernel(n)}
    assert without == KNOWN.get(f"{subject.name} {dtype}", set())
    assert [name for nodes in scopes(definition) for name in expm1_in_waiting(nodes)] == []
    limits = " ".join(subject.variants["stable"].limits)
    assert not without or "TensorFlow has no kernel there" in limits


@pytest.mark.parametrize("dtype", [tf.complex64, tf.complex128])
def test_the_plain_form_of_expm1_does_not(dtype):
    """TensorFlow's defect, for which the test above looks: in a graph its optimiser turns eᶻ − 1
    into Expm1, which the bits betray, and of which a GPU has no complex kernel."""
    z = tf.fill([4], tf.cast(1e-5, dtype))
    plain = lambda z: tf.exp(z) - 1  # noqa: E731
    made, expm1 = tf.function(plain)(z), tf.math.expm1(z)
    np.testing.assert_array_equal(made, expm1)
    assert not np.array_equal(plain(z), expm1)
    nodes = next(scopes(traced(plain, [z]).graph.as_graph_def()))
    assert list(expm1_in_waiting(nodes)) == ["sub"]
    expm1_nodes = next(scopes(traced(tf.math.expm1, [z]).graph.as_graph_def()))
    assert {n.op for n in expm1_nodes.values() if lacks_kernel(n)} == {"Expm1"}
