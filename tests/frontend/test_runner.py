"""Where a probe's results come from."""

import subprocess
import sys

import numpy as np
import pytest

from argand.frontend import runner
from argand.frontend.runner import RunError, Runner


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
