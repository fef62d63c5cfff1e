"""Where a probe's results come from."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
import tensorflow as tf

from argand.probe import elsewhere


@pytest.mark.parametrize(
    ("devices", "words"),
    [
        (["GPU:0", "GPU:0"], ""),
        (["GPU:0", None], ""),
        (["GPU:0", "CPU:0"], "computed on CPU:0: TensorFlow has no kernel for it on GPU:0"),
    ],
)
def test_results_of_another_device_are_not_passed_off_as_this_ones(devices, words):
    place = "/job:localhost/replica:0/task:0/device:"
    results = [d and SimpleNamespace(device=place + d) for d in devices]
    assert elsewhere(results, "GPU:0") == words


def test_results_of_the_processor_are_its_own():
    assert elsewhere([tf.constant(1.0), None], "CPU:0") == ""


def test_each_mode_computes_on_the_device_it_is_told():
    """Two logical processors stand for two devices; a function that goes to the other is told."""
    code = """
import numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from argand.probe import MODES, Probe, ProbeError
z = np.ones(3, "complex64")
for mode in MODES:
    print(Probe(tf.exp, mode, "CPU:1")([z], z).value[0])

def strays(z):
    with tf.device("CPU:0"):
        return tf.exp(z)

try:
    Probe(strays, "eager", "CPU:1")([z], z)
except ProbeError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    *values, told = done.stdout.splitlines()
    assert len(values) == 3
    assert told == "computed on CPU:0: TensorFlow has no kernel for it on CPU:1"
