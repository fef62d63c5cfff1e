"""Arrays of derivatives: objects, None where one is 0, and None for an array of zeros."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from flint import acb

from argand.exact.balls import as_array, conj
from argand.exact.dual import plus, times
from argand.exact.edges.kinks import OneSided, Token

_products = np.frompyfunc(times, 2, 1)
_sums = np.frompyfunc(plus, 2, 1)
_conjugates = np.frompyfunc(lambda v: None if v is None else conj(v), 1, 1)
_reals = np.frompyfunc(lambda v: v.real if type(v) in (acb, OneSided) else v, 1, 1)
_alongs = np.frompyfunc(lambda p, d: p.along(d) if isinstance(p, Token) else times(p, d), 2, 1)


def left_padded(a: np.ndarray, rank: int) -> np.ndarray:
    """Axis 0 counts samples; TensorFlow broadcasts the others from the right."""
    return a.reshape(a.shape[0], *([1] * (rank - a.ndim)), *a.shape[1:])


def real_parts(a: np.ndarray) -> np.ndarray:
    return np.asarray(_reals(a), object)


def unless_zero(flat: list[Any], shape: tuple[int, ...]) -> np.ndarray | None:
    return None if all(v is None for v in flat) else as_array(flat, shape)


def conjugate(a: np.ndarray | None) -> np.ndarray | None:
    return None if a is None else _conjugates(a)


def product(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    if a is None or b is None:
        return None
    found = _products(a, b)
    return None if all(v is None for v in found.flat) else found


def along_real(by: np.ndarray | None, d: np.ndarray | None) -> np.ndarray | None:
    if by is None or d is None:
        return None
    found = np.asarray(_alongs(by, d), object)
    return None if all(v is None for v in found.flat) else found


def total(*terms: np.ndarray | None) -> np.ndarray | None:
    present = [t for t in terms if t is not None]
    return reduce(_sums, present) if present else None
