"""The certified reference: value and Wirtinger derivatives of any traced function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import STATES, Exact, certify
from argand.frontend.trace import trace_value
from argand.program import Program
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
    """Certified value and derivatives of ``fn`` at many points.

    ``inputs``: arrays or numbers; their axes of samples broadcast together.
    ``upstream``: the gradient that arrives from later layers, which broadcasts to the result;
    with it the answer has ``.vjp``, TensorFlow's gradient.
    ``dtype``: what results are rounded to; by default the dtype of the function's result.
    ``order``: 2 adds the second derivatives of a function of one input.
    ``core``: how many last axes of the inputs (of all, or one number each) make up one sample.
    With 1 a function from [n, k] to [n] or [n, m] has ``dz`` of shape (*samples, *m, k) and
    ``vjp`` of shape (*samples, k).

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
    own = _own_dtype(program)
    refuse_unsupported(program)
    if upstream is None:
        return certify(program, _broadcast(arrays, cores), None, dtype or own, order)
    u = _upstream(upstream, own)
    *shaped, u = _broadcast([*arrays, u], [*cores, program.core])
    return certify(program, shaped, u, dtype or own, order)


def _own_dtype(program: Program) -> str:
    """The dtype of the function's result. Raises TargetError if that is no float, or if its first
    axis does not count samples."""
    own, result = program.output_dtype, program.output_shape
    if own not in _FLOATS:
        raise TargetError(f"the function returns {own}, which has no derivative; return a float")
    if result[:1] != (1,):
        raise TargetError(
            f"the function maps samples of shape {', '.join(str(list(c)) for c in program.cores)} "
            f"to a tensor of shape {list(result)}; its first axis must count samples, as the "
            "inputs' do"
        )
    return own


def _upstream(value: Any, own: str) -> np.ndarray:
    """The upstream in the dtype ``own`` of the result, or in double precision if digits of it
    would be lost. Raises TargetError for a complex upstream of a real result."""
    u = _floats(value, "upstream")
    whole = own.startswith("complex")
    if u.dtype.kind == "c" and not whole:
        raise TargetError(f"the upstream is {u.dtype.name}, but the function returns {own}")
    wide = "complex128" if whole else "float64"
    return u.astype(own if np.can_cast(u.dtype, own) else wide)


def _core_counts(core: int | Sequence[int], arrays: list[np.ndarray]) -> list[int]:
    """The number of core axes of each input. Raises TargetError for any that it has not."""
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
    """The arrays with their axes of samples broadcast together, each followed by its core (the
    upstream's is the result's). Raises TargetError where they do not broadcast."""
    try:
        own = [a.shape[: max(0, a.ndim - len(c))] for a, c in zip(arrays, cores, strict=True)]
        common = np.broadcast_shapes(*own)
        return [np.broadcast_to(a, common + c) for a, c in zip(arrays, cores, strict=True)]
    except ValueError as error:
        raise TargetError(f"the inputs do not broadcast together: {error}") from error


def _floats(value: Any, name: str) -> np.ndarray:
    """``value`` as an array of floats; integers must be exact in double precision. Raises
    TargetError, with the ``name`` of the argument, for anything else."""
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
