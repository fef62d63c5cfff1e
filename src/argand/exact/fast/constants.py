"""Constants of the kernels, computed by Arb at import and rounded once: none is typed in."""

from __future__ import annotations

import math

import numpy as np
from flint import arb, ctx

_PI_BITS = 2304  # of 2/π: enough for arguments below 2^1901


def _pair(x: arb) -> tuple[float, float]:
    """The nearest double, and the nearest to what it misses."""
    high = float(x.mid())
    return high, float((x - high).mid())


def _pieces(x: arb, *bits: int) -> tuple[float, ...]:
    """x as a sum of doubles of at most these many bits each, and a last double."""
    out = []
    for n in bits:
        exponent = math.floor(math.log2(abs(float(x.mid())))) + 1 - n
        piece = math.ldexp(float((x * arb(2) ** -exponent).floor().mid()), exponent)
        out.append(piece)
        x -= piece
    return (*out, float(x.mid()))


with ctx.workprec(_PI_BITS + 128):
    _pi, _ln2 = arb.pi(), arb(2).log()
    INVERSE_LN2 = float((1 / _ln2).mid())
    LN2 = _pieces(_ln2, 38, 53)  # n·LN2[0] is exact for |n| < 2¹⁵
    HALF_PI = _pieces(_pi / 2, 30, 53)  # n·HALF_PI[0] is exact for |n| < 2²³
    HALF_PI_PAIR, TWO_OVER_PI_PAIR = _pair(_pi / 2), _pair(2 / _pi)
    _factorials = [_pair(1 / arb(math.factorial(n))) for n in range(32)]
    _words = int((2 / _pi * arb(2) ** _PI_BITS).floor().unique_fmpz())

INVERSE_FACTORIAL = tuple(h for h, _ in _factorials)
INVERSE_FACTORIAL_LOW = tuple(low for _, low in _factorials)
# 2/π in words of 32 bits, the most significant first
TWO_OVER_PI_WORDS = np.array(
    [_words >> (_PI_BITS - 32 * (i + 1)) & 0xFFFFFFFF for i in range(_PI_BITS // 32)], np.uint64
)
