"""What TensorFlow leaves to the processor is found without a GPU: its kernels are registered."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.placement import left_to_processor

pytestmark = pytest.mark.skipif(
    not tf.test.is_built_with_cuda(), reason="this TensorFlow has no kernels for a GPU"
)
Z = [np.ones(3, "complex64")]


def branch(z):
    """The logarithm is in one of two branches."""
    return tf.cond(tf.reduce_all(tf.abs(z) > 0), lambda: tf.math.log(z), lambda: z)


@pytest.mark.parametrize("mode", ["eager", "graph"])
@pytest.mark.parametrize(
    ("fn", "named"),
    [
        (tf.math.log, "Log"),
        (tf.sqrt, "Sqrt, SqrtGrad"),
        (tf.tanh, "Tanh, TanhGrad"),
        (lambda z: tf.exp(tf.math.log(z)) + 1, "Log"),
        (branch, "Log"),
    ],
    ids=["log", "sqrt", "tanh", "inside", "branch"],
)
def test_complex_operations_without_a_kernel_are_named(fn, named, mode):
    said = left_to_processor(fn, mode, Z, "GPU:0")
    assert (
        said == f"TensorFlow has no kernel for {named} on GPU:0, and computes it on the processor"
    )


@pytest.mark.parametrize("fn", [tf.exp, tf.sin, lambda z: tf.math.conj(z) / z, tf.abs])
def test_those_with_one_are_not(fn):
    assert left_to_processor(fn, "graph", Z, "GPU:0") == ""


def test_real_numbers_have_them():
    for fn in (tf.math.log, tf.sqrt, tf.tanh):
        assert left_to_processor(fn, "eager", [np.ones(3)], "GPU:0") == ""


@pytest.mark.parametrize(("mode", "device"), [("xla", "GPU:0"), ("graph", "CPU:0")])
def test_xla_needs_none_and_the_processor_has_all(mode, device):
    assert left_to_processor(tf.math.log, mode, Z, device) == ""


def test_what_has_no_gradient_is_asked_for_its_value():
    said = left_to_processor(lambda z: tf.stop_gradient(tf.math.log(z)), "eager", Z, "GPU:0")
    assert "Log" in said
