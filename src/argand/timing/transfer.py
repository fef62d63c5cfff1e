"""The copy between NumPy's memory and a device's, timed apart from what is computed there."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from argand.timing.paired import measure

TO, FROM = "to device", "from device"


def transfer_seconds(host: np.ndarray, device: str, budget: float = 0.0) -> dict[str, np.ndarray]:
    """Seconds of a copy of ``host`` to ``device`` and back, (rounds,) each, by direction."""
    with tf.device(device):
        there = tf.constant(host)
        return measure(
            {TO: lambda: tf.constant(host), FROM: there.numpy},
            baseline=TO,
            budget=budget,
            synchronise=lambda: synchronise(device),
        ).seconds


def synchronise(device: str) -> None:
    """Return when all that was started on ``device`` is finished.

    On the processor TensorFlow returns when it is done; to ask would cost 12 µs.
    """
    if not device.startswith("CPU"):
        tf.test.experimental.sync_devices()
