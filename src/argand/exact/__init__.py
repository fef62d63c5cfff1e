"""The certified reference: value and Wirtinger derivatives of any traced function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from argand.exact.reference import STATES, Exact, certify
from argand.frontend.trace import trace_value
from argand.subject import TargetError

__all__ = ["STATES", "Exact", "exact"]

_FLOATS = ("float32", "float64", "complex64", "complex128")


def exact(
    fn: Callable[..., Any],
    *inputs: Any,
    upstream: Any = None,
    dtype: str | None = None,
    order: int = 1,
    core: int | Sequence[int] = 0,
) -> Exact:
    """Certified value and derivatives of ``fn`` at ``inputs``, NumPy arrays that broadcast.

    ``upstream`` asks for ``.vjp``, TensorFlow's gradient; ``dtype`` is what results are rounded
    to (the output's own); ``order=2`` adds second derivatives of a function of one input.
    ``core``: how many last axes of the inputs (all, or each) make up one sample: 1 for a function
    from [n, k] to [n] or [n, m]. ``dz`` then has shape (*samples, *m, k), ``vjp`` (*samples, k).
    Raises TargetError for an unusable ``fn``, input, upstream, dtype, order or core.
    """
    if not inputs:
        raise TargetError("exact needs at least one input: exact(fn, z)")
    if dtype is not None and not (isinstance(dtype, str) and dtype in _FLOATS):
        raise TargetError(f"dtype {dtype!r} is not one of {', '.join(_FLOATS)}")
    if order not in (1, 2):
        raise TargetError(f"order {order!r} is neither 1 nor 2")
    arrays = [_floats(x, f"input {i}") for i, x in enumerate(inputs)]
    counts = _core_counts(core, arrays)
    cores = [a.shape[a.ndim - c :] for a, c in zip(arrays, counts, strict=True)]
    program = trace_value(fn, [a.dtype.name for a in arrays], cores)
    output = program.outputs[0]
    assert output is not None
    own, result = program.dtypes[output], program.shapes[output]
    if own not in _FLOATS:
        raise TargetError(f"the function returns {own}, which has no derivative; return a float")
    if result[:1] != (1,):
        raise TargetError(
            f"the function maps samples of shape {', '.join(str(list(c)) for c in cores)} to a "
            f"tensor of shape {list(result)}; its first axis must count samples, as the inputs' do"
        )
    u = None if upstream is None else _floats(upstream, "upstream")
    if u is not None:
        if u.dtype.kind == "c" and not own.startswith("complex"):
            raise TargetError(f"the upstream is {u.dtype.name}, but the function returns {own}")
        if not np.can_cast(u.dtype, own):  # no digit of it may be lost
            own_kind = "complex128" if own.startswith("complex") else "float64"
            u = u.astype(own_kind)
        else:
            u = u.astype(own)
        arrays, cores = [*arrays, u], [*cores, result[1:]]
    shaped = _broadcast(arrays, cores)
    n = len(inputs)
    return certify(program, shaped[:n], shaped[n] if u is not None else None, dtype or own, order)


def _core_counts(core: int | Sequence[int], arrays: list[np.ndarray]) -> list[int]:
    several = isinstance(core, Sequence) and all(isinstance(c, int) for c in core)
    if not (isinstance(core, int) or several):
        raise TargetError(f"core={core!r} is neither a number of axes nor one for each input")
    counts = [core] * len(arrays) if isinstance(core, int) else list(core)
    if len(counts) != len(arrays):
        raise TargetError(f"core names {len(counts)} input(s), but {len(arrays)} are given")
    for i, (count, a) in enumerate(zip(counts, arrays, strict=True)):
        if not 0 <= count <= a.ndim:
            raise TargetError(f"input {i} has {a.ndim} axes; core={count} of them are not there")
    return counts


def _broadcast(arrays: list[np.ndarray], cores: list[tuple[int, ...]]) -> list[np.ndarray]:
    """The arrays with their axes of samples broadcast together; the upstream, which is last,
    broadcasts to the result's core as well."""
    try:
        own = [a.shape[: max(0, a.ndim - len(c))] for a, c in zip(arrays, cores, strict=True)]
        common = np.broadcast_shapes(*own)
        return [np.broadcast_to(a, common + c) for a, c in zip(arrays, cores, strict=True)]
    except ValueError as error:
        raise TargetError(f"the inputs do not broadcast together: {error}") from error


def _floats(value: Any, name: str) -> np.ndarray:
    try:
        array = np.asarray(value)
    except (TypeError, ValueError) as error:
        raise TargetError(f"{name} is not an array: {str(error).splitlines()[0]}") from error
    if array.dtype.kind in "iu":
        whole, array = array, array.astype(np.float64)
        for i in np.argwhere(np.abs(array) >= 2.0**53):
            if int(array[tuple(i)]) != int(whole[tuple(i)]):
                raise TargetError(
                    f"{name} holds the integer {whole[tuple(i)]}, which no float64 is; give floats"
                )
    if array.dtype.name not in _FLOATS:
        raise TargetError(f"{name} has dtype {array.dtype}; give one of {', '.join(_FLOATS)}")
    return array
