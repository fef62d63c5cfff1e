"""Starting TensorFlow, without what it says on the way."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def start_tensorflow() -> Any:
    """Import TensorFlow and return it. What it writes to standard error meanwhile is shown only
    where it fails."""
    with _stderr_held():
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")
    return tf


@contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Within it, what compiled code writes to standard output goes to standard error."""
    sys.stdout.flush()
    screen = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(screen, 1)
        os.close(screen)


@contextmanager
def _stderr_held() -> Iterator[None]:
    """Within it, nothing reaches standard error; where an exception leaves it, all does.

    TensorFlow's libraries write there before any log level holds.
    """
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
