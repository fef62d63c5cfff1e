"""Arguments of sine and cosine beyond 2²², reduced by π/2 (Payne and Hanek, SIGNUM 18, 1983).

x = M·2ᴱ with a whole M < 2⁵³; x·2/π modulo 4 needs only the bits of 2/π from 2^(2−E) down.
The product with nine words of 32 bits is exact; the words left out are worth less than
2⁻²⁰¹ quarter turns, and the conversion to a pair loses less than 2⁻¹³⁰.
"""

from __future__ import annotations

import numpy as np

from argand.exact.fast.compiled import outlined
from argand.exact.fast.constants import HALF_PI_PAIR, TWO_OVER_PI_PAIR
from argand.exact.fast.primitives import (
    Lane,
    exponent,
    fma,
    power_of_two,
    two_product,
    two_sum,
)

LARGEST = 1900.0  # log₂ of the largest argument that the table serves (and Arb at 2048 bits)
_WORDS = 9
_MASK, _W32 = np.uint64(0xFFFFFFFF), np.uint64(32)
_P, _P_LOW = HALF_PI_PAIR
_TURNS, _TURNS_LOW = TWO_OVER_PI_PAIR


@outlined
def quarter_turns(h: float, k: float, words: np.ndarray) -> tuple[float, float, float]:
    """(q, f, f_low) with |h|·2ᵏ·2/π ≡ q + f (mod 4), |f| ≤ ½, for 1 ≤ |h| < 2, −2 ≤ k ≤ 1900."""
    m = np.uint64(abs(h) * 2.0**52)
    e = np.int64(k) - 52
    first = 0 if e < 2 else (e - 2) >> 5
    product = np.zeros(16, np.uint64)
    low, high = m & _MASK, m >> _W32
    for i in range(_WORDS):
        c = words[first + _WORDS - 1 - i]
        product[i] += low * c & _MASK
        product[i + 1] += (low * c >> _W32) + (high * c & _MASK)
        product[i + 2] += high * c >> _W32
    for i in range(15):
        product[i + 1] += product[i] >> _W32
        product[i] &= _MASK
    unit = 32 * _WORDS - (e - 32 * first)  # the bit worth one quarter turn
    shift = np.uint64(unit & 31)
    word = unit >> 5
    q = np.int64(((product[word + 1] << _W32 | product[word]) >> shift) & np.uint64(3))
    f, lost, scale = 0.0, 0.0, 2.0**-192
    for i in range(6, 0, -1):  # the last word first, so that 2Sum sees growing terms
        j = word - i
        bits = np.int64(((product[j + 1] << _W32 | product[j]) >> shift) & _MASK)
        if i == 1 and bits >= 2**31:  # f in [−½, ½]
            bits -= 2**32
            q += 1
        f, residual = two_sum(bits * scale, f)
        lost += residual
        scale *= 2.0**32
    f, f_low = two_sum(f, lost)
    return np.float64(q & 3), f, f_low


@outlined
def large_argument(h: float, lo: float, e: float, k: float, words: np.ndarray) -> Lane:
    """(q, r, r_low, error) of a lane with k ≥ 22: v = q·π/2 + r (mod 2π) within the error.

    The head and the low part are reduced apart. NaN where the table or the lane is too short.
    """
    x = exponent(lo)
    if not k <= LARGEST or h == 0.0 or (lo != 0.0 and x < -900.0) or (k > 900.0 and e != 0.0):
        return 0.0, 0.0, 0.0, np.nan
    q, f, f_low = quarter_turns(h, k, words)
    if h < 0.0:
        q, f, f_low = -q, -f, -f_low
    error = 2.0**-130
    if lo != 0.0:
        if k + x < -2.0:  # less than a quarter turn: no reduction
            v = lo * power_of_two(k)
            turns, (g, g_low) = 0.0, two_product(v, _TURNS)
            g_low += v * _TURNS_LOW
        else:
            turns, g, g_low = quarter_turns(lo * power_of_two(-x), k + x, words)
            if lo < 0.0:
                turns, g, g_low = -turns, -g, -g_low
        f, lost = two_sum(f, g)
        f, f_low = two_sum(f, lost + (f_low + g_low))
        turn = np.floor(f + 0.5)
        q += turns + turn
        f, lost = two_sum(f, -turn)
        f, f_low = two_sum(f, lost + f_low)
        error = 2.0**-102  # the three sums of low parts, each below 2⁻⁵²
    q -= 4.0 * np.floor(q * 0.25)
    r, p_low = two_product(f, _P)
    r, r_low = two_sum(r, fma(f_low, _P, f * _P_LOW) + p_low)
    error = 1.6 * error + abs(r) * 2.0**-100
    return q, r, r_low, error + e * power_of_two(k) if e != 0.0 else error
