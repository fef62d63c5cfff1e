"""The arithmetic of whole blocks: one loop per operation over arrays of lanes.

A block is a C-contiguous float64 array of shape (4, n) with the rows h, lo, e, k of
``primitives``. Each loop is compiled at its first call and kept (``cache``).
"""

from __future__ import annotations

import numpy as np

from argand.exact.fast import elementary, primitives
from argand.exact.fast.compiled import kernel
from argand.exact.fast.constants import TWO_OVER_PI_WORDS
from argand.exact.fast.payne_hanek import large_argument

H, L, E, K = range(4)
_add, _multiply, _divide = primitives.add, primitives.multiply, primitives.divide
_square_root, _normal, _two_sum = primitives.square_root, primitives.normal, primitives.two_sum
_power_of_two, _ROUND_UP = primitives.power_of_two, primitives.ROUND_UP
_exponential, _expm1_small = elementary.exponential, elementary.expm1_small
_reduced, _sine_cosine, _LARGE = elementary.reduced, elementary.sine_cosine, elementary.LARGE


@kernel
def load(x: np.ndarray) -> np.ndarray:
    """Exact lanes of doubles."""
    out = np.zeros((4, x.size))
    for i in range(x.size):
        small, large = abs(x[i]) < 2.0**-900, abs(x[i]) > 2.0**900
        shift = 900.0 if small else -900.0 if large else 0.0
        h = x[i] * (2.0**900 if small else 2.0**-900 if large else 1.0)
        out[0, i], out[1, i], out[2, i], out[3, i] = _normal(h, 0.0, 0.0, -shift)
    return out


