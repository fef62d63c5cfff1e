"""log, log1p and the angle by the block: a guess in double, then one certified Newton step.

The guess may come from any library: only the correction m, which exp or sin and cos of these
kernels give with a bound, says how good it was. Where m is not tiny the lane is lost.
"""

from __future__ import annotations

import numpy as np

from argand.exact.fast import reals as r
from argand.exact.fast.kernels import E, H, K
from argand.exact.fast.reals import Real


def log(a: Real) -> Real:
    """log of a surely positive a: y + log(a·e^−y)."""
    rows = r.unknown(a, ~(r.sign(a) > 0)).rows
    with np.errstate(invalid="ignore", divide="ignore"):
        y = r.real(np.log(rows[H]) + rows[K] * np.log(2.0))
    minus_y = r.neg(y)
    assert minus_y is not None
    m = _sum(r.mul(Real(rows), r.exp(minus_y)), r.constant(-1.0, a))
    out = _sum(y, _log1p_tiny(m))
    return out if a.tag is None else _sum(out, r.real(a.tag))


def log1p(a: Real) -> Real:
    """log(1 + a): near zero y + log((1 + a)·e^−y) with both factors as one plus little."""
    rows = r.untagged(a)
    near = (rows[K] < -2.0) | ((rows[K] == -2.0) & (np.abs(rows[H]) < 1.2))
    far = log(_sum(a, r.constant(1.0, a)))
    if not near.any():
        return far
    with np.errstate(under="ignore"):
        guess = np.ldexp(rows[H], np.clip(rows[K], -1000, 0).astype(np.int32))
        y = r.real(np.log1p(np.where(near & (rows[K] > -1000), guess, 0.0)))
    minus_y = r.neg(y)
    assert minus_y is not None
    fall = r.expm1(minus_y)
    small = Real(rows)
    m = _sum(_sum(small, fall), r.mul(small, fall))
    close = _sum(y, _log1p_tiny(m))
    out = r.choose(near, close, far)
    assert out is not None
    return out


def angle(y: Real, x: Real) -> Real:
    """The angle of x + iy off the axis y = 0, where zeros have signs that lanes do not keep:
    θ + atan of (x + iy)·e^−iθ's slope."""
    y, x = r.unknown(y, r.sign(y) == 0), x
    if y.tag is not None or x.tag is not None:
        y, x, _ = r.one_tag(y, x)
    top = np.maximum(y.rows[K], x.rows[K])
    with np.errstate(under="ignore", invalid="ignore"):
        heads = [
            np.ldexp(a.rows[H], np.maximum(a.rows[K] - top, -1100).astype(np.int32)) for a in (y, x)
        ]
        theta = r.real(np.arctan2(*heads))
    s, c = r.sin_cos(theta)
    slope = r.div(r.sub(r.mul(y, c), r.mul(x, s)), _sum(r.mul(x, c), r.mul(y, s)))
    assert slope is not None
    rows = slope.rows.copy()
    rows[E] += np.where(rows[H] != 0, 2.0**-79, 0.0)  # atan d = d(1 − d²/3 …), |d| < 2⁻⁴⁰
    rows[E, ~(rows[K] < -40.0)] = np.nan
    # a negative x·cos θ + y·sin θ would be the opposite angle; the guess is never that far
    return _sum(theta, Real(rows, slope.tag))


def _log1p_tiny(m: Real) -> Real:
    """m − m²/2 for |m| < 2⁻⁴⁰; the rest is below m·m²/3 < m·2⁻⁸¹."""
    square = r.shift(r.mul(m, m), -1)
    out = r.sub(m, square)
    assert out is not None
    rows = out.rows.copy()
    rows[E] += np.where(rows[H] != 0, 2.0**-80, 0.0)
    rows[E, ~(m.rows[K] < -40.0)] = np.nan
    return Real(rows, out.tag)


def _sum(a: r.Part, b: r.Part) -> Real:
    out = r.add(a, b)
    assert out is not None
    return out
