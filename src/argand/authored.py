"""Where a function is written, and whether its author gave it a gradient of its own."""

from __future__ import annotations

from types import CodeType
from typing import Any


def _code(fn: Any) -> CodeType | None:
    """The code of a function, under the decorators that say what they wrap."""
    while getattr(fn, "__wrapped__", None) is not None:
        fn = fn.__wrapped__
    fn = getattr(fn, "python_function", fn)
    found = getattr(fn, "__code__", None)
    return found if isinstance(found, CodeType) else None


def file_of(fn: Any) -> str:
    """The file in which a function is written; empty where that is not known."""
    code = _code(fn)
    return code.co_filename if code is not None else ""


def has_own_gradient(fn: Any) -> bool:
    """Whether a function is a tf.custom_gradient, or has one written inside it."""
    layers = [fn]
    while (inner := getattr(layers[-1], "__wrapped__", None)) is not None:
        layers.append(inner)
    names = [getattr(getattr(f, "_tf_decorator", None), "decorator_name", "") for f in layers]
    return "custom_gradient" in names or _names_it(_code(fn))


def _names_it(code: CodeType | None) -> bool:
    if code is None:
        return False
    inside = (c for c in code.co_consts if isinstance(c, CodeType))
    return "custom_gradient" in code.co_names or any(map(_names_it, inside))
