"""Truth values of comparisons: true, false, not known, or an Edge where both sides are equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Sides = tuple[bool | None, ...]  # one for each input, None where not known


@dataclass(frozen=True)
class Edge:
    """A truth value that holds at a point but may change beside it: its operands are equal.

    ``left[i]`` and ``right[i]`` are the truth on either side along a real input i, None where
    not known. ``crosses[i]`` is True where the truth surely changes along a complex input i, and
    None where it does not depend on that input.
    """

    holds: bool
    left: Sides = ()
    right: Sides = ()
    crosses: Sides = ()

    def beside(self, i: int) -> tuple[bool | None, bool | None]:
        """The truth to the left and to the right along the real input i, None where not known."""
        return self.left[i] if self.left else None, self.right[i] if self.right else None

    def across(self, i: int) -> bool | None:
        """Whether it surely changes along the complex input i; None: it does not depend on it."""
        return self.crosses[i] if self.crosses else False

    def __invert__(self) -> Edge:
        def negated(side: Sides) -> Sides:
            return tuple(None if t is None else not t for t in side)

        return Edge(not self.holds, negated(self.left), negated(self.right), self.crosses)

    def __and__(self, other: Edge) -> Edge:
        def both(a: Sides, b: Sides) -> Sides:
            pairs = zip(a, b, strict=False)  # an Edge without sides knows none
            return tuple(None if None in pair else all(pair) for pair in pairs)

        left, right = both(self.left, other.left), both(self.right, other.right)
        return Edge(self.holds and other.holds, left, right)


Truth = bool | Edge | None  # None where the balls do not decide


def less(a: Any, b: Any) -> Truth:
    """a < b for balls; an Edge where they are exactly equal."""
    if a < b:
        return True
    if a > b:
        return False
    return Edge(False) if a == b else None


def less_equal(a: Any, b: Any) -> Truth:
    """a ≤ b for balls; an Edge where they are exactly equal."""
    return negation(less(b, a))


def equal(a: Any, b: Any) -> Truth:
    """a = b, for balls (an Edge where they are exactly equal) and for truth values."""
    if isinstance(a, bool | Edge | None):
        return either(both(a, b), both(negation(a), negation(b)))
    if a == b:
        return Edge(True)
    return None if a.overlaps(b) else False


def negation(a: Truth) -> Truth:
    """not a."""
    if a is None:
        return None
    return ~a if isinstance(a, Edge) else not a


def both(a: Truth, b: Truth) -> Truth:
    """a and b."""
    if a is False or b is False:
        return False
    if a is None or b is None:
        return None
    if isinstance(a, Edge) and isinstance(b, Edge):
        return a & b
    return b if a is True else a


def either(a: Truth, b: Truth) -> Truth:
    """a or b."""
    return negation(both(negation(a), negation(b)))
