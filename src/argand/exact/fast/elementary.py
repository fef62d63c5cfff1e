"""exp, sin and cos of one lane in double-double, each with the derivation of its bound.

Arguments are reduced with π/2 and ln 2 in three parts (Cody and Waite), whose sums are made of
2Sums. Then comes the Taylor series by Horner: the terms whose weight is above 2⁻⁴² in
double-double, the rest in double. With u = 2⁻⁵³:

- what is cut off is below 2⁻¹⁰⁵ (r²³/23!, r²⁸/28!, r²⁹/29! at |r| = 0.347 and 0.786);
- the double part has a relative error below 4u = 2⁻⁵¹ and a weight of at most 2⁻⁴¹: 2⁻⁹²;
- the double-double steps lose 16u²|cₙ| each, summed with |r|ⁿ at most 23u²: 2⁻¹⁰¹;
- the reduced argument's own error is added separately, from its parts.

So 2⁻⁹⁰ bounds the relative error of exp r, cos r and sin(r)/r, with a factor of three to spare.
"""

from __future__ import annotations

import numpy as np

from argand.exact.fast.compiled import inlined
from argand.exact.fast.constants import (
    HALF_PI,
    INVERSE_FACTORIAL,
    INVERSE_FACTORIAL_LOW,
    INVERSE_LN2,
    LN2,
    TWO_OVER_PI_PAIR,
)
from argand.exact.fast.primitives import (
    Lane,
    fast_two_sum,
    fma,
    horner,
    normal,
    power_of_two,
    two_product,
    two_sum,
)

SERIES = 2.0**-90
EXP_LIMIT = 13.0  # log₂ of where exp's argument becomes a tag: see ``reals``
LARGE = 22.0  # log₂ of where sine and cosine turn to Payne and Hanek
_TINY = -400.0
_SMALL = -60.0  # log₂ of where sin v is v
_EXP, _EXP_LOW = np.array(INVERSE_FACTORIAL), np.array(INVERSE_FACTORIAL_LOW)
_SIGNS = np.resize([1.0, -1.0], 14)
_SIN, _SIN_LOW = _SIGNS * _EXP[1:29:2], _SIGNS * _EXP_LOW[1:29:2]  # in r², after r is taken out
_COS, _COS_LOW = _SIGNS * _EXP[0:28:2], _SIGNS * _EXP_LOW[0:28:2]
_LN2_0, _LN2_1, _LN2_2 = LN2
_HALF_PI_0, _HALF_PI_1, _HALF_PI_2 = HALF_PI


@inlined
def _unscaled(h: float, lo: float, e: float, k: float) -> tuple[float, float, float]:
    """h·2ᵏ, lo·2ᵏ, e·2ᵏ as plain doubles; below 2⁻⁴⁰⁰ zero with that as error."""
    tiny = k < _TINY
    s = power_of_two(_TINY if tiny else k)
    x = 0.0 if tiny else h * s
    x_low = 0.0 if tiny else lo * s
    return x, x_low, ((2.0 * abs(h) if tiny else 0.0) + e) * s


@inlined
def exponential(h: float, lo: float, e: float, k: float) -> Lane:
    """exp of a lane with |v| < 8192, else e is NaN; n·LN2[0] is exact, and so is x − n·LN2[0]."""
    x, x_low, x_error = _unscaled(h, lo, e, k if k < EXP_LIMIT else EXP_LIMIT)
    n = np.floor(x * INVERSE_LN2 + 0.5)
    s, s_low = two_sum(x, -n * _LN2_0)
    q, q_low = two_product(n, _LN2_1)
    a, a_low = two_sum(s, -q)
    b, b_low = two_sum(a, x_low)
    r, r_low = two_sum(b, ((s_low + a_low) + (b_low - q_low)) - n * _LN2_2)
    # s_low is 0, a_low and b_low are below 2⁻⁵⁴, q_low below 2⁻⁷⁸, n·LN2[2] below 2⁻⁷⁹
    exact = (r == 0.0) & (r_low == 0.0) & (x_error == 0.0)
    error = x_error + 2.0**-104

    t = _EXP[22]
    for i in range(11):
        t = fma(t, r, _EXP[21 - i])
    y, y_low = t, 0.0
    for i in range(11):
        y, y_low = horner(_EXP[10 - i], _EXP_LOW[10 - i], r, r_low, y, y_low)
    e = y * (1.002 * error + SERIES)  # e^x − 1 ≤ 1.002x for x ≤ 2⁻⁹
    e = 0.0 if exact else e
    e = e if (error < 2.0**-10) & (k < EXP_LIMIT) else float("nan")
    return normal(y, y_low, e, n)


