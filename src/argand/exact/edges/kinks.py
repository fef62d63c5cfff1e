"""Derivatives where there is none: kinks, jumps, infinite slopes, and one-sided derivatives."""

from __future__ import annotations

from typing import Any

from flint import acb, arb

from argand.exact.balls import UNDECIDED, conj, union


class Token:
    """A proof that a derivative does not exist; ``ball`` holds the derivatives of all sides.

    The ball of a kink is Clarke's interval; that of an infinite slope (VERTICAL) or a jump (JUMP)
    is no number. A Token takes part in sums and products. Times what is surely not zero, or plus
    what surely has a derivative, it stays a Token. Anything else might make up for it, so that
    only its ball goes on.
    """

    def __init__(self, ball: Any) -> None:
        self.ball = ball

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (Token, OneSided)):
            return self.ball * other.ball
        product = self.ball * other
        nonzero = getattr(other, "ball", other)
        kept = nonzero.is_finite() and not nonzero.contains(0)
        return self._with(product) if kept else product

    __rmul__ = __mul__

    def __add__(self, other: Any) -> Any:
        if isinstance(other, (Token, OneSided)):
            return self.ball + other.ball
        total = self.ball + other
        return self._with(total) if other.is_finite() else total

    __radd__ = __add__

    def along(self, d: Any) -> Any:
        """The derivative along a real input by which the operand has ``d``, None for zero."""
        return None if d is None else self * d

    def conjugate(self) -> Token:
        """Of the conjugate, which has a derivative exactly where the value has one."""
        return self._with(conj(self.ball))

    def _with(self, ball: Any) -> Token:
        return Token(ball)


class Jump(Token):
    """The value leaps: what takes both of its sides to one number makes up for it."""

    def _with(self, ball: Any) -> Jump:
        return Jump(ball)


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
    """∂/∂v̄ beside a Token for ∂/∂v, which alone tells the derivatives along a real input."""

    def along(self, d: Any) -> Any:
        """Nothing more."""
        return None


class OneSided:
    """The derivatives from the left and from the right along a real input, where they may differ.

    A sum, or a product with a ball, keeps them apart, so that the kinks of two terms can cancel.
    """

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
        return bool(self.is_finite() and not (self.left - self.right).contains(0))

    def is_finite(self) -> bool:
        """Whether both are."""
        return bool(self.left.is_finite() and self.right.is_finite())

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


def no_derivative(v: Any) -> bool:
    """Whether this derivative shows that there is none."""
    return isinstance(v, Token) or (isinstance(v, OneSided) and v.apart())


def sides(d: Any) -> tuple[Any, Any]:
    """The derivatives from the left and from the right; None is zero."""
    if d is None:
        return arb(0), arb(0)
    if isinstance(d, OneSided):
        return d.left, d.right
    d = d.ball if isinstance(d, Token) else d
    return d, d


_DISK = acb(arb(0, 0.5), arb(0, 0.5))  # holds ∂|v|/∂v on every side of 0
KINK = Cone(_DISK)
VERTICAL = Token(UNDECIDED)
JUMP = Jump(UNDECIDED)
NOWHERE = Token(UNDECIDED)  # along some line there is none
UNDEFINED = Token(UNDECIDED)  # as a value: the operation has none there
