"""Points where functions are hard: the float line, cuts, zeros, poles and frontiers."""

import numpy as np

from argand.floats import draw_float_line, from_ordinals, ordinals, real_dtype, special_values

HARD = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, np.pi / 2, np.pi, 2 * np.pi, np.e, 709.782712893384, 745.13]


def real_points(rng, n, dtype):
    """``n`` finite floats: half on the float line, the rest of ordinary size, or hard."""
    dtype = real_dtype(dtype)
    kind = rng.choice(3, n, p=[0.5, 0.25, 0.25])
    ordinary = (np.exp2(rng.uniform(-12, 10, n)) * rng.choice([-1.0, 1.0], n)).astype(dtype)
    hard = rng.choice(np.concatenate([np.array(HARD, dtype), special_values(dtype)]), n)
    hard = hard * rng.choice(np.array([-1, 1], dtype), n)
    top = int(ordinals(np.array(np.finfo(dtype).max, dtype)))
    beside = from_ordinals(np.clip(ordinals(hard) + rng.integers(-2, 3, n), -top, top), dtype)
    hard = np.where(rng.random(n) < 0.5, beside, hard)
    return np.choose(kind, [draw_float_line(rng, n, dtype), ordinary, hard])


def complex_points(rng, n, dtype):
    """As ``real_points`` in each component; one in four on an axis, with either zero."""
    z = np.empty(n, dtype)
    z.real, z.imag = real_points(rng, n, dtype), real_points(rng, n, dtype)
    zero = rng.choice(np.array([0.0, -0.0], real_dtype(dtype)), n)
    axis = rng.integers(0, 8, n)
    z.real = np.where(axis == 0, zero, z.real)
    z.imag = np.where(axis == 1, zero, z.imag)
    return z
