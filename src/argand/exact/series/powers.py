"""Powers of germs: c·t^n·(1 + h) to the w is c^w·t^(nw)·(1 + h)^w."""

from __future__ import annotations

from typing import Any

from flint import acb, arb, fmpq

from argand.exact.rules.table import RULES
from argand.exact.series.germ import (
    KEEP,
    NOWHERE,
    Germ,
    ball_of,
    composed,
    constant,
    number,
    over,
    shifted,
    tail,
    times,
)

_HALF = fmpq(1, 2)
_LARGEST = 1 << 16  # exponent by multiplication


def fixed_power(straight: bool, v: Germ, w: Any) -> Any:
    """v^w for a constant w, rational or a ball. ``straight``: the step t is real and positive."""
    if isinstance(w, fmpq) and w.q == 1:
        return _integer_power(v, int(w.p)) if abs(w.p) <= _LARGEST else None
    if isinstance(w, acb):
        return None
    if v.zero:
        return v if w > 0 else NOWHERE if w < 0 else None
    if not v.leads:
        return None
    lead = v.terms[0]
    if v.whole:
        if not _off_the_cut(ball_of(lead)):
            return None
    elif lead < 0:
        return NOWHERE if isinstance(w, fmpq) else None
    moved = fmpq(0) if v.low == 0 else v.low * w
    if not isinstance(moved, fmpq) or moved.q != 1 or (v.low and not straight):
        return None
    return _scaled_binomial(v, lead, w, int(moved.p))


def _integer_power(v: Germ, n: int) -> Any:
    if n < 0:
        power = _integer_power(v, -n)
        return power if not isinstance(power, Germ) else over(number(1, v.whole), power)
    total: Germ | None = number(1, v.whole)
    square: Germ | None = v
    while n and total is not None and square is not None:
        if n % 2:
            total = times(total, square)
        n //= 2
        if n:
            square = times(square, square)
    return None if square is None else total


def _off_the_cut(lead: Any) -> bool:
    return bool(lead.real > 0) or not lead.imag.contains(0)


def _scaled_binomial(v: Germ, lead: Any, w: Any, low: int) -> Germ | None:
    """lead^w·t^low·(1 + h)^w."""
    rest = tail(v, v.low)
    h = None if rest is None else rest.each(lambda c: c / lead, v.whole)
    if h is None:
        return None
    coefficients: list[Any] = [fmpq(1)]
    for k in range(1, KEEP):
        coefficients.append(coefficients[-1] * (w - (k - 1)) / k)
    one = composed(coefficients, h, v.whole)
    ball = acb(ball_of(lead)) if v.whole else ball_of(lead)
    scale = constant(_lead_power(ball, w))
    power = times(scale, one) if isinstance(scale, Germ) and one is not None else None
    return None if power is None else shifted(power, low)


def _lead_power(lead: Any, w: Any) -> Any:
    if w == _HALF:
        return lead.sqrt()
    return lead.rsqrt() if w == -_HALF else RULES["Pow"].value(lead, arb(w))
