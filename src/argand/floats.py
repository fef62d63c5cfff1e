"""Floats as integers on a line: ordinals, grids, special values; and floats as text."""

from __future__ import annotations

import numpy as np

_INTEGERS: dict[np.dtype, type[np.signedinteger]] = {
    np.dtype(np.float32): np.int32,
    np.dtype(np.float64): np.int64,
}


def real_dtype(dtype: str | np.dtype) -> np.dtype:
    """float32 for float32 and complex64, float64 for float64 and complex128."""
    return np.empty(0, dtype).real.dtype


def ordinals(x: np.ndarray) -> np.ndarray:
    """The place of each float on the line, int64 in either precision.

    It is 0 for ±0, ±1 for the smallest subnormals, and so on: neighbouring floats have
    neighbouring ordinals.
    """
    x = np.asarray(x)
    bits = x.view(_INTEGERS[x.dtype]).astype(np.int64)
    lowest = np.int64(np.iinfo(_INTEGERS[x.dtype]).min)
    return np.where(bits < 0, lowest - bits, bits)


def from_ordinals(ordinal: np.ndarray, dtype: str | np.dtype) -> np.ndarray:
    """The floats at these places of the line; the inverse of ``ordinals`` (−0 becomes 0)."""
    integer = _INTEGERS[np.dtype(dtype)]
    ordinal = np.asarray(ordinal, np.int64)
    lowest = np.int64(np.iinfo(integer).min)
    return np.where(ordinal < 0, lowest - ordinal, ordinal).astype(integer).view(dtype)


def float_line(n: int, dtype: str | np.dtype) -> np.ndarray:
    """``n`` floats evenly spaced by ordinal over all finite floats: logarithmic in both signs."""
    top = int(ordinals(np.array(np.finfo(dtype).max, dtype)))
    steps = [2 * k - (n - 1) for k in range(n)]  # Python's integers: 2 × top exceeds int64
    places = [(top * abs(step)) // (n - 1) * (1 if step > 0 else -1) for step in steps]
    return from_ordinals(np.array(places), dtype)


def draw_float_line(rng: np.random.Generator, n: int, dtype: str | np.dtype) -> np.ndarray:
    """``n`` finite floats drawn uniformly by ordinal, both signs."""
    top = int(ordinals(np.array(np.finfo(dtype).max, dtype)))
    return from_ordinals(rng.integers(-top, top, n, endpoint=True), dtype)


def special_values(dtype: str | np.dtype) -> np.ndarray:
    """0; ±1, ±½, ±2, ±π, ±eps and the ends of the normal and subnormal ranges; and the floats
    beside which the exponential leaves these ranges, each with its next."""
    info = np.finfo(dtype)
    with np.errstate(under="ignore"):
        edges = [np.log(info.max), np.log(info.tiny), np.log(info.smallest_subnormal)]
        positive = [1.0, 0.5, 2.0, info.eps, info.tiny, info.smallest_subnormal, info.max, np.pi]
    values = np.array([0.0, *positive, *(-np.array(positive)), *edges], dtype)
    beside = np.nextafter(np.array(edges, dtype), np.array(np.inf, dtype))
    return np.concatenate([values, beside])


def hexadecimal(value: complex | float) -> list[str]:
    """The real components of ``value`` in hexadecimal, which Python reads back exactly."""
    parts = (value.real, value.imag) if isinstance(value, complex) else (value,)
    return [float(p).hex() for p in parts]
