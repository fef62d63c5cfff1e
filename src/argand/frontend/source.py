"""The line of the user's code that made an operation, or raised an error."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TAPE = "TensorFlow's own gradient"  # the source of operations that the gradient tape adds
_CATALOGUE = os.path.join(_OURS, "catalogue")
_TENSORFLOW = os.path.dirname(os.path.abspath(tf.__file__))


def source_line(op: Any) -> str:
    """``file:line`` of the innermost frame that made ``op`` and is neither TensorFlow's nor
    argand's own; TAPE where there is none. The catalogue counts as a user's code."""
    frames = [(f.filename, f.lineno) for f in op.traceback or ()]
    return _users_line(frames) or TAPE


def raised_at(error: BaseException) -> str:
    """ " (file:line)" of the user's code that raised ``error``; "" where another's did."""
    frames = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    line = _users_line(frames)
    return f" ({line})" if line else ""


def _users_line(frames: Sequence[tuple[str, int | None]]) -> str:
    """``file:line`` of the innermost of ``frames``, which begin with the outermost, that is the
    user's; "" where argand's comes first, for what is outside of that only called argand."""
    for name, number in reversed(frames):
        file = os.path.abspath(name)
        if file.startswith(_OURS) and not file.startswith(_CATALOGUE):
            return ""
        if not file.startswith(_TENSORFLOW):
            return f"{file}:{number}"
    return ""
