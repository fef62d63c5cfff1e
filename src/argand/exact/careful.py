"""The careful pass of one operation: signed zeros, branch cuts, poles, kinks and jumps.

It runs on the few samples where the plain pass found no number, or where zeros are signed. What
it calls undefined is proved: some operation is exactly at a point where it has no value, or no
derivative, and nothing in the chain rule can make up for it.
"""

from __future__ import annotations

from typing import Any

from flint import acb, arb

from argand.exact.edges.kinks import UNDEFINED, Shadow, Token
from argand.exact.edges.zeros import Signed
from argand.exact.rules.rule import Rule

Pair = tuple[Any, Any]  # ∂ and ∂̄
Point = tuple[Any, Any]  # the result, and for each operand a Pair; None beside a truth value


def points(
    rule: Rule, columns: list[list[Any]], moving: bool
) -> tuple[list[Any], list[Any] | None]:
    """What ``rule`` gives at many elements; ``columns`` holds each operand's elements.

    Returns the results (Signed, UNDEFINED or truth values), and for each element the pairs of
    partial derivatives by the operands, or None where nothing is ``moving``.
    """
    results, partials = [], []
    for operands in zip(*columns, strict=True):
        g, by = _point(rule, operands)
        results.append(g)
        partials.append(by)
    return results, partials if moving and rule.partials is not None else None


def _point(rule: Rule, operands: tuple[Any, ...]) -> Point:
    balls = [o.ball if isinstance(o, Signed) else o for o in operands]
    if any(b is UNDEFINED for b in balls):
        return _with_undefined(rule, balls)
    if rule.undefined(*balls):
        return _nowhere(balls)
    g = rule.value(*balls) if rule.sided is None else rule.sided(*operands)
    if type(g) not in (arb, acb):
        return g, None  # a truth value
    sided = rule.sided_partials
    by = rule.slopes(g, *balls) if sided is None else sided(g, *operands)
    re, im = rule.signs(g, by, *operands) if _has_zero(g) else (1, 1)
    sharp = rule.sharp(*balls)
    return Signed(g, re, im), by if sharp is None else _marked(by, sharp)


def _with_undefined(rule: Rule, balls: list[Any]) -> Point:
    """The result where an operand is UNDEFINED: only some rules do without it."""
    if rule.ties == "compare":
        return None, None
    if rule.needs_all:
        return _nowhere(balls)
    g = rule.value(*balls)
    if isinstance(g, Token):  # the rule took the undefined operand
        return _nowhere(balls)
    if type(g) not in (arb, acb):
        return g, None  # a truth value
    return Signed(g, *((0, 0) if _has_zero(g) else (1, 1))), rule.slopes(g, *balls)


def _nowhere(balls: list[Any]) -> Point:
    return UNDEFINED, ((UNDEFINED, None),) * len(balls)


def _has_zero(g: Any) -> bool:
    return bool(g.real.is_zero() or (type(g) is acb and g.imag.is_zero()))


def _marked(by: Any, sharp: Any) -> Any:
    """The partial derivatives ``by`` with the Tokens that ``Rule.sharp`` gave, in their place."""
    tokens = sharp if isinstance(sharp, tuple) else (sharp,) * len(by)
    return tuple(_mark(pair, t) for pair, t in zip(by, tokens, strict=True))


def _mark(pair: Pair, token: Token | None) -> Pair:
    if token is None:
        return pair
    by, by_conj = pair
    return None if by is None else token, None if by_conj is None else Shadow(token.ball)
