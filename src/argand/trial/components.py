"""Inputs as the real components that they are made of, and back: what a search moves along."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from argand.floats import from_ordinals, ordinals, real_dtype


def split(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The real components of the inputs in order, real part first; one dtype each, (n,)."""
    return [part for x in inputs for part in ((x.real, x.imag) if x.dtype.kind == "c" else (x,))]


def join(parts: Sequence[np.ndarray], dtypes: Sequence[str]) -> list[np.ndarray]:
    """The inputs, of ``dtypes``, that have these components; subnormals become zero, as
    TensorFlow's kernels read them so."""
    rest, inputs = iter(parts), []
    for dtype in dtypes:
        first = normal(next(rest))
        if dtype.startswith("complex"):
            z = np.empty(first.shape, dtype)
            z.real, z.imag = first, normal(next(rest))
            first = z
        inputs.append(first)
    return inputs


def normal(x: np.ndarray) -> np.ndarray:
    """``x`` with zeros in place of subnormals; zeros keep their sign."""
    subnormal = (np.abs(x) < np.finfo(x.dtype).tiny) & (x != 0)
    return np.where(subnormal, np.zeros_like(x), x)


def component_dtypes(dtypes: Sequence[str]) -> list[np.dtype]:
    """The dtype of each real component."""
    return [real_dtype(d) for d in dtypes for _ in range(2 if d.startswith("complex") else 1)]


def places(x: np.ndarray) -> list[int]:
    """The ordinals as Python's integers, whose differences do not overflow."""
    return [int(o) for o in ordinals(np.atleast_1d(x))]


def at_places(places: Sequence[int], dtype: np.dtype) -> np.ndarray:
    """The finite floats at these ordinals; what lies beyond the largest becomes the largest."""
    top = int(ordinals(np.array(np.finfo(dtype).max, dtype)))
    return from_ordinals(np.array([min(max(p, -top), top) for p in places], np.int64), dtype)


def component_names(dtypes: Sequence[str], cores: Sequence[tuple[int, ...]]) -> list[str]:
    """How a message names each component: the real part, the input, entry 2; with the input's
    number if there are several."""
    names = []
    for i, (dtype, core) in enumerate(zip(dtypes, cores, strict=True)):
        for j in range(math.prod(core)):
            row = f"entry {j}" if core else ""
            which = f"input {i}" if len(dtypes) > 1 else ""
            whole = " of ".join(filter(None, [row, which])) or "the input"
            if dtype.startswith("complex"):
                of = f" of {whole}" if row or which else ""
                names += [f"the real part{of}", f"the imaginary part{of}"]
            else:
                names.append(whole)
    return names
