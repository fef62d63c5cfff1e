"""The bits of floats as integers, and back, on balls.

Functions of bits are constant between jumps, so they have no derivative. Where a ball does not
decide the bits, the result is UNDECIDED.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import acb

from argand.exact.balls import UNDECIDED, as_array
from argand.exact.rounding import round_balls
from argand.subject import TargetError

_INTEGERS = {"float32": np.int32, "float64": np.int64}


def bitcast(values: np.ndarray, source: str, target: str) -> np.ndarray:
    """The bits of the nearest ``source`` float as an integer, or the float of such bits.

    Raises TargetError for other pairs of dtypes.
    """
    if source in _INTEGERS and np.dtype(target) == _INTEGERS[source]:
        rounded, sure = round_balls(values, source)
        bits = rounded.view(_INTEGERS[source]).ravel().tolist()
        balls = [acb(b) if s else UNDECIDED for b, s in zip(bits, sure.flat, strict=True)]
        return as_array(balls, values.shape)
    if target in _INTEGERS and np.dtype(source) == _INTEGERS[target]:
        return as_array([_float_of(v, target) for v in values.ravel().tolist()], values.shape)
    raise TargetError(f"a bitcast from {source} to {target} has no rule on balls")


def shift(values: np.ndarray, by: np.ndarray, dtype: str, left: bool) -> np.ndarray:
    """Integers of ``dtype`` shifted by ``by`` bits: to the right the floor of the quotient, to
    the left modulo the word."""
    integer = np.dtype(dtype).type
    places = np.broadcast_to(by, values.shape).ravel().tolist()
    out = []
    for v, k in zip(values.ravel().tolist(), places, strict=True):
        if not v.real.is_integer():
            out.append(UNDECIDED)
            continue
        bits = np.array(int(v.real.unique_fmpz()), integer)
        out.append(acb(int(bits << integer(int(k)) if left else bits >> integer(int(k)))))
    return as_array(out, values.shape)


def _float_of(v: Any, dtype: str) -> Any:
    if not v.real.is_integer():
        return UNDECIDED
    bits = np.array(int(v.real.unique_fmpz()), _INTEGERS[dtype])
    value = float(bits.view(dtype))
    return acb(value) if np.isfinite(value) else UNDECIDED
