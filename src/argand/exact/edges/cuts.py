"""Branch cuts of complex functions: where they lie, and the value on either side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import acb, arb

from argand.exact.balls import conj


@dataclass(frozen=True)
class Cut:
    """A branch cut on the real or the imaginary axis.

    ``axis`` is "real" or "imaginary". ``on(t)`` says whether the coordinate t along that axis is
    on the cut. ``flint(t)`` is the side whose value flint gives there: +1 for the side that a zero
    of sign + across the axis names. ``mirror`` takes the value of one side to that of the other,
    where the symmetries named in ``side`` do not.
    """

    axis: str
    on: Callable[[arb], bool]
    flint: Callable[[arb], int] = lambda t: 1
    mirror: Callable[[Any], Any] | None = None

    def holds(self, v: acb) -> bool:
        """Whether the exact part of ``v`` lies on the cut."""
        along, across = (v.real, v.imag) if self.axis == "real" else (v.imag, v.real)
        return across.is_zero() and bool(self.on(along))

    def side(self, g: acb, v: acb, sign: int) -> acb:
        """The value at ``v`` on the side of ``sign``, given flint's value ``g`` there.

        Functions with a cut obey g(z̄) = conj g(z); those with one on the imaginary axis also
        obey g(−z) = −g(z).
        """
        along = v.real if self.axis == "real" else v.imag
        if sign == self.flint(along):
            return g
        if self.mirror:
            return self.mirror(g)
        return conj(g) if self.axis == "real" else -conj(g)


def _outer(t: arb) -> int:
    """flint's side on both arms of a cut through infinity: counter-clockwise continuous."""
    return -1 if t > 0 else 1


NEGATIVE = Cut("real", lambda t: t < 0)
BELOW_MINUS_ONE = Cut("real", lambda t: t < -1)
BELOW_ONE = Cut("real", lambda t: t < 1)
BEYOND_ONE = Cut("real", lambda t: abs(t) > 1, _outer)
BEYOND_I = Cut("imaginary", lambda t: abs(t) > 1, lambda t: -_outer(t))
