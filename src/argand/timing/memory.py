"""What one call holds in memory at its peak, beyond its operands."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

MEANINGFUL = 100_000  # numbers in a tensor; of smaller ones one sees the allocator's rounding


def peak_bytes(act: Callable[[], Any], device: str, synchronise: Callable[[], None]) -> float:
    """How many bytes more ``act()`` holds at its peak than there were before, its results among
    them.

    TensorFlow's allocator of ``device`` counts them. NaN where it does not count.
    """
    act()  # what is compiled or cached in the first call does not count
    synchronise()
    try:
        tf.config.experimental.reset_memory_stats(device)
        before = tf.config.experimental.get_memory_info(device)["current"]
        act()
        synchronise()
        peak = tf.config.experimental.get_memory_info(device)["peak"]
    except (ValueError, tf.errors.OpError):
        return math.nan
    return float(peak - before) if peak else math.nan
