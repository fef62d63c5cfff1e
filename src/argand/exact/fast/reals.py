"""Real numbers by the block: what a kernel does, and a second, unbounded exponent.

A ``Real`` holds x·eᵗ, x a block of lanes and t its ``tag``: an exact double for each lane, or
None for zero everywhere. exp of a huge argument v is e⁰ with the tag v: no digit is lost, and
quotients and sums of such numbers still know their sign and size. Functions take None for an
operand that is zero by structure (the imaginary part of a real tensor) and return it likewise.
Where nothing is known, a lane's error is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argand.exact.fast import kernels
from argand.exact.fast.elementary import EXP_LIMIT
from argand.exact.fast.kernels import E, H, K

_FAR = 6000.0  # powers of two beyond which every float has overflowed or vanished
_LOG2_E = 1.4426950408889634


@dataclass(frozen=True, eq=False)
class Real:
    """x·eᵗ: ``rows`` of shape (4, n), ``tag`` of shape (n,) or None."""

    rows: np.ndarray
    tag: np.ndarray | None = None


Part = Real | None


def real(x: np.ndarray) -> Real:
    """Exact lanes of a float array."""
    return Real(kernels.load(np.array(x, np.float64, order="C")))


def unknown(a: Real, where: np.ndarray) -> Real:
    """``a`` with nothing known of the lanes ``where``."""
    rows = a.rows.copy()
    rows[E, where] = np.nan
    return Real(rows, a.tag)


def neg(a: Part) -> Part:
    if a is None:
        return None
    rows = a.rows.copy()
    np.negative(rows[:2], out=rows[:2])
    return Real(rows, a.tag)


def shift(a: Part, powers: int) -> Part:
    """a·2^powers, exactly."""
    if a is None:
        return None
    rows = a.rows.copy()
    rows[K] += powers
    return Real(rows, a.tag)


def add(a: Part, b: Part) -> Part:
    if a is None or b is None:
        return b if a is None else a
    tag = None
    if a.tag is not None or b.tag is not None:
        a, b, tag = one_tag(a, b)
    return Real(kernels.add(a.rows, b.rows), tag)


def sub(a: Part, b: Part) -> Part:
    return add(a, neg(b))


def mul(a: Part, b: Part) -> Part:
    if a is None or b is None:
        return None
    return _tagged(kernels.multiply(a.rows, b.rows), a.tag, b.tag)


def products(a: Part, b: Part, sign: float, c: Part, d: Part) -> Part:
    """a·b ± c·d."""
    if (
        a is None or b is None or c is None or d is None
        or not (a.tag is b.tag is c.tag is d.tag is None)
    ):  # fmt: skip
        return (add if sign > 0 else sub)(mul(a, b), mul(c, d))
    return Real(kernels.sum_of_products(a.rows, b.rows, c.rows, d.rows, sign))


def square(a: Part) -> Part:
    return mul(a, a)


def div(a: Part, b: Real) -> Part:
    if a is None:
        return None
    return _tagged(kernels.divide(a.rows, b.rows), a.tag, None if b.tag is None else -b.tag)


def sqrt(a: Real) -> Real:
    return Real(kernels.square_root(a.rows), None if a.tag is None else a.tag * 0.5)


def exp(a: Real) -> Real:
    """exp, whose argument becomes the tag where it is large."""
    rows = untagged(a)
    if rows[K].max() < EXP_LIMIT:
        return Real(kernels.exponential(rows))
    large = rows[K] >= EXP_LIMIT
    with np.errstate(over="ignore", invalid="ignore"):
        tag = np.where(large, np.ldexp(rows[H], np.clip(rows[K], 0, 2000).astype(np.int32)), 0.0)
    rest = kernels.exponential(np.where(large, kernels.low_part(rows), rows))
    rest[E, ~np.isfinite(tag)] = np.nan
    return Real(rest, tag)


def lone_exp(a: Real) -> Real:
    """exp for a program in which nothing else makes or reads tags.

    Then equal tags n·t mean the same power n of the same e^v, so that the tag t of a large
    argument v need not be exact: it only tells how far e^v is from 1, at least.
    """
    rows = a.rows
    if rows[K].max() < EXP_LIMIT:
        return Real(kernels.exponential(rows))
    large = rows[K] >= EXP_LIMIT
    tag = np.where(large, np.ldexp(rows[H], np.clip(rows[K], 0, 1000).astype(np.int32)), 0.0)
    out = kernels.exponential(rows)
    out[:, large] = np.array([[1.0], [0.0], [0.0], [0.0]])
    out[E, large & ~(rows[E] < 2.0**-40)] = np.nan
    return Real(out, tag)


def sin_cos(a: Real) -> tuple[Real, Real]:
    sine, cosine = kernels.sine_cosine(untagged(a))
    return Real(sine), Real(cosine)


def sinh_cosh(a: Real) -> tuple[Real, Real]:
    """From m = expm1|a|: ½(m + m/(1 + m)) and ½((1 + m) + 1/(1 + m)), sums of one sign."""
    s = sign(a)
    m = expm1(flipped(a, s))
    one = constant(1.0, a)
    e = add(m, one)
    assert e is not None
    sinh, cosh = shift(add(m, div(m, e)), -1), shift(add(e, div(one, e)), -1)
    assert sinh is not None
    assert cosh is not None
    return flipped(sinh, s), cosh


def flipped(a: Real, signs: np.ndarray) -> Real:
    """a·s for signs s; unknown where s is NaN, kept where it is 0."""
    rows = a.rows.copy()
    rows[:2, signs < 0] *= -1.0
    rows[E, np.isnan(signs)] = np.nan
    return Real(rows, a.tag)


def expm1(a: Real) -> Real:
    """exp(a) − 1, without cancellation near zero."""
    whole = add(exp(a), constant(-1.0, a))
    assert whole is not None
    rows = untagged(a)
    near = (rows[K] < -2.0) | ((rows[K] == -2.0) & (np.abs(rows[H]) < 1.3))
    if not near.any():
        return whole
    tag = None if whole.tag is None else np.where(near, 0.0, whole.tag)
    return Real(np.where(near, kernels.expm1_small(rows), whole.rows), tag)


def constant(x: float, like: Real) -> Real:
    """The same exact double in every lane."""
    return real(np.full(like.rows.shape[1], x))


def sign(a: Real) -> np.ndarray:
    """±1 where the sign is certain, 0 for an exact zero, NaN where the lane does not tell."""
    h, e = a.rows[H], a.rows[E]
    return np.where(e < 0.5, np.sign(h), np.where((h == 0) & (e == 0), 0.0, np.nan))


def choose(condition: np.ndarray, a: Part, b: Part) -> Part:
    """a where ``condition``, else b."""
    if a is None and b is None:
        return None
    a, b = _filled(a, b), _filled(b, a)
    tag = None
    if a.tag is not None or b.tag is not None:
        tag = np.where(condition, _tag(a), _tag(b))
    return Real(np.where(condition, a.rows, b.rows), tag)


def rounded(a: Real, dtype: np.dtype, free: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """Doubles that are floats of ``dtype``, correctly rounded where ``sure`` stays true.

    ``free`` says where an exact zero is surely +0.
    """
    rows = a.rows
    if a.tag is not None:
        with np.errstate(over="ignore"):
            place = rows[K] + a.tag * _LOG2_E
        far = (a.tag != 0) & (np.abs(place) > _FAR)
        rows = rows.copy()
        rows[K, far] = np.clip(place[far], -_FAR, _FAR)
        rows[E, (a.tag != 0) & ~far] = np.nan
    out = np.empty(rows.shape[1])
    kernels.rounded(rows, *_FORMAT[dtype], free, out, sure)
    return out


# digits, exponent of the least quantum, largest exponent
_FORMAT = {
    np.dtype(np.float32): (24.0, -149.0, 127.0),
    np.dtype(np.float64): (53.0, -1074.0, 1023.0),
}


# --- tags ---------------------------------------------------------------------------------------


def _tag(a: Real) -> np.ndarray:
    return np.zeros(a.rows.shape[1]) if a.tag is None else a.tag


def _filled(a: Part, like: Part) -> Real:
    if a is not None:
        return a
    assert like is not None
    return constant(0.0, like)


def _tagged(rows: np.ndarray, a: np.ndarray | None, b: np.ndarray | None) -> Real:
    """The sum of two tags must be exact, or the lane is lost."""
    if a is None or b is None:
        return Real(rows, b if a is None else a)
    with np.errstate(over="ignore", invalid="ignore"):
        tag = a + b
        part = tag - a
        exact = (a - (tag - part)) + (b - part) == 0  # 2Sum; NaN where the sum overflows
    rows[E, ~exact] = np.nan
    return Real(rows, tag)


def one_tag(a: Real, b: Real) -> tuple[Real, Real, np.ndarray]:
    """Both with one tag, and that tag. Of two numbers thousands of powers of two apart the smaller
    becomes an error, far below the larger; where they are nearer than that, the lane is lost."""
    ta, tb = _tag(a), _tag(b)
    same = ta == tb
    if same.all():
        return a, b, ta
    a_rows, b_rows = a.rows.copy(), b.rows.copy()
    with np.errstate(invalid="ignore", over="ignore"):
        apart = (ta - tb) * _LOG2_E * 0.999 + np.where(ta > tb, -2.0, 2.0)
    a_zero = (a_rows[H] == 0) & (a_rows[E] == 0)
    b_zero = (b_rows[H] == 0) & (b_rows[E] == 0)
    # exponents of lanes: |k| < 2⁴⁵, that of a zero does not count
    gap = np.abs(a_rows[K]) + np.abs(b_rows[K]) + 2000.0
    a_over = ~same & (b_zero | (~a_zero & (apart > gap) & _moderate(b_rows)))
    b_over = ~same & ~a_over & (a_zero | ((apart < -gap) & _moderate(a_rows)))
    lost = ~(same | a_over | b_over)
    _become_error(b_rows, a_rows, a_over, b_zero)
    _become_error(a_rows, b_rows, b_over, a_zero)
    a_rows[E, lost] = np.nan
    return Real(a_rows), Real(b_rows), np.where(b_over, tb, ta)


def _moderate(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows[E] < 2.0)


def _become_error(
    small: np.ndarray, large: np.ndarray, where: np.ndarray, zero: np.ndarray
) -> None:
    """|small| < 4·2^k is below 2⁻¹⁰⁰⁰ of ``large``, whose |h| is at least 1."""
    small[:2, where] = 0.0
    small[E, where] = np.where(zero[where], 0.0, 1.0)
    small[K, where] = np.where(zero[where], small[K, where], large[K, where] - 1000.0)


def tiny(a: Real) -> np.ndarray:
    """Where the tag makes a lane smaller than 2⁻⁵⁹⁹⁰."""
    if a.tag is None:
        return np.zeros(a.rows.shape[1], bool)
    with np.errstate(over="ignore"):
        vanished = (a.tag < 0) & (a.rows[K] + a.tag * _LOG2_E < -_FAR)
    return np.asarray(vanished & _moderate(a.rows))


def untagged(a: Real) -> np.ndarray:
    """Rows alone: a number that is tiny by its tag is zero within 2⁻⁵⁰⁰⁰; other tags are lost."""
    if a.tag is None:
        return a.rows
    rows, vanished = a.rows.copy(), tiny(a)
    rows[:, vanished] = np.array([[0.0], [0.0], [1.0], [-5000.0]])
    rows[E, (a.tag != 0) & ~vanished] = np.nan
    return rows
