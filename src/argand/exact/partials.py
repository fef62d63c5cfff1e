"""Arrays of derivatives: objects, None where one is 0, and None for an array of zeros."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from flint import acb

from argand.exact.balls import as_array, conj
from argand.exact.dual import plus, times
from argand.exact.edges.kinks import OneSided, Token

NO_DERIVATIVE = np.array(None, object)  # zeros, of the shape to which it is broadcast
_products = np.frompyfunc(times, 2, 1)
_sums = np.frompyfunc(plus, 2, 1)
_conjugates = np.frompyfunc(lambda v: None if v is None else conj(v), 1, 1)
_reals = np.frompyfunc(lambda v: v.real if type(v) in (acb, OneSided) else v, 1, 1)
_alongs = np.frompyfunc(lambda p, d: p.along(d) if isinstance(p, Token) else times(p, d), 2, 1)


def left_padded(a: np.ndarray, rank: int) -> np.ndarray:
    """``a`` with so many axes: TensorFlow broadcasts from the right, and axis 0 counts samples."""
    return a.reshape(a.shape[0], *([1] * (rank - a.ndim)), *a.shape[1:])


def some(found: np.ndarray) -> np.ndarray | None:
    """The array, None if it holds only zeros."""
    return None if all(v is None for v in found.flat) else found


def unless_zero(flat: list[Any], shape: tuple[int, ...]) -> np.ndarray | None:
    """A list of derivatives as an array of this shape, None if it holds only zeros."""
    return None if all(v is None for v in flat) else as_array(flat, shape)


def real_parts(a: np.ndarray | None) -> np.ndarray | None:
    """The real parts."""
    return None if a is None else np.asarray(_reals(a), object)


def conjugate(a: np.ndarray | None) -> np.ndarray | None:
    """The conjugates."""
    return None if a is None else _conjugates(a)


def product(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    """The products, element by element."""
    return None if a is None or b is None else some(_products(a, b))


def along_real(by: np.ndarray | None, d: np.ndarray | None) -> np.ndarray | None:
    """The products along a real input, where a Token in ``by`` may have one-sided derivatives."""
    return None if by is None or d is None else some(np.asarray(_alongs(by, d), object))


def total(*terms: np.ndarray | None) -> np.ndarray | None:
    """The sum of these arrays."""
    present = [t for t in terms if t is not None]
    return reduce(_sums, present) if present else None