@kernel
def add(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    out = np.empty_like(a)
    for i in range(a.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i] = _add(
            a[0, i], a[1, i], a[2, i], a[3, i], b[0, i], b[1, i], b[2, i], b[3, i]
        )
    return out


@kernel
def multiply(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    out = np.empty_like(a)
    for i in range(a.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i] = _multiply(
            a[0, i], a[1, i], a[2, i], a[3, i], b[0, i], b[1, i], b[2, i], b[3, i]
        )
    return out


@kernel
def sum_of_products(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, sign: float
) -> np.ndarray:
    """a·b + sign·c·d for sign ±1, in one pass."""
    out = np.empty_like(a)
    for i in range(a.shape[1]):
        h, lo, e, k = _multiply(
            a[0, i], a[1, i], a[2, i], a[3, i], b[0, i], b[1, i], b[2, i], b[3, i]
        )
        h2, lo2, e2, k2 = _multiply(
            c[0, i], c[1, i], c[2, i], c[3, i], d[0, i], d[1, i], d[2, i], d[3, i]
        )
        out[0, i], out[1, i], out[2, i], out[3, i] = _add(
            h, lo, e, k, sign * h2, sign * lo2, e2, k2
        )
    return out


@kernel
def divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    out = np.empty_like(a)
    for i in range(a.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i] = _divide(
            a[0, i], a[1, i], a[2, i], a[3, i], b[0, i], b[1, i], b[2, i], b[3, i]
        )
    return out


@kernel
def square_root(a: np.ndarray) -> np.ndarray:
    out = np.empty_like(a)
    for i in range(a.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i] = _square_root(
            a[0, i], a[1, i], a[2, i], a[3, i]
        )
    return out


@kernel
def exponential(a: np.ndarray) -> np.ndarray:
    out = np.empty_like(a)
    for i in range(a.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i] = _exponential(
            a[0, i], a[1, i], a[2, i], a[3, i]
        )
    return out


@kernel
def expm1_small(a: np.ndarray) -> np.ndarray:
    out = np.empty_like(a)
    for i in range(a.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i] = _expm1_small(
            a[0, i], a[1, i], a[2, i], a[3, i]
        )
    return out


@kernel
def low_part(a: np.ndarray) -> np.ndarray:
    """The lanes without their heads: what is left when h·2ᵏ is taken out."""
    out = np.empty_like(a)
    for i in range(a.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i] = _normal(a[1, i], 0.0, a[2, i], a[3, i])
    return out


@kernel
def sine_cosine(a: np.ndarray) -> np.ndarray:
    """Both, shape (2, 4, n)."""
    out = np.empty((2, *a.shape))
    turned = np.empty_like(a)
    for i in range(a.shape[1]):
        turned[0, i], turned[1, i], turned[2, i], turned[3, i] = _reduced(
            a[0, i], a[1, i], a[2, i], a[3, i]
        )
    for i in range(a.shape[1]):
        if a[3, i] >= _LARGE:
            turned[0, i], turned[1, i], turned[2, i], turned[3, i] = large_argument(
                a[0, i], a[1, i], a[2, i], a[3, i], TWO_OVER_PI_WORDS
            )
    for i in range(a.shape[1]):
        sin, cos = _sine_cosine(
            a[0, i], a[1, i], a[2, i], a[3, i],
            turned[0, i], turned[1, i], turned[2, i], turned[3, i],
        )  # fmt: skip
        out[0, 0, i], out[0, 1, i], out[0, 2, i], out[0, 3, i] = sin
        out[1, 0, i], out[1, 1, i], out[1, 2, i], out[1, 3, i] = cos
    return out


@kernel
def rounded(
    a: np.ndarray,
    digits: float,
    least: float,
    largest: float,
    free: np.ndarray,
    out: np.ndarray,
    sure: np.ndarray,
) -> None:
    """Round lanes to floats of ``digits`` bits, least quantum 2^least, largest exponent
    ``largest``; ``sure`` is cleared where the lane's ends round apart.

    With Q the quantum at the lane's place, r the multiple of Q nearest h, the lane rounds to r
    if |h − r + lo| + e < Q/2: then no tie is inside. Just below a power of two floats are
    twice as dense: Q/4. An exact zero is +0 where ``free`` says so, and not sure elsewhere.
    """
    for i in range(a.shape[1]):
        h, lo, e, k = a[0, i], a[1, i], a[2, i], a[3, i]
        q = least - k
        q = q if q > 1.0 - digits else 1.0 - digits
        q = q if q < 60.0 else 60.0
        quantum = _power_of_two(q)
        c = quantum * 2.0**52
        s, residual = _two_sum(-c if h < 0.0 else c, h)
        fine = q <= -52.0  # h itself has 53 bits
        r = h if fine else s - (-c if h < 0.0 else c)
        residual = 0.0 if fine else residual
        off = abs(residual + lo)
        bound = (off + e) * _ROUND_UP
        # an exact lane on a tie: 2Sum took the even r
        tie = (e == 0.0) & (off == 0.5 * quantum) & ((lo == 0.0) | (residual == 0.0))
        tie = tie & (abs(r) != 1.0)
        half = quantum * (0.25 if abs(r) == 1.0 else 0.5)
        beyond = (k > largest + 1.0) & (e < 0.5)
        below = (k < least - 2.0) & (e < 0.5)
        good = ((bound < half) & (e < 0.5)) | tie | beyond | below
        place = k if k < largest + 1.0 else largest + 1.0
        place = place if place > -1100.0 else -1100.0
        first = np.floor(place * 0.5)
        value = r * _power_of_two(first) * _power_of_two(place - first)
        value = (np.inf if h > 0.0 else -np.inf) if k > largest else value
        zero = (h == 0.0) & (e == 0.0)
        value = (-0.0 if h < 0.0 else 0.0) if below | zero | (value == 0.0) else value
        out[i] = value
        sure[i] = sure[i] & ((zero & free[i]) | (good & (h != 0.0)))


@kernel
def _products(a: float, b: float) -> tuple[float, float, float]:
    return a * b, a + b, a - b


def keeps_ieee() -> bool:
    """Whether this thread keeps subnormals and rounds to nearest, in compiled code too.

    Other libraries may set the processor's flags for a thread; the bounds need them unset.
    """
    tiny = np.finfo(np.float64).tiny
    half, _, zero = _products(tiny, 0.5)
    _, up, down = _products(1.0, 2.0**-53 * 1.5)
    beside = up == 1.0 + 2.0**-52 and down == 1.0 - 2.0**-52
    return bool(half > 0.0 and zero == tiny - 0.5 and beside)
