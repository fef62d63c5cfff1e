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
    far = log(_sum(a, r.constant(1.0, a)))
    tagged = np.zeros(a.rows.shape[1], bool) if a.tag is None else a.tag != 0
    rows = a.rows
    near = ((rows[K] < -2.0) | ((rows[K] == -2.0) & (np.abs(rows[H]) < 1.2))) & ~tagged
    if near.any():
        far = _choose(near, _log1p_near(Real(np.where(near, rows, 0.0))), far)
    return far if a.tag is None else _choose(r.tiny(a), _nearly(a, r.tiny(a)), far)


def _log1p_near(a: Real) -> Real:
    with np.errstate(under="ignore"):
        guess = np.ldexp(a.rows[H], np.clip(a.rows[K], -1000, 0).astype(np.int32))
        y = r.real(np.log1p(np.where(a.rows[K] > -1000, guess, 0.0)))
    minus_y = r.neg(y)
    assert minus_y is not None
    fall = r.expm1(minus_y)
    return _sum(y, _log1p_tiny(_sum(_sum(a, fall), r.mul(a, fall))))


def angle(y: Real, x: Real) -> Real:
    """The angle of x + iy: θ + atan of the slope of (x + iy)·e^−iθ.

    Not on the axis y = 0, for lanes do not keep the signs of zeros. Where y is thousands of powers
    of two below a positive x, the angle is y/x.
    """
    y = r.unknown(y, r.sign(y) == 0)
    if y.tag is None and x.tag is None:
        return _angle(y, x)
    quotient = r.div(y, x)
    assert quotient is not None
    thin = r.tiny(quotient) & (r.sign(x) > 0)
    return _choose(thin, _nearly(quotient, thin), _angle(*r.one_tag(y, x)[:2]))


def _angle(y: Real, x: Real) -> Real:
    # y of unknown sign beside a negative x may be on either side of the cut
    y = r.unknown(y, np.isnan(r.sign(y)) & ~(r.sign(x) > 0))
    top = np.maximum(y.rows[K], x.rows[K])
    with np.errstate(under="ignore", invalid="ignore"):
        heads = [
            np.ldexp(a.rows[H], np.maximum(a.rows[K] - top, -1100).astype(np.int32)) for a in (y, x)
        ]
        theta = r.real(np.arctan2(*heads))
    s, c = r.sin_cos(theta)
    along = _sum(r.mul(x, c), r.mul(y, s))
    slope = r.div(r.sub(r.mul(y, c), r.mul(x, s)), along)
    assert slope is not None
    # atan d = d(1 − d²/3 …): for |d| < 2⁻⁴⁰ it differs from d by less than |d|·2⁻⁸¹
    return _sum(theta, _nearly(slope, (_log2(slope) < -40.0) & (r.sign(along) > 0)))


def _nearly(a: Real, where: np.ndarray) -> Real:
    """``a`` with an error of |a|·2⁻⁸⁰ more; unknown but ``where``."""
    rows = a.rows.copy()
    rows[E] += (np.abs(rows[H]) + rows[E]) * 2.0**-79
    rows[E, ~where] = np.nan
    return Real(rows, a.tag)


def _log2(a: Real) -> np.ndarray:
    """An upper bound of log₂|a|, but for its tag."""
    with np.errstate(divide="ignore"):
        size = np.log2(np.abs(a.rows[H]) + a.rows[E])
    return np.asarray(a.rows[K] + size + 2.0**-20)


def _choose(condition: np.ndarray, a: Real, b: Real) -> Real:
    out = r.choose(condition, a, b)
    assert out is not None
    return out


def _log1p_tiny(m: Real) -> Real:
    """m − m²/2 for |m| < 2⁻⁴⁰; the rest is below |m|·m²/2 < |m|·2⁻⁸¹."""
    out = r.sub(m, r.shift(r.mul(m, m), -1))
    assert out is not None
    return _nearly(out, _log2(m) < -40.0)


def _sum(a: r.Part, b: r.Part) -> Real:
    out = r.add(a, b)
    assert out is not None
    return out
