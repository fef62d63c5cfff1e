"""The certified reference: value and Wirtinger derivatives of any traced function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from argand.exact.reference import Exact, certify
from argand.subject import TargetError
from argand.trace import trace_value

__all__ = ["Exact", "exact"]

_FLOATS = ("float32", "float64", "complex64", "complex128")


def exact(
    fn: Callable[..., Any], *inputs: Any, upstream: Any = None, dtype: str | None = None
) -> Exact:
    """Certified value and derivatives of ``fn`` at ``inputs``.

    ``inputs``: NumPy arrays or scalars, float32/64 or complex64/128, broadcast together; the
    results have their common shape. ``upstream`` asks for ``.vjp``, TensorFlow's gradient.
    ``dtype`` is what results are rounded to, by default the output's own.
    Raises TargetError for an unusable ``fn``, input or dtype.
    """
    if not inputs:
        raise TargetError("exact needs at least one input: exact(fn, z)")
    arrays = [_floats(x, f"input {i}") for i, x in enumerate(inputs)]
    program = trace_value(fn, [a.dtype.name for a in arrays])
    output = program.outputs[0]
    assert output is not None
    own = program.dtypes[output]
    u = None if upstream is None else _floats(upstream, "upstream").astype(own)
    try:
        arrays_and_u = np.broadcast_arrays(*arrays, *([] if u is None else [u]))
    except ValueError as error:
        raise TargetError(f"the inputs do not broadcast together: {error}") from error
    if dtype is not None and dtype not in _FLOATS:
        raise TargetError(f"dtype {dtype!r} is not one of {', '.join(_FLOATS)}")
    n = len(arrays)
    return certify(
        program,
        arrays_and_u[:n],
        None if u is None else arrays_and_u[n],
        own if dtype is None else dtype,
    )


def _floats(value: Any, name: str) -> np.ndarray:
    array = np.asarray(value)
    if array.dtype.kind in "iu":
        array = array.astype(np.float64)
    if array.dtype.name not in _FLOATS:
        raise TargetError(f"{name} has dtype {array.dtype}; give one of {', '.join(_FLOATS)}")
    return array
