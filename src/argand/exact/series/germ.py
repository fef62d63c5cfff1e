"""Germs: what a value does beside a point, as a Laurent series in the step from the point.

Numbers that are rational and known stay rational (flint's fmpq), so that a leading zero is counted
exactly; all else is a ball, which is no zero unless it is exactly 0, and surely none unless it
excludes 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import acb, arb, fmpq

KEEP = 16  # terms: more than the zeros that a divisor of an ordinary formula has
_LONGEST = 4096  # bits of a rational; beyond, balls are cheaper


@dataclass(frozen=True)
class Germ:
    """Σ terms[k]·t^(low + k) + O(t^order) as the step t goes to 0.

    ``order`` None: nothing is left out. The first term is not exactly 0. ``whole`` is whether the
    tensor is complex. Without terms and with an ``order``, no more is known than how small it is.
    """

    low: int
    terms: tuple[Any, ...]
    order: int | None
    whole: bool

    @property
    def zero(self) -> bool:
        """Whether it is 0 all around."""
        return not self.terms and self.order is None

    @property
    def leads(self) -> bool:
        """Whether the first term is surely not 0, so that it tells size and sign."""
        return bool(self.terms) and nonzero(self.terms[0])

    @property
    def fixed(self) -> bool:
        """Whether it is a constant."""
        return self.order is None and (not self.terms or (self.low == 0 and len(self.terms) == 1))

    def at(self, k: int) -> Any:
        """The coefficient of t^k; None where it is not known."""
        if self.order is not None and k >= self.order:
            return None
        inside = 0 <= k - self.low < len(self.terms)
        return self.terms[k - self.low] if inside else fmpq(0)

    def each(self, act: Any, whole: bool) -> Any:
        """The series with ``act`` applied to its coefficients."""
        return series(self.low, [act(c) for c in self.terms], self.order, whole)


class Nowhere:
    """Of a value: there is surely none beside the point (0/0, the root of a negative real)."""


NOWHERE = Nowhere()


def exact_number(c: Any) -> Any:
    """The coefficient as a rational if it surely is one, else the ball that it was."""
    if isinstance(c, acb):
        if not c.imag.is_zero():
            return c
        c = c.real
    if isinstance(c, arb) and c.is_exact() and c.is_finite():
        man, exponent = c.man_exp()
        if abs(exponent) + man.bit_length() <= _LONGEST:
            man, exponent = fmpq(man), int(exponent)
            return man * 2**exponent if exponent >= 0 else man / 2**-exponent
    return c


def ball_of(c: Any) -> Any:
    """The coefficient as a ball."""
    return arb(c) if isinstance(c, fmpq) else c


def is_zero(c: Any) -> bool:
    """Whether a coefficient is exactly 0."""
    return bool(c == 0) if isinstance(c, fmpq) else bool(c.is_zero())


def nonzero(c: Any) -> bool:
    """Whether a coefficient is surely not 0."""
    return bool(c != 0) if isinstance(c, fmpq) else not c.contains(0)


def series(low: int, terms: Sequence[Any], order: int | None, whole: bool) -> Germ | None:
    """The Germ of these coefficients; None where one is no number."""
    kept = [exact_number(c) for c in terms]
    if not all(isinstance(c, fmpq) or c.is_finite() for c in kept):
        return None
    first = next((k for k, c in enumerate(kept) if not is_zero(c)), len(kept))
    low, kept = low + first, kept[first:]
    if len(kept) > KEEP:
        order = low + KEEP if order is None else min(order, low + KEEP)
        kept = kept[:KEEP]
    while kept and is_zero(kept[-1]):
        kept.pop()
    return Germ(low if kept else order or 0, tuple(kept), order, whole)


def constant(number: Any) -> Germ | Nowhere | None:
    """A germ that does not move; of a NaN NOWHERE, of an infinity None."""
    if not number.is_finite():
        return NOWHERE if any(p.is_nan() for p in (number.real, number.imag)) else None
    return series(0, [number], None, isinstance(number, acb))


def tail(a: Germ, start: int) -> Germ | None:
    """The terms of ``a`` behind its t^start, from t^1 on: (a − …)/t^start."""
    terms = [a.at(k) for k in range(start + 1, a.low + len(a.terms))]
    return series(1, terms, None if a.order is None else a.order - start, a.whole)


def number(c: Any, whole: bool = False) -> Germ:
    """A rational constant."""
    return Germ(0, (fmpq(c),) if c else (), None, whole)


def shifted(a: Germ, by: int) -> Germ:
    """t^by·a."""
    order = None if a.order is None else a.order + by
    return Germ(a.low + by if a.terms or order is not None else 0, a.terms, order, a.whole)


def small(order: int, whole: bool) -> Germ:
    """O(t^order), of which nothing else is known."""
    return Germ(order, (), order, whole)


def plus(a: Germ, b: Germ) -> Germ | None:
    """a + b."""
    order = _least(a.order, b.order)
    low = min(a.low if a.terms else b.low, b.low if b.terms else a.low)
    end = max(g.low + len(g.terms) for g in (a, b))
    if order is not None:
        end = min(end, order)
    known = range(low, end)
    return series(low, [a.at(k) + b.at(k) for k in known], order, a.whole or b.whole)


def minus(a: Germ, b: Germ) -> Germ | None:
    """a − b."""
    return plus(a, scaled(b, fmpq(-1)))


def scaled(a: Germ, c: Any) -> Germ:
    """c·a for a rational c that is not 0."""
    return Germ(a.low, tuple(c * v for v in a.terms), a.order, a.whole)


def times(a: Germ, b: Germ) -> Germ | None:
    """a·b."""
    whole = a.whole or b.whole
    if a.zero or b.zero:
        return Germ(0, (), None, whole)
    order = _least(
        None if a.order is None else a.order + b.low, None if b.order is None else b.order + a.low
    )
    count = len(a.terms) + len(b.terms) - 1 if a.terms and b.terms else 0
    if order is not None:
        count = min(count, order - a.low - b.low)
    return series(
        a.low + b.low, [_convolved(a.terms, b.terms, k) for k in range(count)], order, whole
    )


def over(a: Germ, b: Germ) -> Germ | Nowhere | None:
    """a/b; None where the first term of b may be 0."""
    whole = a.whole or b.whole
    if b.zero:
        return NOWHERE
    if not b.leads:
        return None
    if a.zero:
        return Germ(0, (), None, whole)
    lead = b.terms[0]
    if b.order is None and len(b.terms) == 1:
        lower = None if a.order is None else a.order - b.low
        return series(a.low - b.low, [c / lead for c in a.terms], lower, whole)
    count = KEEP
    for g in (a, b):
        count = count if g.order is None else min(count, g.order - g.low)
    quotient: list[Any] = []
    for k in range(count):
        done = _convolved(quotient, b.terms, k)  # all but q_k·b_0
        quotient.append(((a.terms[k] if k < len(a.terms) else fmpq(0)) - done) / lead)
    low = a.low - b.low
    return series(low, quotient, low + count, whole)


def composed(coefficients: Sequence[Any], h: Germ, whole: bool) -> Germ | None:
    """Σ coefficients[k]·h^k + O(h^len(coefficients)), for an ``h`` that goes to 0."""
    if h.zero:
        return series(0, coefficients[:1], None, whole)
    total = small(h.low * len(coefficients), whole)
    power: Germ | None = number(1)
    for c in coefficients:
        one = series(0, [c], None, whole)
        if power is None or one is None:
            return None
        term = times(power, one)
        added = None if term is None else plus(total, term)
        if added is None:
            return None
        total, power = added, times(power, h)
    return total


def _convolved(a: Sequence[Any], b: Sequence[Any], k: int) -> Any:
    """The coefficient k of a product, of the coefficients that there are."""
    total: Any = fmpq(0)
    for i in range(max(0, k - len(b) + 1), min(k + 1, len(a))):
        if not (is_zero(a[i]) or is_zero(b[k - i])):
            total = total + a[i] * b[k - i]
    return total


def _least(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else min(a, b)
