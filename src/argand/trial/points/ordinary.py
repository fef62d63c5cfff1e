"""Ordinary points, plain upstreams, and when two results differ."""

from __future__ import annotations

import numpy as np

from argand.trial.points.drawn import generic_points
from argand.trial.problem import Problem


def ordinary(
    problem: Problem, n: int, rng: np.random.Generator
) -> tuple[list[np.ndarray], np.ndarray]:
    """``n`` ordinary points of each input, and upstreams of size about 1 and any phase."""
    inputs = generic_points(problem.input_dtypes, problem.domain, n, rng, problem.cores)
    return inputs, ordinary_upstreams(problem, n, rng)


def ordinary_upstreams(problem: Problem, n: int, rng: np.random.Generator) -> np.ndarray:
    """``n`` upstreams (n, *core) of size about 1 and any phase."""
    shape = (n, *problem.core)
    phase, size = 2 * np.pi * rng.uniform(0, 1, shape), rng.uniform(0.5, 2, shape)
    turned = size * np.exp(1j * phase)
    if not problem.output_dtype.startswith("complex"):
        turned = size * np.where(turned.real < 0, -1, 1)
    return np.asarray(turned.astype(problem.output_dtype))


def moderate(problem: Problem, inputs: list[np.ndarray]) -> np.ndarray:
    """Where no component is so small beside 1, or so large, that adding 1 loses most digits: there
    results differ by rounding alone. Everywhere in a domain that the caller chose."""
    inside = np.ones(len(inputs[0]), bool)
    if problem.domain is not None:
        return inside
    for x in problem.entries(inputs):
        for part in (x.real, x.imag):
            size = np.abs(part)
            inside &= (size == 0) | ((size >= 2.0**-12) & (size <= 2.0**12))
    return inside


def far(dtype: str | np.dtype) -> float:
    """A relative difference that no rounding makes at a moderate point: most digits."""
    return 32 * float(np.sqrt(np.finfo(dtype).eps))


def apart(a: np.ndarray, b: np.ndarray, relative: float) -> np.ndarray:
    """Where ``a`` and ``b`` (n, *core) differ by more than ``relative`` of the larger, or in what
    is not finite: NaN equals NaN here, and an infinity itself. The rounding of a row is counted
    from its largest entry, whose terms the others share."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(a), np.abs(b))
        if size.ndim > 1:
            axes = tuple(range(1, size.ndim))
            size = np.fmax.reduce(size, axis=axes, keepdims=True, initial=0.0)
        near = np.abs(a - b) <= relative * size
    finite = np.isfinite(a) & np.isfinite(b)
    return np.where(finite, ~near, ~_same(a, b))


def _same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    def component(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.asarray((x == y) | (np.isnan(x) & np.isnan(y)))

    return np.asarray(component(a.real, b.real) & component(a.imag, b.imag))
