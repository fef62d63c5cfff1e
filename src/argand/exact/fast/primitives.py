"""Scaled double-double numbers with an error bound: the arithmetic of one lane, for LLVM to inline.

A lane is (h, lo, e, k) and holds every real x with |x/2ᵏ − (h + lo)| ≤ e. Either 1 ≤ |h| < 2 and
h = RN(h + lo), or h = lo = 0 (then k is the unit of e, and an exact zero has k = ZERO_EXPONENT).
All four are float64; k is a whole number far inside ±2⁵⁰, so nothing overflows or underflows
that a bound relies on: e is 0 (exact) or at least 2⁻³⁹⁰, and NaN in e means "not known".

Two facts carry every bound; u = 2⁻⁵³. 2Sum (Knuth, TAOCP 2, 4.2.2, theorem B; Møller 1965)
gives a + b = s + t exactly unless it overflows, subnormals included. A fused multiply-add gives
the product error a·b − RN(a·b) exactly where a·b ≥ 2⁻⁹⁶⁹ (Boldo and Daumas 2003).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types

from argand.exact.fast.compiled import inlined, instruction

ZERO_EXPONENT = -(2.0**46)
_LARGEST_EXPONENT = 2.0**45
_LEAST_ERROR = 2.0**-390
_DROP = 400.0  # a summand this many powers of two below the other only widens the bound
ROUND_UP = 1 + 2.0**-46  # covers the rounding of a bound computed by up to 64 operations
U = 2.0**-53

Lane = tuple[float, float, float, float]  # (h, lo, e, k)
Pair = tuple[float, float]  # a number and what it misses

_f, _i, _i64 = types.float64, types.int64, ir.IntType(64)


@instruction
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """RN(a·b + c): LLVM's llvm.fma, an instruction or libm's function, never contracted away."""
    return _f(_f, _f, _f), lambda context, builder, signature, args: builder.fma(*args)


@instruction
def _bits(typing: Any, a: Any) -> Any:
    return _i(_f), lambda context, builder, signature, args: builder.bitcast(args[0], _i64)


@instruction
def _float(typing: Any, a: Any) -> Any:
    return _f(_i), lambda context, builder, signature, args: builder.bitcast(
        args[0], ir.DoubleType()
    )


@inlined
def power_of_two(k: float) -> Any:
    """2ᵏ for whole k, −1022 ≤ k ≤ 1023: k + 1023 moved into the exponent's place."""
    return _float(_bits(k + (2.0**52 + 1023.0)) << 52)


@inlined
def exponent(h: float) -> Any:
    """The exponent of a normal h as a float64; −1023 for zero and subnormals."""
    return _float((_bits(abs(h)) >> 52) | 0x4330000000000000) - (2.0**52 + 1023.0)


@inlined
def two_sum(a: float, b: float) -> Pair:
    s = a + b
    bb = s - a
    return s, (a - (s - bb)) + (b - bb)


@inlined
def fast_two_sum(a: float, b: float) -> Pair:
    """2Sum for |a| ≥ |b| (Dekker 1971)."""
    s = a + b
    return s, b - (s - a)


@inlined
def two_product(a: float, b: float) -> Pair:
    p = a * b
    return p, fma(a, b, -p)


@inlined
def normal(h: float, lo: float, e: float, k: float) -> Lane:
    """The lane with 1 ≤ |h| < 2: a scaling by a power of two, exact."""
    x = exponent(h)
    outside = (x < -1022.0) | (x > 1000.0)  # zero, or what no operation makes
    x = 0.0 if outside else x
    s = power_of_two(-x)
    e = e * s
    e = _LEAST_ERROR if (e > 0.0) & (e < _LEAST_ERROR) else e
    e = float("nan") if outside & (h != 0.0) else e
    k = k + x
    zero = (h == 0.0) & (e == 0.0)
    e = float("nan") if (abs(k) > _LARGEST_EXPONENT) & (not zero) else e
    return h * s, lo * s, e, ZERO_EXPONENT if zero else k