@inlined
def reduced(h: float, lo: float, e: float, k: float) -> Lane:
    """(q, r, r_low, error): v = q·π/2 + r within error, q in 0…3, for |v| < 2²³.

    n·HALF_PI[0] is exact. What is rounded: the sum of low parts, each below u|r| + n·2⁻⁸³,
    n·HALF_PI[2] < n·2⁻⁸⁶, and what HALF_PI leaves out, n·2⁻¹³⁹.
    """
    x, x_low, x_error = _unscaled(h, lo, e, k if k < LARGE else LARGE)
    n = np.floor(x * TWO_OVER_PI_PAIR[0] + 0.5)
    s, s_low = two_sum(x, -n * _HALF_PI_0)
    q, q_low = two_product(n, _HALF_PI_1)
    a, a_low = two_sum(s, -q)
    b, b_low = two_sum(a, x_low)
    c, c_low = two_sum(b, -n * _HALF_PI_2)
    r, r_low = two_sum(c, ((s_low + a_low) + (b_low + c_low)) - q_low)
    error = x_error + abs(r) * 2.0**-101 + abs(n) * 2.0**-130
    return n - 4.0 * np.floor(n * 0.25), r, r_low, error


@inlined
def sine_cosine(
    h: float, lo: float, e: float, k: float, q: float, r: float, r_low: float, error: float
) -> tuple[Lane, Lane]:
    """Lanes of sin and cos of the lane v = (h, lo, e, k), which was reduced to the rest.

    Below 2⁻⁶⁰ the sine is v with a relative error of v²/6.
    """
    w, w_low = two_product(r, r)
    w, w_low = fast_two_sum(w, fma(2.0 * r, r_low, w_low))
    t, t2 = _SIN[13], _COS[13]
    for i in range(6):
        t = fma(t, w, _SIN[12 - i])
        t2 = fma(t2, w, _COS[12 - i])
    s, s_low, c, c_low = t, 0.0, t2, 0.0
    for i in range(7):
        s, s_low = horner(_SIN[6 - i], _SIN_LOW[6 - i], w, w_low, s, s_low)
        c, c_low = horner(_COS[6 - i], _COS_LOW[6 - i], w, w_low, c, c_low)
    p, p_low = two_product(r, s)
    s, s_low = two_sum(p, fma(r_low, s, r * s_low) + p_low)
    s_error = error + abs(s) * SERIES
    c_error = 0.0 if (r == 0.0) & (error == 0.0) else error + SERIES
    swap = (q == 1.0) | (q == 3.0)
    s_sign = -1.0 if q >= 2.0 else 1.0
    c_sign = -1.0 if (q == 1.0) | (q == 2.0) else 1.0
    small = k < _SMALL
    sin = s_sign * (c if swap else s)
    sin_low = s_sign * (c_low if swap else s_low)
    sin_error = c_error if swap else s_error
    sin_error = (e + (2.0**-119 if h != 0.0 else 0.0)) if small else sin_error
    return (
        normal(h if small else sin, lo if small else sin_low, sin_error, k if small else 0.0),
        normal(
            c_sign * (s if swap else c),
            c_sign * (s_low if swap else c_low),
            s_error if swap else c_error,
            0.0,
        ),
    )


@inlined
def expm1_small(h: float, lo: float, e: float, k: float) -> Lane:
    """exp v − 1 for |v| < 0.34, else e is NaN: the series without its 1, so that the error is
    relative; below 2⁻⁹⁸ it is v."""
    x, x_low, x_error = _unscaled(h, lo, e, k if k < -1.0 else -1.0)
    t = _EXP[22]
    for i in range(11):
        t = fma(t, x, _EXP[21 - i])
    y, y_low = t, 0.0
    for i in range(10):
        y, y_low = horner(_EXP[10 - i], _EXP_LOW[10 - i], x, x_low, y, y_low)
    p, p_low = two_product(x, y)
    y, y_low = two_sum(p, fma(x_low, y, x * y_low) + p_low)
    small = k < -98.0
    e = (e + (2.0**-97 if h != 0.0 else 0.0)) if small else 1.5 * x_error + abs(y) * SERIES
    e = e if (k < -1.0) & ((abs(x) < 0.34) & (x_error < 2.0**-9)) else float("nan")
    return normal(h if small else y, lo if small else y_low, e, k if small else 0.0)
