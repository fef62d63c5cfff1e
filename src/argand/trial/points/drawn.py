"""Where a function is tried: inputs over the float line or a domain, and upstreams."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from argand.floats import draw_float_line, from_ordinals, ordinals, real_dtype, special_values
from argand.trial.components import normal


def draw_inputs(
    dtypes: Sequence[str],
    domain: Sequence[tuple[float, float]] | None,
    n: int,
    rng: np.random.Generator,
    cores: Sequence[tuple[int, ...]] | None = None,
) -> list[np.ndarray]:
    """``n`` samples of each input, float arrays of shape (n, *core), () without ``cores``.

    Without a domain every real component is drawn from the whole float line: by ordinal, by
    magnitude where people compute (2⁻¹⁰ to 2¹²), from special values; some complex ones lie on
    or beside the axes, where branch cuts are, the diagonals and the unit circle.
    Subnormals become zero: TensorFlow's kernels read them so, whatever the function. The entries
    of half of the rows are drawn apart, those of the others lie around a common one.
    """
    components = iter(domain or ())
    inputs = []
    for dtype, core in zip(dtypes, cores or [()] * len(dtypes), strict=True):
        real = real_dtype(dtype)
        size = math.prod(core)
        parts = []
        for _ in range(2 if dtype.startswith("complex") else 1):
            bounds = None if domain is None else next(components)
            draw = _draw_anywhere if bounds is None else _draw_within(*bounds)
            parts.append(_drawn_rows(draw, real, n, size, bounds, rng))
        if len(parts) == 1:
            inputs.append(normal(parts[0]).reshape(n, *core))
            continue
        z = np.empty(n * size, dtype)
        z.real, z.imag = parts
        if domain is None:
            _place_some(z, rng)
        z.real, z.imag = normal(z.real), normal(z.imag)
        inputs.append(z.reshape(n, *core))
    return inputs


Draw = Callable[[np.dtype, int, np.random.Generator], np.ndarray]


def _drawn_rows(
    draw: Draw,
    dtype: np.dtype,
    n: int,
    size: int,
    bounds: tuple[float, float] | None,
    rng: np.random.Generator,
) -> np.ndarray:
    """``n`` rows of ``size``, flat: where a function of a row overflows, or loses its digits,
    depends on how far apart the entries are."""
    if size == 1:
        return draw(dtype, n, rng)
    rows = draw(dtype, n * size, rng).reshape(n, size)
    kind = rng.choice([0, 1, 2, 3], n, p=[0.5, 0.24, 0.24, 0.02])[:, None]
    centre = rows[:, :1]
    offset, factor = rng.normal(0, 4, (2, n, size)).astype(dtype)
    with np.errstate(over="ignore", under="ignore"):
        rows = np.choose(kind, [rows, centre + offset, centre * factor, centre + 0 * rows])
    low, high = bounds or (np.finfo(dtype).min, np.finfo(dtype).max)
    rows = np.clip(rows, dtype.type(low), dtype.type(high)) + dtype.type(0)  # no −0
    return np.asarray(rows.reshape(n * size))


def _place_some(z: np.ndarray, rng: np.random.Generator) -> None:
    """Move a quarter of ``z``: an eighth to an axis, an eighth to a diagonal or the unit circle."""
    real = z.real.dtype.type
    info = np.finfo(real)
    where = rng.integers(0, 16, z.size)
    sign = rng.choice(np.array([-1, 1], real), z.size)
    beside = sign * rng.choice(np.array([0, 0, info.eps, info.tiny], real), z.size)
    beside += real(0)  # of zeros, the positive one
    z.real = np.where(where == 0, beside, z.real)
    z.imag = np.where(where == 1, beside, z.imag)
    z.imag = np.where(where == 2, sign * z.real, z.imag)
    angle = rng.uniform(-np.pi, np.pi, z.size)
    z.real = np.where(where == 3, np.cos(angle), z.real)
    z.imag = np.where(where == 3, np.sin(angle), z.imag)


def _draw_anywhere(dtype: np.dtype, n: int, rng: np.random.Generator) -> np.ndarray:
    magnitude = np.exp2(rng.uniform(-10, 12, n)) * rng.choice([-1.0, 1.0], n)
    chosen = rng.choice([0, 1, 2], n, p=[0.6, 0.3, 0.1])
    return np.choose(
        chosen,
        [
            magnitude.astype(dtype),
            draw_float_line(rng, n, dtype),
            rng.choice(special_values(dtype), n),
        ],
    )


def _draw_within(lowest: float, highest: float) -> Draw:
    """Draws within (low, high): half linearly, half by ordinal, ends included."""

    def draw(dtype: np.dtype, n: int, rng: np.random.Generator) -> np.ndarray:
        low, high = np.array((lowest, highest), dtype)
        linear = (low + rng.uniform(0, 1, n) * (high - low)).astype(dtype)
        first, last = ordinals(np.array([low, high]))
        by_ordinal = from_ordinals(rng.integers(first, last, n, endpoint=True), dtype)
        ends = rng.choice(np.array([low, high]), n)
        kind = rng.choice([0, 1, 2], n, p=[0.5, 0.4, 0.1])
        return np.asarray(np.clip(np.choose(kind, [linear, by_ordinal, ends]), low, high))

    return draw


def draw_upstreams(
    dtype: str, n: int, rng: np.random.Generator, core: tuple[int, ...] = ()
) -> np.ndarray:
    """``n`` upstreams, (n, *core): half are 1, the rest 1j (real: −1), of random phase, tiny, huge
    and 0. Of rows, half have one entry that is not 0; the others' entries differ."""
    if core:
        size = math.prod(core)
        rows = draw_upstreams(dtype, n * size, rng).reshape(n, size)
        kind = rng.integers(0, 4, n)[:, None]
        alone = np.arange(size) == rng.integers(0, size, (n, 1))
        apart = rows * np.exp2(rng.uniform(-2, 2, rows.shape)).astype(rows.real.dtype)
        chosen = np.choose(np.maximum(kind - 1, 0), [np.where(alone, rows, 0), rows, apart])
        return chosen.astype(dtype).reshape(n, *core)
    real = np.finfo(real_dtype(dtype))
    kind = rng.integers(0, 9, n)
    decades = 0.85 * np.log10(float(real.max))
    magnitude = np.select(
        [kind == 6, kind == 7, kind == 8],
        [10.0 ** rng.uniform(-decades, 0, n), 10.0 ** rng.uniform(0, decades, n), 0.0],
        1.0,
    )
    if dtype.startswith("complex"):
        phase = np.exp(2j * np.pi * rng.uniform(0, 1, n))
        unit = np.select([kind < 4, kind == 4], [1.0, 1j], phase)
    else:
        unit = np.select([kind < 4, kind == 4], [1.0, -1.0], rng.choice([-1.0, 1.0], n))
    return np.asarray(unit * magnitude).astype(dtype)


def generic_points(
    dtypes: Sequence[str],
    domain: Sequence[tuple[float, float]] | None,
    n: int,
    rng: np.random.Generator,
    cores: Sequence[tuple[int, ...]] | None = None,
) -> list[np.ndarray]:
    """Ordinary points (n, *core), of size about one (or uniform in the domain), off every axis."""
    components = iter(domain or ())
    inputs = []
    for dtype, core in zip(dtypes, cores or [()] * len(dtypes), strict=True):
        parts = []
        for _ in range(2 if dtype.startswith("complex") else 1):
            low, high = next(components) if domain else (-2.0, 2.0)
            parts.append(low + rng.uniform(0, 1, (n, *core)) * (high - low))
        inputs.append((parts[0] + 1j * parts[-1] if len(parts) == 2 else parts[0]).astype(dtype))
    return inputs
