"""What happens where operands are equal: comparisons become Edges, choices have two sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import arb

from argand.exact.balls import UNDECIDED, Balls, union
from argand.exact.edges.kinks import JUMP, OneSided, Token, one_sided, sides
from argand.exact.edges.truth import Edge
from argand.exact.edges.zeros import Signed
from argand.exact.partials import unless_zero
from argand.exact.rules.rule import Rule

Pair = tuple[Any, Any]  # ∂ and ∂̄
Shape = tuple[int, ...]


def settled_edges(
    real: Sequence[bool], rule: Rule, truths: list[Any], operands: Sequence[Balls], shape: Shape
) -> list[Any]:
    """The results of a comparison, where each Edge learns what holds beside it.

    ``truths`` are the results, one for each element of ``shape``; ``real`` says of each direction
    whether it is that of a real input.
    """
    places = [k for k, v in enumerate(truths) if isinstance(v, Edge)]
    if not places:
        return truths
    a, b = (_flat_derivatives(o, shape) for o in operands)
    for k in places:
        truths[k] = _edge(real, rule, truths[k].holds, a[k], b[k])
    return truths


def settled_choice(
    real: Sequence[bool], rule: Rule, out: Balls, operands: Sequence[Balls]
) -> Balls:
    """``out``, the result of a choice, with the derivatives of both sides where the choice is
    between equals, or where its condition is an Edge.

    ``operands`` are the condition, if there is one, and the two that are chosen from.
    """
    shape = out.value.shape
    *conditions, a, b = (np.broadcast_to(o.value, shape).ravel() for o in operands)
    edges = [isinstance(c, Edge) for c in conditions[0]] if conditions else map(_same, a, b)
    places = np.flatnonzero([*edges]).tolist()
    if not (places and real):
        return out
    here, there = (_flat_derivatives(o, shape) for o in operands[-2:])

    def settled(k: int, i: int) -> Pair:
        if conditions:
            return _selected(conditions[0][k], i, real[i], a[k], b[k], here[k][i], there[k][i])
        return _extremum(rule, here[k][i], there[k][i], real[i])

    columns = [
        (_flat(dz, shape), _flat(dzbar, shape)) for dz, dzbar in zip(out.dz, out.dzbar, strict=True)
    ]
    for i, (dz, dzbar) in enumerate(columns):
        for k in places:
            dz[k], dzbar[k] = settled(k, i)
    both = zip(*columns, strict=True)
    return Balls(out.value, *(tuple(unless_zero(d, shape) for d in ds) for ds in both))


def _flat_derivatives(x: Balls, shape: Shape) -> list[list[Pair]]:
    """For each element the pairs of derivatives, one a direction."""
    columns = [
        list(zip(_flat(d, shape), _flat(dbar, shape), strict=True))
        for d, dbar in zip(x.dz, x.dzbar, strict=True)
    ]
    return [list(pairs) for pairs in zip(*columns, strict=True)] or [[]] * int(np.prod(shape))


def _flat(d: np.ndarray | None, shape: Shape) -> list[Any]:
    if d is None:
        return [None] * int(np.prod(shape))
    return list(np.broadcast_to(d, shape).ravel().tolist())


def _edge(real: Sequence[bool], rule: Rule, holds: bool, a: list[Pair], b: list[Pair]) -> Edge:
    """What the comparison says on either side of a tie: its rule on the sign of a − b there."""
    left: list[bool | None] = []
    right: list[bool | None] = []
    crosses: list[bool | None] = []
    for is_real, (x, xbar), (y, ybar) in zip(real, a, b, strict=True):
        if x is y is xbar is ybar is None:  # it does not depend on that input
            crosses.append(None)
            left.append(holds)
            right.append(holds)
            continue
        crosses.append(_differ(x, y) or _differ(xbar, ybar))
        steps = [p - q for p, q in zip(sides(x), sides(y), strict=True)]
        for out, step in ((left, -steps[0]), (right, steps[1])):
            sign = 1 if step.real > 0 else -1 if step.real < 0 else 0
            known = is_real and sign and step.is_finite()
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


def _selected(edge: Edge, i: int, is_real: bool, a: Any, b: Any, here: Pair, there: Pair) -> Pair:
    """The derivatives by input i of a selection at an edge: a with the derivatives ``here`` where
    the truth holds, b with ``there`` where it does not."""
    if is_real:
        return _beside(edge, i, a, b, here[0], there[0]), None
    return _across(edge, i, a, b, here, there)


def _beside(edge: Edge, i: int, a: Any, b: Any, here: Any, there: Any) -> Any:
    if not _are_numbers(a, b):
        return UNDECIDED
    left, right = edge.beside(i)
    if left is None or right is None:
        return _hull(here, there) if _same(a, b) else UNDECIDED
    if _same(a, b):
        return one_sided(sides(here if left else there)[0], sides(here if right else there)[1])
    if left == right == edge.holds:
        return here if edge.holds else there
    leaps = not a.ball.overlaps(b.ball) and _continuous(there if edge.holds else here)
    return JUMP if leaps else UNDECIDED


def _across(edge: Edge, i: int, a: Any, b: Any, here: Pair, there: Pair) -> Pair:
    unknown = UNDECIDED, None if here[1] is None and there[1] is None else UNDECIDED
    if not _are_numbers(a, b):
        return unknown
    crosses = edge.across(i)
    if crosses is None:
        return here if edge.holds else there
    if not _same(a, b):
        other = there if edge.holds else here
        leaps = crosses and not a.ball.overlaps(b.ball) and all(map(_continuous, other))
        return (JUMP, unknown[1]) if leaps else unknown
    if all(_equal(x, y) for x, y in zip(here, there, strict=True)):
        return here
    return _hulls(here, there, proof=False)


def _continuous(d: Any) -> bool:
    """Whether what has this derivative surely has no jump: then it goes to its own value."""
    return d is None or bool(getattr(d, "ball", d).is_finite())


def _hulls(here: Pair, there: Pair, proof: bool) -> Pair:
    hulls = [_hull(a, b) for a, b in zip(here, there, strict=True)]
    first, second = (Token(h) if proof and h is not None else h for h in hulls)
    return first, second


def _hull(a: Any, b: Any) -> Any:
    if a is None and b is None:
        return None
    return union(_ball_in(a), _ball_in(b))


def _ball_in(v: Any) -> Any:
    """The ball of a derivative, None being zero: a Token may hold a Dual, which holds it."""
    while hasattr(v, "ball"):
        v = v.ball
    return arb(0) if v is None else v


def _are_numbers(a: Any, b: Any) -> bool:
    return isinstance(a, Signed) and isinstance(b, Signed)


def _same(a: Any, b: Any) -> bool:
    return _are_numbers(a, b) and bool(a.ball == b.ball)


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
    return bool(difference.is_finite() and not difference.contains(0))
