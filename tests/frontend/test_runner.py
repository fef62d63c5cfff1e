"""Where a probe's results come from."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from argand.frontend import runner
from argand.frontend.runner import RunError, Runner
from argand.subject import MODES, TargetError

CUBE = {mode: Runner(lambda z: z * z * tf.math.conj(z), mode) for mode in MODES}


def test_each_mode_computes_on_the_device_it_is_told():
    """Two logical processors stand for two devices."""
    code = """
import numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from argand.frontend.runner import MODES, Runner
z = np.ones(3, "complex64")
for mode in MODES:
    probe = Runner(tf.exp, mode, "CPU:1")
    probe([z], z)
    with tf.device("CPU:1"):
        value, gradients = probe._both(tf.constant(z), tf.constant(z))
    print(value.device[-5:], gradients[0].device[-5:])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["CPU:1 CPU:1"] * 3


def test_what_the_device_does_not_compute_is_no_result(monkeypatch):
    monkeypatch.setattr(runner, "left_to_processor", lambda *_: "it is the processor's")
    with pytest.raises(RunError, match="it is the processor's"):
        Runner(lambda z: z * z, "graph")([np.ones(3)], np.ones(3))


@pytest.mark.parametrize("mode", MODES)
def test_without_an_upstream_the_gradient_is_that_of_the_sum(mode):
    z = np.array([1 + 2j, 3], np.complex64)
    run = Runner(lambda z: z * tf.exp(z), mode)
    asked, given = run([z]), run([z], np.ones_like(z))
    assert np.array_equal(asked.value, given.value)
    assert np.array_equal(asked.gradients[0], given.gradients[0])  # but for the signs of zeros


@pytest.mark.parametrize("mode", MODES)
def test_the_value_alone_is_the_value_of_both(mode):
    x = np.linspace(-3, 3, 7)
    run = Runner(tf.tanh, mode)
    assert run.value([x]).tobytes() == run([x]).value.tobytes()


@pytest.mark.parametrize("mode", MODES)
def test_an_input_that_the_function_ignores_has_no_gradient(mode):
    x = np.ones(2)
    result = Runner(lambda x, y: 2 * x, mode)([x, x])
    assert result.gradients[0].tolist() == [2, 2]
    assert result.gradients[1] is None


@pytest.mark.parametrize("mode", MODES)
def test_what_the_function_raises_is_told_on_one_line(mode):
    def refuses(x):
        raise SystemExit("first line\nsecond line")

    for run in (Runner(refuses, mode), Runner(refuses, mode).value):
        with pytest.raises(RunError, match=r"^SystemExit: first line$"):
            run([np.ones(1)])


def test_a_mode_or_device_that_is_not_there_is_refused():
    with pytest.raises(TargetError, match="mode 'fast' is not one of eager, graph, xla"):
        Runner(tf.exp, "fast")
    with pytest.raises(TargetError, match="no device 'GPU:9'"):
        Runner(tf.exp, "eager", "GPU:9")


parts = arrays(np.float64, 4, elements=st.floats(-4, 4))


@settings(deadline=None, max_examples=25)
@given(parts, parts, parts, parts, st.sampled_from(MODES), st.integers(-8, 8))
def test_the_gradient_is_additive_in_the_upstream_and_scales_with_powers_of_two(
    a, b, c, d, mode, n
):
    z, u = a + 1j * b, c + 1j * d
    (whole,) = CUBE[mode]([z], u).gradients
    (re,) = CUBE[mode]([z], c + 0j).gradients
    (im,) = CUBE[mode]([z], 1j * d).gradients
    (scaled,) = CUBE[mode]([z], u * 2.0**n).gradients
    assert np.array_equal(scaled, whole * 2.0**n)
    assert np.allclose(whole, re + im, rtol=1e-12, atol=1e-12)


@settings(deadline=None, max_examples=25)
@given(parts, parts, st.permutations(range(4)), st.sampled_from(MODES))
def test_samples_are_computed_each_for_itself(a, b, order, mode):
    z = a + 1j * b
    both, moved = CUBE[mode]([z]), CUBE[mode]([z[order]])
    assert np.array_equal(both.value[order], moved.value)
    assert np.array_equal(both.gradients[0][order], moved.gradients[0])


@pytest.mark.parametrize("mode", MODES)
def test_a_custom_gradient_is_kept(mode):
    @tf.custom_gradient
    def doubled(x):
        return x * x, lambda u: u * 4 * x

    assert Runner(doubled, mode)([np.ones(1)]).gradients[0].tolist() == [4.0]
