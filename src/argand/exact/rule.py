"""What a rule says about one operation, and the pieces that rules share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import acb, arb

from argand.exact.edges.sides import Signs, by_slope

Partials = tuple[tuple[Any, Any], ...]


class Token:
    """A derivative that surely does not exist, with the ball that holds those of all sides.

    It takes part in sums and products, and stays a proof only where nothing can make up for it:
    times what is surely not zero, plus what surely has a derivative. Otherwise the ball goes on
    alone: for a kink Clarke's interval, for an infinite slope or a jump (VERTICAL) no number.
    """

    def __init__(self, ball: Any) -> None:
        self.ball = ball

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (Token, OneSided)):
            return self.ball * other.ball
        product = self.ball * other
        nonzero = getattr(other, "ball", other)
        return Token(product) if nonzero.is_finite() and not nonzero.contains(0) else product

    __rmul__ = __mul__

    def __add__(self, other: Any) -> Any:
        if isinstance(other, (Token, OneSided)):
            return self.ball + other.ball
        total = self.ball + other
        return Token(total) if other.is_finite() else total

    __radd__ = __add__

    def along(self, d: Any) -> Any:
        """The derivative along a real input by which the operand has ``d``, None for zero."""
        return None if d is None else self * d

    def conjugate(self) -> Token:
        """Of the conjugate, which has a derivative exactly where the value has one."""
        return Token(conj(self.ball))


class Corner(Token):
    """The slope of a real function at a kink: ``below`` and ``above`` it."""

    def __init__(self, below: float, above: float) -> None:
        self.below, self.above = arb(below), arb(above)
        super().__init__(self.below.union(self.above))

    def along(self, d: Any) -> Any:
        """The one-sided derivatives along a real input by which the operand has ``d``."""
        left, right = sides(d)
        return one_sided(self._slope(-left) * left, self._slope(right) * right)

    def _slope(self, step: Any) -> Any:
        step = step.real  # of a real number, but where nothing is known
        return self.above if step > 0 else self.below if step < 0 else self.ball


class Cone(Token):
    """∂/∂v of |v| at v = 0: along a real input |v| is a corner."""

    def along(self, d: Any) -> Any:
        """The one-sided derivatives −|d| and |d|."""
        left, right = sides(d)
        return one_sided(-abs(left), abs(right))


class Shadow(Token):
    """∂/∂v̄ beside a Token for ∂/∂v: along a real input that one says all."""

    def along(self, d: Any) -> Any:
        """Nothing more."""
        return None


class OneSided:
    """The derivatives from the left and from the right along a real input, where they may
    differ; sums and products by balls keep them apart, so that kinks can cancel."""

    def __init__(self, left: Any, right: Any) -> None:
        self.left, self.right = left, right

    @property
    def ball(self) -> Any:
        """A ball that holds both."""
        return union(self.left, self.right)

    @property
    def real(self) -> Any:
        """The derivatives of the real part."""
        return one_sided(self.left.real, self.right.real)

    def apart(self) -> bool:
        """Whether they surely differ: then there is no derivative."""
        return self.is_finite() and not (self.left - self.right).contains(0)

    def is_finite(self) -> bool:
        """Whether both are."""
        return self.left.is_finite() and self.right.is_finite()

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, OneSided):
            return self.ball * other.ball
        if isinstance(other, Token):
            return NotImplemented
        return one_sided(self.left * other, self.right * other)

    __rmul__ = __mul__

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Token):
            return NotImplemented
        left, right = sides(other)
        return one_sided(self.left + left, self.right + right)

    __radd__ = __add__

    def conjugate(self) -> Any:
        """The derivatives of the conjugate."""
        return one_sided(conj(self.left), conj(self.right))


def one_sided(left: Any, right: Any) -> Any:
    """Both derivatives, as one ball where they are exactly equal."""
    return left if left == right else OneSided(left, right)


def sides(d: Any) -> tuple[Any, Any]:
    """The derivatives from the left and from the right; None is zero."""
    if d is None:
        return arb(0), arb(0)
    if isinstance(d, OneSided):
        return d.left, d.right
    d = d.ball if isinstance(d, Token) else d
    return d, d


UNDECIDED = acb(arb("nan"), arb("nan"))
_DISK = acb(arb(0, 0.5), arb(0, 0.5))  # holds ∂|v|/∂v on every side of 0
KINK = Cone(_DISK)
VERTICAL = Token(UNDECIDED)
UNDEFINED = Token(UNDECIDED)  # as a value: the operation has none there
ONE = arb(1)


@dataclass(frozen=True)
class Edge:
    """A truth value that holds at a point but may change beside it: its operands are equal.

    ``left[i]`` and ``right[i]`` are the truth on either side along a real input i, None where
    not known; ``crosses[i]`` is True where it surely changes along a complex input i, None where
    it does not depend on it.
    """

    holds: bool
    left: tuple[bool | None, ...] = ()
    right: tuple[bool | None, ...] = ()
    crosses: tuple[bool | None, ...] = ()

    def __invert__(self) -> Edge:
        def negated(side: tuple[bool | None, ...]) -> tuple[bool | None, ...]:
            return tuple(None if t is None else not t for t in side)

        return Edge(not self.holds, negated(self.left), negated(self.right), self.crosses)

    def __and__(self, other: Edge) -> Edge:
        def both(a: tuple[bool | None, ...], b: tuple[bool | None, ...]) -> Any:
            return tuple(
                None if x is None or y is None else x and y
                for x, y in zip(a, b, strict=False)  # none: not known
            )

        left, right = both(self.left, other.left), both(self.right, other.right)
        return Edge(self.holds and other.holds, left, right)


@dataclass(frozen=True)
class Cut:
    """A branch cut of a complex function: ``on(t)`` for the coordinate t along the axis.

    ``flint(t)`` is the side whose value flint gives there: +1 for a zero component of sign +.
    """

    axis: str
    on: Callable[[arb], bool]
    flint: Callable[[arb], int] = lambda t: 1
    mirror: Callable[[Any], Any] | None = None  # from one side to the other, if not by symmetry

    def holds(self, v: acb) -> bool:
        """Whether the exact part of ``v`` lies on the cut."""
        along, across = (v.real, v.imag) if self.axis == "real" else (v.imag, v.real)
        return across.is_zero() and bool(self.on(along))

    def side(self, g: acb, v: acb, sign: int) -> acb:
        """The value on the side of ``sign``, given flint's value ``g``; the functions obey
        g(z̄) = conj g(z), and on the imaginary axis also g(−z) = −g(z)."""
        along = v.real if self.axis == "real" else v.imag
        if sign == self.flint(along):
            return g
        if self.mirror:
            return self.mirror(g)
        return conj(g) if self.axis == "real" else -conj(g)


@dataclass(frozen=True)
class Rule:
    """How one operation acts on balls (flint ``arb`` for real tensors, ``acb`` for complex).

    ``value(*operands)`` is the value g; ``partials(g, *operands)`` gives for each operand v the
    pair (∂g/∂v, ∂g/∂v̄), None for zero; the rule has no ``partials`` where it is constant.
    ``undefined(*operands)``: surely no value there. ``sharp(*operands)``: KINK, VERTICAL or a
    Corner, of all operands or one for each, where there is a value but surely no derivative.
    ``sided(*Signed)`` is the value, and ``sided_partials(g, *Signed)`` are the partials, where
    they hang on the sign of a zero; ``signs(g, partials, *Signed)`` are those of the result.
    """

    value: Callable[..., Any]
    partials: Callable[..., Partials] | None = None
    undefined: Callable[..., bool] = lambda *operands: False
    sharp: Callable[..., Any] = lambda *operands: None
    sided: Callable[..., Any] | None = None
    sided_partials: Callable[..., Partials] | None = None
    signs: Signs = lambda g, partials, *operands: (0, 0)
    ties: str = ""  # "compare", "choose": what happens where operands are equal
    needs_all: bool = True  # whether an undefined operand leaves the value undefined


def union(a: Any, b: Any) -> Any:
    """A ball that holds both, complex if one of them is."""
    return acb(a).union(acb(b)) if acb in (type(a), type(b)) else a.union(b)


def conj(v: Any) -> Any:
    """The conjugate; a real ball is its own."""
    return v if type(v) is arb else v.conjugate()


def holomorphic(
    value: Callable[[Any], Any],
    slope: Callable[[Any, Any], Any],
    *,
    undefined: Callable[[Any], bool] = lambda v: False,
    sharp: Callable[[Any], Token | None] = lambda v: None,
    cut: Cut | None = None,
    signs: Signs = by_slope,
) -> Rule:
    """The rule of g(v) with ``slope(g, v)`` = g′(v)."""
    partials = lambda g, v: ((slope(g, v), None),)  # noqa: E731
    if cut is None:
        return Rule(value, partials, undefined, sharp, signs=signs)

    def off_cut(v: Any) -> Any:
        return UNDECIDED if type(v) is acb and cut.holds(v) else value(v)

    def sided(v: Any) -> Any:
        if type(v.ball) is not acb or not cut.holds(v.ball):
            return value(v.ball)
        across = v.im if cut.axis == "real" else v.re
        return cut.side(value(v.ball), v.ball, across) if across else UNDECIDED

    return Rule(off_cut, partials, undefined, sharp, sided, signs=signs)


def at(*points: float) -> Callable[[Any], bool]:
    """Whether a ball is exactly one of ``points``."""
    return lambda v: any(bool(v == p) for p in points)


def vertical_at(*points: float) -> Callable[[Any], Token | None]:
    """VERTICAL exactly at ``points``: there is a value, and the slope is infinite."""
    here = at(*points)
    return lambda v: VERTICAL if here(v) else None
