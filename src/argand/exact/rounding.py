"""From balls to floats: certified only where both ends of the ball round to the same float."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb


def round_balls(
    balls: np.ndarray, dtype: str, *, any_zero: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """The balls rounded to ``dtype``, componentwise, and where that is certified.

    ``balls``: an object array of arb or acb; a real ``dtype`` takes their real part.
    ``any_zero``: what underflows keeps its sign; where the ball does not decide the sign, the
    result is +0 with ``any_zero``, else not certified.

    Ties go to even, subnormals are kept, and what is out of range becomes ±inf. A ball that does
    not decide gives NaN.
    """
    flat = balls.ravel().tolist()
    real_dtype = np.empty(0, dtype).real.dtype
    re, re_sure = _round_parts([b.real for b in flat], real_dtype, any_zero)
    if np.dtype(dtype).kind != "c":
        return re.reshape(balls.shape), re_sure.reshape(balls.shape)
    im, im_sure = _round_parts([b.imag for b in flat], real_dtype, any_zero)
    out = np.empty(len(flat), dtype)
    out.real, out.imag = re, im
    return out.reshape(balls.shape), (re_sure & im_sure).reshape(balls.shape)


def _round_parts(parts: list[arb], dtype: Any, any_zero: bool) -> tuple[np.ndarray, np.ndarray]:
    low = _nearest([p.lower() for p in parts], dtype)
    high = _nearest([p.upper() for p in parts], dtype)
    sure = (low == high) & ~np.isnan(low)
    if not any_zero:
        sure &= np.signbit(low) == np.signbit(high)
    low = np.where((low == 0) & ~np.signbit(high), 0.0, low)
    return np.where(sure, low, np.nan).astype(dtype), sure


def _nearest(ends: list[arb], dtype: Any) -> np.ndarray:
    """Exact numbers rounded to nearest, ties to even.

    Arb rounds to double correctly, and NumPy from double to single. To round twice would be wrong
    where the double is a tie between singles but the exact number is not: there the double is
    moved to the exact number's side first.
    """
    double = np.array([float(e) for e in ends], np.float64)
    for i in np.flatnonzero(double == 0):
        double[i] = -0.0 if ends[i] < 0 else 0.0
    if dtype == np.float64:
        return double
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        single = double.astype(np.float32)
        top = 2.0**128
        here = np.clip(single.astype(np.float64), -top, top)
        beside = np.nextafter(single, np.where(double > here, np.inf, -np.inf).astype(np.float32))
        there = np.clip(beside.astype(np.float64), -top, top)
        tie = (double != here) & (double == (here + there) / 2)
    for i in np.flatnonzero(tie):
        exact = arb(double[i].item())
        if ends[i] > exact:
            single[i] = np.float32(np.nextafter(double[i], np.inf))
        elif ends[i] < exact:
            single[i] = np.float32(np.nextafter(double[i], -np.inf))
    return single
