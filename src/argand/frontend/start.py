"""TensorFlow without its start-up chatter."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def start_tensorflow() -> Any:
    """TensorFlow, imported and with its devices found; what it says on the way is shown only
    where it fails."""
    with _start_up_messages_kept():
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")
    return tf


@contextmanager
def stdout_kept() -> Iterator[None]:
    """What compiled code writes to standard output goes to standard error meanwhile."""
    sys.stdout.flush()
    screen = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(screen, 1)
        os.close(screen)


@contextmanager
def _start_up_messages_kept() -> Iterator[None]:
    """TensorFlow's libraries write to standard error before any log level holds."""
    sys.stderr.flush()
    screen = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            kept.seek(0)
            os.write(screen, kept.read())
            raise
        finally:
            os.dup2(screen, 2)
            os.close(screen)
