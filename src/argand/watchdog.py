"""A watchdog for code under study that never returns: it ends the process with one line."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LIMIT = 30.0  # seconds for one call: XLA compiles long programs in less
_INTERVAL = 0.25  # seconds between two looks

_running: list[tuple[str, float]] = []  # the calls in progress, outermost first: what, since when


@contextmanager
def call(what: str) -> Iterator[None]:
    """Tell the watchdog that code under study runs within it. ``what`` is the subject of its
    sentence: "importing mine.py" has not returned after 30 s."""
    _running.append((what, time.monotonic()))
    try:
        yield
    finally:
        _running.pop()


@contextmanager
def watched(end: Callable[[str], None] | None = None) -> Iterator[None]:
    """Watch the calls within it. Where the outermost takes longer than LIMIT, ``end`` is told
    which; without ``end`` the process ends with one line on stderr and exit code 2.

    It is for command lines and worker processes. A thread looks, for neither a signal nor an
    exception reaches an endless loop inside TensorFlow.
    """
    done = threading.Event()

    def look() -> None:
        while not done.wait(_INTERVAL):
            for what, since in _running[:1]:
                if time.monotonic() - since > LIMIT:
                    (end or _end)(what)
                    return

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _end(what: str) -> None:
    line = (
        f"argand: {what} has not returned after {LIMIT:g} s: it loops or waits; "
        "give a function that ends\n"
    )
    if sys.stderr.isatty():
        line = f"\r\x1b[K\x1b[?25h{line}"  # clear the status line, and show the cursor again
    os.write(2, line.encode())
    os._exit(2)
