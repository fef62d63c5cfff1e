"""Where in the user's own code an operation was made, or an error raised."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TAPE = "TensorFlow's own gradient"  # what the gradient tape adds
_CATALOGUE = os.path.join(_OURS, "catalogue")
_TENSORFLOW = os.path.dirname(os.path.abspath(tf.__file__))


def source_line(op: Any) -> str:
    """``file:line`` of the user's code that made ``op``: the innermost frame that is neither
    TensorFlow's nor argand's own."""
    frames = [(f.filename, f.lineno) for f in op.traceback or ()]
    return _users_line(frames) or TAPE


def raised_at(error: BaseException) -> str:
    """The same of what raised ``error``, in brackets; nothing where that is not the user's."""
    frames = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    line = _users_line(frames)
    return f" ({line})" if line else ""


def _users_line(frames: Sequence[tuple[str, int | None]]) -> str:
    """The innermost of ``frames`` (outermost first) that is the user's; what lies outside
    argand's frames only called it."""
    for name, number in reversed(frames):
        file = os.path.abspath(name)
        if file.startswith(_OURS) and not file.startswith(_CATALOGUE):
            return ""
        if not file.startswith(_TENSORFLOW):
            return f"{file}:{number}"
    return ""
