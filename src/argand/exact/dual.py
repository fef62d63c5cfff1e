"""Balls with both Wirtinger derivatives: rules evaluated on these give second derivatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import ONE, UNDECIDED, Balls, conj
from argand.exact.edges.kinks import Token
from argand.exact.rules.rule import Rule
from argand.exact.rules.table import RULES


class Dual:
    """A ball with its ∂ and ∂̄ (None for zero), and the arithmetic that rules are written in."""

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
        rule = RULES[op_type]
        g = rule.value(self.ball)
        return _chained(g, rule.slopes(g, self.ball), (self,))

    def __getattr__(self, name: str) -> Any:
        """Functions by their rule (``exp`` is Exp); questions and parts by the ball."""
        if name in _ASKS:
            return getattr(self.ball, name)
        if name in _FUNCTIONS:
            return lambda: self._by_rule(name.capitalize())
        raise AttributeError(f"Dual has no {name!r}: write the slope otherwise, or add it here")

    def __gt__(self, other: Any) -> bool:
        return _ordered(self.ball, _ball(other)) and bool(self.ball > _ball(other))

    def __lt__(self, other: Any) -> bool:
        return _ordered(self.ball, _ball(other)) and bool(self.ball < _ball(other))

    def __eq__(self, other: object) -> bool:
        return bool(self.ball == _ball(other))

    __hash__ = None  # type: ignore[assignment]


_ASKS = {"real", "imag", "contains", "is_exact", "is_finite", "is_integer", "is_zero"}
_FUNCTIONS = {"cos", "cosh", "digamma", "exp", "log", "log1p", "sin", "sinh", "sqrt"}
_NUMBERS = (Dual, arb, acb, int, float)


def _ball(x: Any) -> Any:
    return x.ball if isinstance(x, Dual) else arb(x) if isinstance(x, (int, float)) else x


def _ordered(a: Any, b: Any) -> bool:
    """Whether either could be less: of a real number of which nothing is known (which is a complex
    ball) that is never sure."""
    return acb not in (type(a), type(b))


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


def _chained(g: Any, partials: Sequence[tuple[Any, Any]], operands: Sequence[Any]) -> Dual:
    """The result ``g`` as a Dual, given its partial derivatives by the operands."""
    dz = dzbar = None
    for (by, by_conj), v in zip(partials, operands, strict=True):
        if isinstance(v, Dual):
            dz = plus(dz, plus(times(by, v.dz), times(by_conj, maybe_conj(v.dzbar))))
            dzbar = plus(dzbar, plus(times(by, v.dzbar), times(by_conj, maybe_conj(v.dz))))
    return Dual(g, dz, dzbar)


def dual_partials(
    rule: Rule,
    results: list[Any],
    partials: list[Any],
    operands: Sequence[Balls],
    columns: list[list[Any]],
    shape: tuple[int, ...],
) -> list[Any]:
    """The partial derivatives as Duals: the rule's formulas on operands that carry theirs.

    ``results`` and ``partials`` are the rule's at each element, ``columns`` the elements of each
    operand, broadcast to ``shape``.
    """
    given = zip(*(_duals(c, o, shape) for c, o in zip(columns, operands, strict=True)), strict=True)
    out = []
    for g, plain, duals in zip(results, partials, given, strict=True):
        ball = getattr(g, "ball", g)
        if isinstance(g, Token) or type(ball) not in (arb, acb):
            out.append(plain)  # no value
            continue
        again = rule.slopes(_chained(ball, plain, duals), *duals)
        pairs = zip(plain, again, strict=True)
        out.append(tuple(tuple(map(_smooth, first, second)) for first, second in pairs))
    return out


def _smooth(first: Any, second: Any) -> Any:
    """The partial that carries its own derivative. A Token stays as it is; an interval, which a
    kink gives, has no derivative."""
    if isinstance(first, Token):
        return first
    inexact = type(second) in (arb, acb) and not second.is_exact()
    return UNDECIDED if inexact else second


def _duals(column: list[Any], operand: Balls, shape: tuple[int, ...]) -> list[Any]:
    """The elements of an operand with their first derivatives."""
    firsts = [_firsts(d, len(column), shape) for d in (operand.dz[0], operand.dzbar[0])]
    balls = (getattr(v, "ball", v) for v in column)
    return [
        Dual(ball, dz, dzbar) if type(ball) in (arb, acb) else ball
        for ball, dz, dzbar in zip(balls, *firsts, strict=True)
    ]


def _firsts(d: np.ndarray | None, size: int, shape: tuple[int, ...]) -> list[Any]:
    if d is None:
        return [None] * size
    flat = np.broadcast_to(d, shape).ravel().tolist()
    return [v.ball if isinstance(v, Dual) else v for v in flat]