@inlined
def add(
    ah: float, al: float, ae: float, ak: float, bh: float, bl: float, be: float, bk: float
) -> Lane:
    """The sum. Its rounding error is measured, not bounded: six 2Sums are exact, and what is
    left out is their two last residuals."""
    k = ak if ak > bk else bk
    da, db = ak - k, bk - k
    a_far, b_far = da < -_DROP, db < -_DROP
    sa = power_of_two(-_DROP if a_far else da)
    sb = power_of_two(-_DROP if b_far else db)
    ae = (ae + (2.0 * abs(ah) if a_far else 0.0)) * sa
    be = (be + (2.0 * abs(bh) if b_far else 0.0)) * sb
    ah, al = 0.0 if a_far else ah * sa, 0.0 if a_far else al * sa
    bh, bl = 0.0 if b_far else bh * sb, 0.0 if b_far else bl * sb
    s, s_low = two_sum(ah, bh)
    t, t_low = two_sum(al, bl)
    c, c_lost = two_sum(s_low, t)
    v, v_low = two_sum(s, c)
    d, d_lost = two_sum(t_low, v_low)
    h, lo = two_sum(v, d)
    e = (ae + be + abs(c_lost) + abs(d_lost)) * ROUND_UP
    nothing = e > abs(h)  # no digit is left: an interval around zero serves better
    e = (e + abs(h)) * ROUND_UP if nothing else e
    return normal(0.0 if nothing else h, 0.0 if nothing else lo, e, k)


@inlined
def multiply(
    ah: float, al: float, ae: float, ak: float, bh: float, bl: float, be: float, bk: float
) -> Lane:
    """The product. |al|, |bl| ≤ u and the products of heads lie in [1, 4), so the four
    roundings and the dropped al·bl lose less than 32u². Exact when both
    lows are zero."""
    p, p_low = two_product(ah, bh)
    c = fma(al, bh, ah * bl) + p_low
    h, lo = two_sum(p, c)
    exact = ((al == 0.0) & (bl == 0.0)) | (p == 0.0)
    e = (abs(ah) * be + abs(bh) * ae + ae * be) * ROUND_UP + (0.0 if exact else 32.0 * U * U)
    return normal(h, lo, e, ak + bk)


@inlined
def divide(
    ah: float, al: float, ae: float, ak: float, bh: float, bl: float, be: float, bk: float
) -> Lane:
    """The quotient q = qh + r/b. The remainder r0 = ah − qh·bh is exact (Markstein 1990);
    |r| ≤ 10u with an error of 16u², its division by bh instead of b costs 20u² more: below
    64u². The bound of b must leave zero out by a factor of four."""
    qh = ah / bh
    r0 = fma(-qh, bh, ah)
    r = r0 + fma(-qh, bl, al)
    h, lo = two_sum(qh, r / bh)
    exact = ((al == 0.0) & (bl == 0.0) & (r0 == 0.0)) | (qh == 0.0)
    e = (ae + abs(qh) * be) / (abs(bh) - 2.0**-50 - be) * ROUND_UP
    e = e + (0.0 if exact else 64.0 * U * U)
    e = e if (be < 0.25) & (bh != 0.0) else float("nan")
    return normal(h, lo, e, ak - bk)


@inlined
def square_root(ah: float, al: float, ae: float, ak: float) -> Lane:
    """√a for a certainly positive a: s = √ah, then s + (a − s²)/(2s). The remainder ah − s² is
    exact (Markstein 1990); the next Newton term and the roundings stay below 32u²."""
    odd = ak - 2.0 * np.floor(ak * 0.5)
    f = 1.0 + odd
    ah, al, ae = ah * f, al * f, ae * f
    s = np.sqrt(ah)
    r = fma(-s, s, ah)
    h, lo = two_sum(s, (r + al) / (2.0 * s))
    lost = 0.0 if (al == 0.0) & (r == 0.0) else 32.0 * U * U
    # |√a − √ã| = |a − ã|/(√a + √ã) ≤ ae/√ã ≤ ae
    e = ae * ROUND_UP + lost
    e = e if (ah > 0.0) & (ae < 0.25) else float("nan")
    return normal(h, lo, e, (ak - odd) * 0.5)


@inlined
def horner(ch: float, cl: float, wh: float, wl: float, sh: float, sl: float) -> Pair:
    """c + w·s in double-double for |w·s| ≤ |c|, with an error below 16u²|c|: the product's low
    part is at most 3u|w·s| and its roundings 6u²; the sum of lows is at most 6u|c|."""
    p, p_low = two_product(wh, sh)
    h, t = fast_two_sum(ch, p)
    return fast_two_sum(h, t + (cl + fma(wl, sh, fma(wh, sl, p_low))))
