"""Upstreams: the gradient that arrives from later layers, by name, at places of a plane."""

from __future__ import annotations

import cmath

import numpy as np

from argand.floats import real_dtype
from argand.subject import TargetError

SIZE = "|u|"  # the name of the axis that moves the upstream's size
RANDOM = "random"  # of random phase, and size of 2⁻²⁰ to 2²⁰; both depend on place and seed
TINY, HUGE = "tiny", "huge"  # sixteen octaves inside the ends of the normal range
_NAMED = (RANDOM, TINY, HUGE)
_OCTAVES = 20
_INSIDE = 16


def named(upstream: complex | str) -> str:
    """The name under which ``upstream`` is kept: random, tiny, huge, or the number: 1, 1j, -0.5+2j.

    Raises TargetError for what is none, or a number that is 0 or not finite.
    """
    if upstream in _NAMED:
        return str(upstream)
    try:
        number = complex(upstream)
    except (TypeError, ValueError):
        number = 0j
    if not number or not cmath.isfinite(number):
        raise TargetError(
            f"upstreams of a study has {upstream!r}: give finite numbers other than 0, such as 1 "
            f"or 1j, or {', '.join(_NAMED)}"
        )
    if number.imag:
        return str(complex(number.real + 0.0, number.imag)).strip("()")  # -2j has the real part -0
    return repr(number.real).removesuffix(".0")


def suits(name: str, dtype: str) -> bool:
    """Whether results of ``dtype`` can have this upstream: real ones no complex number."""
    return name in _NAMED or np.dtype(dtype).kind == "c" or not complex(name).imag


def at_places(
    name: str,
    xs: np.ndarray,
    ys: np.ndarray,
    size: np.ndarray | None,
    seed: int,
    dtype: str,
    core: tuple[int, ...],
) -> np.ndarray:
    """The upstream of the given name at the places (xs, ys), an array (n, *core) of ``dtype``.

    ``size`` (n,): its absolute values, where an axis moves them; the name then gives the direction.
    ``seed``: of a random one.
    The entries of a row get u, −u/2, u/4 and so on: if they were equal, a softmax, whose sum is
    constant, would have no gradient.
    """
    if name == RANDOM:
        phase, scale = _random(xs, ys, seed)
        unit = np.exp(2j * np.pi * phase) if np.dtype(dtype).kind == "c" else np.sign(phase - 0.5)
        unit = np.where(unit == 0, 1.0, unit)
        size = np.exp2(_OCTAVES * (2 * scale - 1)) if size is None else size
        u = unit * size
    elif size is not None:
        number = complex(name)
        u = number / abs(number) * size
    elif name in _NAMED:
        info = np.finfo(real_dtype(dtype))
        u = np.full(
            xs.shape, 2.0 ** (info.minexp + _INSIDE if name == TINY else info.maxexp - _INSIDE)
        )
    else:
        u = np.full(xs.shape, complex(name))
    found: np.ndarray = (u if np.dtype(dtype).kind == "c" else u.real).astype(dtype)
    if core:
        weights = (-0.5) ** np.arange(int(np.prod(core))).reshape(core)
        found = found.reshape(-1, *(1 for _ in core)) * weights.astype(real_dtype(dtype))
    return found


def _random(xs: np.ndarray, ys: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two numbers in [0, 1) for each place: the same whatever else is asked for."""
    state = _mixed(_bits(xs) + np.uint64(seed & 0xFFFF_FFFF_FFFF_FFFF))
    state = _mixed(state ^ _bits(ys))
    first, second = ((_mixed(state + np.uint64(k)) >> np.uint64(11)) * 2.0**-53 for k in (1, 2))
    return first, second


def _bits(x: np.ndarray) -> np.ndarray:
    return (x.astype(np.float64) + 0.0).view(np.uint64)  # −0 is the place 0


def _mixed(x: np.ndarray) -> np.ndarray:
    """SplitMix64 (Steele, Lea and Flood 2014): one step of its output function."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = x ^ (x >> np.uint64(31))
    return mixed
