"""Balls with both Wirtinger derivatives: rules evaluated on these give second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb

from argand.exact.rule import ONE, conj


class Dual:
    """A ball and its ∂ and ∂̄ (None for zero), with the arithmetic that rules are written in."""

    __slots__ = ("ball", "dz", "dzbar")

    def __init__(self, ball: Any, dz: Any = None, dzbar: Any = None) -> None:
        self.ball, self.dz, self.dzbar = ball, dz, dzbar

    def _with(self, other: Any, ball: Any, mine: Any, its: Any) -> Dual:
        """The result ``ball`` with partial derivatives ``mine`` by self and ``its`` by other."""
        o = other if isinstance(other, Dual) else Dual(other)
        return Dual(
            ball,
            plus(times(mine, self.dz), times(its, o.dz)),
            plus(times(mine, self.dzbar), times(its, o.dzbar)),
        )

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        return self._with(other, self.ball + _ball(other), ONE, ONE)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __neg__(self) -> Dual:
        return self.lift(lambda t: -t, lambda t: -ONE)

    def __mul__(self, other: Any) -> Any:
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        o = _ball(other)
        return self._with(other, self.ball * o, o, self.ball)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        o = _ball(other)
        quotient = self.ball / o
        return self._with(other, quotient, 1 / o, -quotient / o)

    def __rtruediv__(self, other: Any) -> Any:
        return other * self.lift(lambda t: 1 / t, lambda t: -1 / (t * t))

    def __pow__(self, n: int) -> Dual:
        return self.lift(lambda t: t**n, lambda t: n * t ** (n - 1) if n else arb(0))

    def __abs__(self) -> Dual:
        return self._by_rule("Abs" if type(self.ball) is arb else "ComplexAbs")

    def lift(self, value: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Dual:
        """A holomorphic function of it, given with its derivative."""
        by = slope(self.ball)
        return Dual(value(self.ball), times(by, self.dz), times(by, self.dzbar))

    def conjugate(self) -> Dual:
        """The conjugate: ∂ and ∂̄ change places."""
        return Dual(conj(self.ball), maybe_conj(self.dzbar), maybe_conj(self.dz))

    def _by_rule(self, op_type: str) -> Dual:
        from argand.exact.rules import RULES

        rule = RULES[op_type]
        g = rule.value(self.ball)
        assert rule.partials is not None
        ((by, by_conj),) = rule.partials(g, self.ball)
        return Dual(
            g,
            plus(times(by, self.dz), times(by_conj, maybe_conj(self.dzbar))),
            plus(times(by, self.dzbar), times(by_conj, maybe_conj(self.dz))),
        )

    def __getattr__(self, name: str) -> Any:
        """Functions by their rule (``exp`` is Exp); questions and parts by the ball."""
        if name in _ASKS:
            return getattr(self.ball, name)
        if name in _FUNCTIONS:
            return lambda: self._by_rule(name.capitalize())
        raise AttributeError(f"Dual has no {name!r}: write the slope otherwise, or add it here")

    def __gt__(self, other: Any) -> bool:
        return self.ball > _ball(other)

    def __lt__(self, other: Any) -> bool:
        return self.ball < _ball(other)

    def __eq__(self, other: object) -> bool:
        return bool(self.ball == _ball(other))

    __hash__ = None  # type: ignore[assignment]


_ASKS = {"real", "imag", "contains", "is_exact", "is_finite", "is_integer", "is_zero"}
_FUNCTIONS = {"cos", "cosh", "digamma", "exp", "log", "log1p", "sin", "sinh", "sqrt"}
_NUMBERS = (Dual, arb, acb, int, float)


def _ball(x: Any) -> Any:
    return x.ball if isinstance(x, Dual) else arb(x) if isinstance(x, (int, float)) else x


def times(a: Any, b: Any) -> Any:
    """The product, None standing for zero."""
    if a is None or b is None:
        return None
    return b if a is ONE else a if b is ONE else a * b


def plus(a: Any, b: Any) -> Any:
    """The sum, None standing for zero."""
    return b if a is None else a if b is None else a + b


def maybe_conj(a: Any) -> Any:
    """The conjugate, None standing for zero."""
    return None if a is None else conj(a)
