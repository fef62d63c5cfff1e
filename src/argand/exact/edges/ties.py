"""The careful pass: signed zeros, branch cuts, poles, and what happens at kinks and jumps.

It runs on the few samples where the plain pass found no number, or where zeros are signed. What
it calls undefined is proved: some operation is exactly at a point where it has no value, or no
derivative, and nothing in the chain rule can make up for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import Balls
from argand.exact.edges.sides import Signed
from argand.exact.rule import (
    UNDECIDED,
    UNDEFINED,
    VERTICAL,
    Edge,
    OneSided,
    Rule,
    Shadow,
    Token,
    one_sided,
    sides,
    union,
)  # fmt: skip

Pair = tuple[Any, Any]  # ∂ and ∂̄


def points(
    rule: Rule, columns: list[list[Any]], moving: bool
) -> tuple[list[Any], list[Any] | None]:
    """Results (Signed, UNDEFINED or truth values) and partial derivatives of one operation."""
    results, partials = [], []
    for operands in zip(*columns, strict=True):
        g, by = _point(rule, operands)
        results.append(g)
        partials.append(by)
    return results, partials if moving and rule.partials is not None else None


def _point(rule: Rule, operands: tuple[Any, ...]) -> tuple[Any, Any]:
    balls = [o.ball if isinstance(o, Signed) else o for o in operands]
    missing = any(b is UNDEFINED for b in balls)
    if missing and rule.ties == "compare":
        return None, None
    if (missing and rule.needs_all) or (not missing and rule.undefined(*balls)):
        return UNDEFINED, ((UNDEFINED, None),) * len(balls)
    g = rule.value(*balls) if rule.sided is None or missing else rule.sided(*operands)
    if type(g) not in (arb, acb):  # a truth value, or an undefined operand chosen
        by = ((UNDEFINED, None),) * len(balls) if g is UNDEFINED else None
        return g, by
    if rule.sided_partials and not missing:
        by = rule.sided_partials(g, *operands)
    else:
        by = None if rule.partials is None else rule.partials(g, *balls)
    re = im = 1
    if g.real.is_zero() or (type(g) is acb and g.imag.is_zero()):
        re, im = (0, 0) if missing else rule.signs(g, by, *operands)
    token = None if missing else rule.sharp(*balls)
    if token is not None and by is not None:
        tokens = token if isinstance(token, tuple) else (token,) * len(balls)
        by = tuple(_mark(pair, t) for pair, t in zip(by, tokens, strict=True))
    return Signed(g, re, im), by


def _mark(pair: Pair, token: Token | None) -> Pair:
    if token is None:
        return pair
    by, by_conj = pair
    return None if by is None else token, None if by_conj is None else Shadow(token.ball)


# --- ties -----------------------------------------------------------------------------------


def settle(run: Any, rule: Rule, out: Balls, operands: Sequence[Balls]) -> Balls:
    """``out`` with what ties need: an Edge learns what holds beside it, and the result of a
    choice between equals has the derivatives of both sides."""
    shape = out.value.shape
    values = out.value.ravel()
    given: list[Any] = [np.broadcast_to(o.value, shape).ravel() for o in operands]
    pairs = [_flat_derivatives(o, shape) for o in operands]
    dz = [None if d is None else np.broadcast_to(d, shape).ravel().copy() for d in out.dz]
    dzbar = [None if d is None else np.broadcast_to(d, shape).ravel().copy() for d in out.dzbar]
    for k, v in enumerate(values):
        if rule.ties == "compare":
            if isinstance(v, Edge):
                values[k] = _edge(run, rule, v.holds, pairs[0][k], pairs[1][k])
            continue
        select = len(operands) == 3
        edge: Any = given[0][k] if select else None
        a, b = given[-2][k], given[-1][k]
        if not (isinstance(edge, Edge) if select else _same(a, b)):
            continue
        for i, real in enumerate(run.real):
            here, there = pairs[-2][k][i], pairs[-1][k][i]
            if not select:
                found = _extremum(rule, here, there, real)
            elif real:
                found = _beside(edge, i, a, b, here[0], there[0]), None
            else:
                found = _across(edge, i, a, b, here, there)
            for column, d in zip((dz, dzbar), found, strict=True):
                array = column[i]
                if array is None and d is not None:
                    array = column[i] = np.full(values.size, None, object)
                if array is not None:
                    array[k] = d

    def shaped(d: np.ndarray | None) -> np.ndarray | None:
        return None if d is None else d.reshape(shape)

    return Balls(values.reshape(shape), tuple(map(shaped, dz)), tuple(map(shaped, dzbar)))


def _flat_derivatives(x: Balls, shape: tuple[int, ...]) -> list[list[Pair]]:
    """For each element the pairs of derivatives, one a direction."""
    size = int(np.prod(shape))
    columns = []
    for d, dbar in zip(x.dz, x.dzbar, strict=True):
        first = [None] * size if d is None else np.broadcast_to(d, shape).ravel().tolist()
        second = [None] * size if dbar is None else np.broadcast_to(dbar, shape).ravel().tolist()
        columns.append(list(zip(first, second, strict=True)))
    return [list(pairs) for pairs in zip(*columns, strict=True)] or [[]] * size


def _edge(run: Any, rule: Rule, holds: bool, a: list[Pair], b: list[Pair]) -> Edge:
    """What the comparison says on either side of a tie: its rule on the sign of a − b there."""
    left: list[bool | None] = []
    right: list[bool | None] = []
    crosses: list[bool | None] = []
    for real, (x, xbar), (y, ybar) in zip(run.real, a, b, strict=True):
        if x is y is xbar is ybar is None:  # it does not depend on that input
            crosses.append(None)
            left.append(holds)
            right.append(holds)
            continue
        crosses.append(_differ(x, y) or _differ(xbar, ybar))
        steps = [p - q for p, q in zip(sides(x), sides(y), strict=True)]
        for out, step in ((left, -steps[0]), (right, steps[1])):
            sign = 1 if step.real > 0 else -1 if step.real < 0 else 0
            known = real and sign and step.is_finite()
            out.append(rule.value(arb(sign), arb(0)) if known else None)
    return Edge(holds, tuple(left), tuple(right), tuple(crosses))


def _extremum(rule: Rule, here: Pair, there: Pair, real: bool) -> Pair:
    """The derivatives of a maximum or minimum of equals."""
    if real:
        (a_left, a_right), (b_left, b_right) = sides(here[0]), sides(there[0])
        if not all(type(v) is arb for v in (a_left, a_right, b_left, b_right)):
            return UNDECIDED, None
        right = rule.value(a_right, b_right)
        return one_sided(-rule.value(-a_left, -b_left), right), None
    if all(_equal(a, b) for a, b in zip(here, there, strict=True)):
        return here
    apart = any(_differ(a, b) for a, b in zip(here, there, strict=True))
    return _hulls(here, there, proof=apart)


def _beside(edge: Edge, i: int, a: Any, b: Any, here: Any, there: Any) -> Any:
    """The derivative along the real input i of a selection at an edge."""
    if not (isinstance(a, Signed) and isinstance(b, Signed)):
        return UNDECIDED
    left = edge.left[i] if edge.left else None
    right = edge.right[i] if edge.right else None
    if left is None or right is None:
        return _hull(here, there) if _same(a, b) else UNDECIDED
    if not _same(a, b):
        if left == right == edge.holds:
            return here if edge.holds else there
        return UNDECIDED if a.ball.overlaps(b.ball) else VERTICAL  # a jump
    return one_sided(sides(here if left else there)[0], sides(here if right else there)[1])


def _across(edge: Edge, i: int, a: Any, b: Any, here: Pair, there: Pair) -> Pair:
    """The derivatives by the complex input i of a selection at an edge."""
    unknown = UNDECIDED, None if here[1] is None and there[1] is None else UNDECIDED
    if not (isinstance(a, Signed) and isinstance(b, Signed)):
        return unknown
    crosses = bool(edge.crosses) and edge.crosses[i]
    if crosses is None:
        return here if edge.holds else there
    if not _same(a, b):
        jumps = crosses and not a.ball.overlaps(b.ball)
        return (VERTICAL, unknown[1]) if jumps else unknown
    if all(_equal(x, y) for x, y in zip(here, there, strict=True)):
        return here
    return _hulls(here, there, proof=False)


def _hulls(here: Pair, there: Pair, proof: bool) -> Pair:
    hulls = [_hull(a, b) for a, b in zip(here, there, strict=True)]
    first, second = (Token(h) if proof and h is not None else h for h in hulls)
    return first, second


def _hull(a: Any, b: Any) -> Any:
    if a is None and b is None:
        return None
    a, b = (arb(0) if v is None else getattr(v, "ball", v) for v in (a, b))
    return union(a, b)


def _same(a: Any, b: Any) -> bool:
    return isinstance(a, Signed) and isinstance(b, Signed) and bool(a.ball == b.ball)


def _equal(a: Any, b: Any) -> bool:
    """Whether two derivatives are surely equal, None being zero."""
    if any(isinstance(v, (Token, OneSided)) or hasattr(v, "dz") for v in (a, b)):
        return False
    return bool((arb(0) if a is None else a) == (arb(0) if b is None else b))


def _differ(a: Any, b: Any) -> bool:
    """Whether two derivatives are surely different, None being zero."""
    if any(isinstance(v, (Token, OneSided)) for v in (a, b)):
        return False
    a, b = getattr(a, "ball", a), getattr(b, "ball", b)
    difference = (arb(0) if a is None else a) - (arb(0) if b is None else b)
    return difference.is_finite() and not difference.contains(0)
