"""The kinks of one sample as numbers: |ℓ| of the first-order part ℓ of what is at its kink.

A form is the first-order part of a value: for each direction i, and whether it is by the
conjugate, the derivative, where it is not exactly zero. Forms that are multiples of each other
share a symbol, |c·ℓ| = |c|·|ℓ|, so that the kinks of two terms can cancel.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from flint import acb, arb, fmpq

from argand.exact.balls import conj
from argand.exact.series.germ import exact_number

Form = dict[tuple[int, bool], Any]


class Symbols:
    """The symbols of one sample, which are directions from ``first`` on; there is ``room`` for so
    many."""

    def __init__(self, first: int, room: int) -> None:
        self.first, self.room = first, room
        self.kinked: list[bool] = []  # of each, whether its form is surely not zero
        self._reach: list[dict[int, arb]] = []
        self._known: dict[Hashable, int] = {}
        self._sizes: set[int] = set()

    def add(self, form: Form, beside: Hashable = None) -> tuple[int, arb]:
        """The direction of the symbol of ``form``, and the number c of which the form is the
        multiple that the symbol stands for. ``beside`` tells symbols of one form apart.

        Raises OverflowError where there is no room.
        """
        key, c = normal(form)
        known = None if key is None else self._known.get((key, beside))
        if known is not None:
            return known, c
        if len(self._reach) == self.room:
            raise OverflowError("more kinks than were counted")
        direction = self.first + len(self._reach)
        if key is not None:
            self._known[key, beside] = direction
        if beside is None:
            self._sizes.add(direction)
        unit = {at: v / c for at, v in form.items()}
        self.kinked.append(any(not v.contains(0) for v in unit.values()))
        self._reach.append(self._bounds(unit))
        return direction, c

    def is_size(self, direction: int) -> bool:
        """Whether it is that of a symbol |ℓ|, which is never negative."""
        return direction in self._sizes

    def reach(self, direction: int, i: int) -> arb | None:
        """A ball around 0 that holds the symbol's slopes by direction i; None for zero."""
        bound = self._reach[direction - self.first].get(i)
        return None if bound is None else arb(0, bound.abs_upper())

    def _bounds(self, form: Form) -> dict[int, arb]:
        out: dict[int, arb] = {}
        for (i, _), v in form.items():
            by = {i: arb(1)} if i < self.first else self._reach[i - self.first]
            for j, bound in by.items():
                out[j] = out.get(j, arb(0)) + abs(v) * bound
        return out


def normal(form: Form) -> tuple[Hashable | None, arb]:
    """A key that all real multiples of the form share, None where a part is not exact, and the
    number by which the form is divided for it."""
    parts: list[tuple[tuple[int, bool], fmpq, fmpq]] = []
    for at, v in sorted(form.items()):
        re, im = exact_number(arb(v.real)), exact_number(arb(v.imag))
        if not (isinstance(re, fmpq) and isinstance(im, fmpq)):
            return None, arb(1)
        parts.append((at, re, im))
    _, re, im = parts[0]
    c = im if re == 0 else re
    return tuple((at, str(re / c), str(im / c)) for at, re, im in parts), arb(c)


def combined(a: Any, first: Form, b: Any, second: Form) -> Form:
    """a·first + b·second, for numbers a and b."""
    out = {at: a * v for at, v in first.items()}
    for at, v in second.items():
        out[at] = out[at] + b * v if at in out else b * v
    return {at: v for at, v in out.items() if not v.is_zero()}


def conjugated(form: Form, real: list[bool]) -> Form:
    """The first-order part of the conjugate; ``real`` says of each direction whether ∂ and ∂̄ are
    one."""
    return {(i, bar if real[i] else not bar): conj(v) for (i, bar), v in form.items()}


def finite(form: Form) -> bool:
    """Whether every part is a number."""
    return all(type(v) in (arb, acb) and v.is_finite() for v in form.values())
