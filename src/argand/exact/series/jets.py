"""Jets: what a value does around a point when all inputs move, to first order, with a bound.

A number that does not move is itself, rational (fmpq) or a ball, so that what cancels exactly is
known to. All else is a Jet. Both hold all around the point, on every curve, and not only along
the lines through it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from flint import acb, arb, fmpq

from argand.exact.balls import conj
from argand.exact.rules.table import RULES
from argand.exact.series.germ import ball_of, exact_number, is_zero, nonzero
from argand.exact.series.taylor import taylor

Form = dict[tuple[int, bool], Any]  # by direction, and whether it is by the conjugate
_HALF = fmpq(1, 2)


@dataclass(frozen=True)
class Jet:
    """start + form·h + O(|h|^order) for the displacement h of all inputs.

    ``order``: a Fraction, or infinite where nothing is left out; up to 1 there is no form, and at
    0 no more is known than that it is bounded. ``whole``: it may be other than real. ``positive``:
    it surely is real and at least 0 all around.
    """

    start: Any
    form: Form
    order: Any
    whole: bool
    positive: bool = False

    @property
    def size(self) -> Any:
        """The power of |h| that bounds what is moved from the start."""
        return 1 if self.form else self.order

    def contains(self, zero: int) -> bool:
        """Whether it is not surely off 0 close to the point."""
        return self.order == 0 or not nonzero(self.start)

    def is_zero(self) -> bool:
        """Whether it is 0 all around: then it would not be a Jet."""
        return False

    def is_finite(self) -> bool:
        """Whether all that is known of it is a number."""
        return all(ball_of(c).is_finite() for c in (self.start, *self.form.values()))

    def __gt__(self, other: Any) -> bool:
        return self.order > 0 and bool(self.start > other)

    def __lt__(self, other: Any) -> bool:
        return self.order > 0 and bool(self.start < other)

    def __add__(self, other: Any) -> Any:
        b = moving(other)
        return jet(
            self.start + b.start,
            combined(1, self.form, 1, b.form),
            min(self.order, b.order),
            self.whole or b.whole,
            never_negative(self) and never_negative(other),
        )

    __radd__ = __add__

    def __neg__(self) -> Any:
        return self * fmpq(-1)

    def __sub__(self, other: Any) -> Any:
        return self + other * fmpq(-1)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        b = moving(other)
        order = self.size + b.size
        for factor, rest in ((self.start, b.order), (b.start, self.order)):
            order = order if is_zero(factor) else min(order, rest)
        positive = never_negative(self) and never_negative(other)
        positive = positive or (other is self and not self.whole)
        form = combined(self.start, b.form, b.start, self.form)
        return jet(self.start * b.start, form, order, self.whole or b.whole, positive)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self * inverse(other)

    def __rtruediv__(self, other: Any) -> Any:
        return inverse(self) * other

    def sqrt(self) -> Any:
        """Its root, where it does not go to 0."""
        return power(self, _HALF)

    def rsqrt(self) -> Any:
        """The inverse of its root, where it does not go to 0."""
        return power(self, -_HALF)


def jet(start: Any, form: Form, order: Any, whole: bool, positive: bool = False) -> Any:
    """The Jet, or the number that it is; what the order hides is dropped."""
    if order == 0:
        return bounded(whole, positive)
    form = {} if order <= 1 else {at: v for at, v in form.items() if not is_zero(v)}
    start = exact_number(start)
    return Jet(start, form, order, whole, positive) if form or order != inf else start


def bounded(whole: bool, positive: bool) -> Jet:
    """What is bounded, of which no more is known."""
    return Jet(fmpq(0), {}, 0, whole, positive)


def direction(start: Any, i: int) -> Jet:
    """The input element i, which starts at this ball."""
    return Jet(exact_number(start), {(i, False): fmpq(1)}, inf, isinstance(start, acb))


def moving(v: Any) -> Jet:
    """A number as a Jet that stays where it is."""
    return v if isinstance(v, Jet) else Jet(v, {}, inf, isinstance(v, acb))


def never_negative(v: Any) -> bool:
    """Whether it surely is real and at least 0 all around."""
    if isinstance(v, Jet):
        return v.positive or (not v.whole and v > 0)
    return not isinstance(v, acb) and bool(v >= 0)


def combined(a: Any, first: Form, b: Any, second: Form) -> Form:
    """a·first + b·second, for numbers a and b."""
    out = {at: a * v for at, v in first.items()}
    for at, v in second.items():
        out[at] = out[at] + b * v if at in out else b * v
    return {at: exact_number(v) for at, v in out.items()}


def along(coefficients: Any, v: Any) -> Any:
    """F(v), of which the first two Taylor coefficients where v starts are given; None where v does
    not go there."""
    if not isinstance(v, Jet):
        return coefficients[0]
    if v.order == 0:
        return None
    value, slope = coefficients[:2]
    form = {at: slope * c for at, c in v.form.items()}
    whole = v.whole or isinstance(value, acb)
    return jet(value, form, 2 * v.size if is_zero(slope) else min(v.order, 2 * v.size), whole)


def function(name: str, v: Any, count: int) -> list[Any] | None:
    """The first ``count`` Taylor coefficients at v of an elementary function, each a Jet or a
    number; None where it may not be analytic there."""
    j = moving(v)
    known = taylor(name, j.start, count + 1) if j.order > 0 else None
    if known is None or not all(ball_of(c).is_finite() for c in known):
        return None
    return [along((known[k], (k + 1) * known[k + 1]), v) for k in range(min(count, len(known) - 1))]


def inverse(v: Any) -> Any:
    """1/v of what is surely not 0."""
    start = v.start if isinstance(v, Jet) else v
    one = 1 / start
    return along((one, -one * one), v)


def power(v: Any, w: Any) -> Any:
    """v^w for a constant w, rational or a real ball; None where not known."""
    if isinstance(w, fmpq) and w.q == 1 and abs(w.p) <= 64:
        return _whole_power(v, int(w.p))
    if isinstance(w, acb) or not isinstance(v, Jet) or v.order == 0:
        return None
    if is_zero(v.start):
        if not isinstance(w, fmpq) or w <= 0 or not (v.whole or v.positive):
            return None  # beside the point there may be no value
        order = v.size * Fraction(int(w.p), int(w.q))
        return jet(fmpq(0), {}, order, v.whole, not v.whole)
    kind = acb if v.whole else arb
    start = kind(ball_of(v.start))
    if not (start.real > 0 or (v.whole and not start.imag.contains(0))):
        return None
    value = start.sqrt() if w == _HALF else RULES["Pow"].value(start, kind(ball_of(w)))
    return along((exact_number(value), w * value / start), v)


def _whole_power(v: Any, n: int) -> Any:
    if n < 0:
        return inverse(_whole_power(v, -n)) if nonzero(v) else None
    out: Any = fmpq(1)
    for _ in range(n // 2):
        out = out * (v * v)
    return out * v if n % 2 else out


def joined(a: Any, b: Any) -> Any:
    """What is one or the other at each place: what is true of both."""
    if a is b:
        return a
    first, second = moving(a), moving(b)
    positive, whole = never_negative(a) and never_negative(b), first.whole or second.whole
    if min(first.order, second.order) == 0 or not is_zero(first.start - second.start):
        return bounded(whole, positive)
    order = min(first.order, second.order)
    apart = combined(1, first.form, -1, second.form)
    if all(map(is_zero, apart.values())):
        return jet(first.start, first.form, order, whole, positive)
    return jet(first.start, {}, min(order, 1), whole, positive)


def modulus(v: Any, real: list[bool]) -> Any:
    """|v|; None where not known. ``real`` says of each direction whether ∂ and ∂̄ are one."""
    j = moving(v)
    if j.order == 0 or is_zero(j.start):
        return jet(fmpq(0), {}, min(j.size, j.order), False, True)
    if j.whole:
        return power(real_part(j * conjugate(j, real), real), _HALF)
    return v if j.start > 0 else v * fmpq(-1) if j.start < 0 else None


def conjugate(v: Any, real: list[bool]) -> Any:
    """The conjugate."""
    if not isinstance(v, Jet):
        return _conj(v)
    form = {(i, bar if real[i] else not bar): _conj(c) for (i, bar), c in v.form.items()}
    return jet(_conj(v.start), form, v.order, v.whole, v.positive)


def real_part(v: Any, real: list[bool]) -> Any:
    """The real part."""
    if not isinstance(v, Jet):
        return v.real if isinstance(v, acb) else v
    half = moving((v + conjugate(v, real)) * _HALF)
    start = half.start.real if isinstance(half.start, acb) else half.start
    form = {(i, bar): c.real if real[i] and isinstance(c, acb) else c
            for (i, bar), c in half.form.items()}  # fmt: skip
    return jet(start, form, half.order, False, v.positive)


def _conj(c: Any) -> Any:
    return c if isinstance(c, fmpq) else conj(c)
