"""The copy to a device and back has as many samples either way, and is longer for more bytes."""

import numpy as np

from argand.timing.transfer import FROM, TO, synchronise, transfer_seconds


def test_both_directions_are_timed_in_the_same_rounds():
    found = transfer_seconds(np.ones(1000, np.complex64), "CPU:0")
    assert set(found) == {TO, FROM}
    assert found[TO].shape == found[FROM].shape
    assert (found[TO] > 0).all()


def test_the_processor_is_not_waited_for(monkeypatch):
    import tensorflow as tf

    asked = []
    monkeypatch.setattr(tf.test.experimental, "sync_devices", lambda: asked.append(1))
    synchronise("CPU:0")
    assert asked == []
    synchronise("GPU:0")
    assert asked == [1]
