"""Special points along paths: where the two sides of a mark become equal, found by bisection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from flint import acb, arb, ctx

from argand.program import Program
from argand.trial.bisection import bisect
from argand.trial.components import at_places, places
from argand.trial.points.closer import Closer
from argand.trial.points.marks import Key, Sides, sides
from argand.trial.points.path import Path
from argand.trial.problem import Problem

PRECISION = 128
MOST = 64  # brackets of one Program, and the largest integer that is a special value
WORK = 150_000  # operations, each at one point, by which the brackets of one Program are narrowed
ROUNDS = 60  # points that a bracket takes
AT_ONCE = 24  # places that a round of bisection tries
UNKNOWN = 1 << 62

Row = list[float]  # the real components of a point
Gaps = tuple[float | None, ...]  # the sizes of a mark's gaps on a grid, None where not known


@dataclass(frozen=True)
class _Bracket:
    """Between the ordinals ``first`` and ``last`` of ``path`` a part of a mark changes."""

    path: Path
    first: int
    last: int
    key: Key
    part: int


@dataclass(frozen=True)
class Special:
    """What one condition makes special: points ``exact``ly there, and floats ``beside`` them."""

    exact: list[Row]
    beside: list[Row]


def along(
    program: Program,
    problem: Problem,
    paths: Sequence[tuple[Path, list[int]]],
    known: set[Gaps],
) -> tuple[list[Special], int]:
    """The special points of ``program`` on ``paths``, each with the ordinals of its grid; one
    Special for each condition that changes on some of them. Those of ``known`` gaps, to which its
    own are added, are left out. And at how many more places some condition changes, which would
    take too much work.

    ``program`` takes the inputs of ``problem``, or (upstream, *inputs), with upstream one.
    """
    with ctx.workprec(PRECISION):
        grid = [(path, place) for path, grid in paths for place in grid]
        found = _brackets(grid, _sides(program, problem, grid), known)
        brackets = _affordable(program, found)
        if not brackets:
            return [], len(found)
        program = program.to(list(dict.fromkeys(b.key[0] for b in brackets)))
        special = _points(program, problem, _narrowed(program, problem, brackets))
        return special, len(found) - len(brackets)


def _sides(
    program: Program,
    problem: Problem,
    points: Sequence[tuple[Path, int]],
    rounding: bool = False,
) -> dict[Key, Sides]:
    inputs = problem.of_components(_rows(points))
    if len(program.inputs) > len(inputs):
        ones = np.ones((len(points), *problem.core), program.dtypes[program.inputs[0]])
        inputs.insert(0, ones)
    if len(points) == 1:  # a single sample looks like a constant
        inputs = [np.repeat(x, 2, axis=0) for x in inputs]
    return sides(program, inputs, rounding)


def _rows(points: Sequence[tuple[Path, int]]) -> list[Row]:
    """The components of each point."""
    rows: list[Row] = [[]] * len(points)
    for dtype in {path.dtypes[path.c] for path, _ in points}:
        mine = [k for k, (path, _) in enumerate(points) if path.dtypes[path.c] == dtype]
        values = at_places([points[k][1] for k in mine], dtype).tolist()
        for k, x in zip(mine, values, strict=True):
            path = points[k][0]
            rows[k] = [*path.fixed[: path.c], x, *path.fixed[path.c + 1 :]]
    return rows


def _state(gap: Any, whole: bool) -> int:
    """The sign of the gap, or the integer below it; UNKNOWN where balls do not tell."""
    if gap is None or not gap.is_finite():
        return UNKNOWN
    if whole:
        below = gap.floor().unique_fmpz()
        return UNKNOWN if below is None or abs(below) > MOST else int(below)
    return 1 if gap > 0 else -1 if gap < 0 else 0 if gap == 0 else UNKNOWN


def _brackets(
    grid: list[tuple[Path, int]], seen: dict[Key, Sides], known: set[Gaps]
) -> list[_Bracket]:
    """Neighbours of the grid between which a state changes, at most MOST, those of each mark in
    turn; marks that have the same gaps on the whole grid are one."""
    of_marks: list[list[_Bracket]] = []
    for key, of in seen.items():
        for part in range(1 + (type(of.first[0]) is acb)):
            gaps = [of.gap(k, part) for k in range(len(grid))]
            states = [_state(gap, of.mark.whole) for gap in gaps]
            found = [
                _Bracket(path, a, b, key, part)
                for ((path, a), before), ((other, b), after) in pairwise(
                    pair for pair in zip(grid, states, strict=True) if pair[1] != UNKNOWN
                )
                if path is other and before != after
            ]
            same = tuple(None if s == UNKNOWN else abs(float(g.mid()))
                         for g, s in zip(gaps, states, strict=True))  # fmt: skip
            if found and same not in known:
                known.add(same)
                of_marks.append(found)
    return list(in_turn(of_marks))[:MOST]


def _affordable(program: Program, brackets: list[_Bracket]) -> list[_Bracket]:
    """The first of them that take no more than WORK."""
    size, taken, work = _sizes(program, brackets), list[_Bracket](), 0
    for b in brackets:
        if not taken or work + ROUNDS * size[b.key[0]] <= WORK:
            taken.append(b)
            work += ROUNDS * size[b.key[0]]
    return taken


def _sizes(program: Program, brackets: list[_Bracket]) -> dict[int, int]:
    """How many operations lead to each value that brackets follow."""
    return {v: len(program.to([v]).operations) for v in {b.key[0]: 0 for b in brackets}}


def in_turn(groups: Sequence[Sequence[Any]]) -> Iterator[Any]:
    """The first of each group, then the second of each, and so on."""
    for k in range(max(map(len, groups), default=0)):
        yield from (group[k] for group in groups if k < len(group))


def _narrowed(program: Program, problem: Problem, brackets: list[_Bracket]) -> list[_Bracket]:
    """Each bracket narrowed to neighbouring floats: at once where the gap is a straight line, else
    by bisection, helped by guesses where the gap is smooth."""

    seen: list[dict[int, tuple[Any, int]]] = [{} for _ in brackets]  # by ordinal
    sizes = _sizes(program, brackets)

    def look(asked: Iterable[tuple[int, int]]) -> None:
        """See gap and state at ordinals of brackets, by number."""
        new = [(i, place) for i, place in dict.fromkeys(asked) if place not in seen[i]]
        groups: dict[int, list[tuple[int, int]]] = {}  # what takes about as many operations
        for i, place in new:
            groups.setdefault(sizes[brackets[i].key[0]].bit_length(), []).append((i, place))
        for group in groups.values():
            look_together(group)

    def look_together(new: list[tuple[int, int]]) -> None:
        followed = program.to(list(dict.fromkeys(brackets[i].key[0] for i, _ in new)))
        points = list(dict.fromkeys((brackets[i].path, place) for i, place in new))
        found, row = _sides(followed, problem, points), {p: k for k, p in enumerate(points)}
        for i, place in new:
            of = found[brackets[i].key]
            gap = of.gap(row[brackets[i].path, place], brackets[i].part)
            seen[i][place] = gap, _state(gap, of.mark.whole)

    look((i, place) for i, b in enumerate(brackets) for place in (b.first, b.last))
    starts = [seen[i][b.first][1] for i, b in enumerate(brackets)]
    guesses = [_guess(b, *(seen[i][p] for p in (b.first, b.last))) for i, b in enumerate(brackets)]
    near = [[_next(guess, b, n) for n in (-1, 0, 1)]
            for b, guess in zip(brackets, guesses, strict=True)]  # fmt: skip
    look((i, place) for i, places in enumerate(near) for place in places)
    for i, b in enumerate(brackets):
        tried = [b.first, *near[i], b.last]
        alike = [seen[i][place][1] == starts[i] for place in tried[:-1]] + [False]
        if tried in (sorted(tried), sorted(tried, reverse=True)):
            k = alike.index(False)
            brackets[i] = replace(b, first=tried[k - 1], last=tried[k])
    closer = [Closer() for _ in brackets]

    def likely(i: int, ends: tuple[int, int]) -> list[int]:
        first, last = (seen[i][place] for place in ends)
        if first[0] is None or last[0] is None:
            return []
        guess = _guess(replace(brackets[i], first=ends[0], last=ends[1]), first, last)
        return closer[i].around(guess, abs(ends[1] - ends[0]))

    def as_first(still: list[int], asked: list[list[int]]) -> list[list[bool]]:
        look((i, place) for i, grid in zip(still, asked, strict=True) for place in grid)
        return [
            [seen[i][place][1] == starts[i] for place in grid]
            for i, grid in zip(still, asked, strict=True)
        ]

    ends = [(b.first, b.last) for b in brackets]
    found = bisect(ends, as_first, lambda n: 1 + AT_ONCE // n, likely=likely)
    return [replace(b, first=a, last=z) for b, (a, z) in zip(brackets, found, strict=True)]


def _guess(b: _Bracket, first: tuple[Any, int], last: tuple[Any, int]) -> int:
    """The ordinal in the bracket where a straight gap between its ends changes its state."""
    dtype = b.path.dtypes[b.path.c]
    x, y = (arb(float(v)) for v in at_places([b.first, b.last], dtype))
    (gap, state), (other, after) = first, last
    # of integers the one that is met: above the first state, or the first state itself
    target = 0 if {state, after} <= {-1, 0, 1} else state + (after > state)
    root = x - (gap - target) * (y - x) / (other - gap)
    if not root.is_finite():
        return b.first
    low, high = sorted((b.first, b.last))
    with np.errstate(all="ignore"):
        place = places(np.array(float(root.mid()), dtype))[0]
    return min(max(place, low), high)


def _next(place: int, b: _Bracket, towards_last: int, steps: int = 1) -> int:
    """The ordinal so many normal floats from ``place`` towards an end of the bracket."""
    sign = towards_last * (1 if b.last > b.first else -1)
    return stepped(place, sign * steps, b.path.dtypes[b.path.c])


def stepped(place: int, steps: int, dtype: np.dtype) -> int:
    """The ordinal so many floats further, where subnormals are all one with zero."""
    least = places(np.array(np.finfo(dtype).tiny, dtype))[0]
    sign = (place > 0) - (place < 0)
    place = sign * max(abs(place) - least + 1, 0) + steps
    sign = (place > 0) - (place < 0)
    return sign * (abs(place) + least - 1) if sign else 0


def _points(program: Program, problem: Problem, brackets: list[_Bracket]) -> list[Special]:
    """A Special for each mark: of the floats in the brackets those that are exactly there, and on
    either side the nearest at which no rounding can hide on which side it is."""
    tried = []
    for b in brackets:
        dtype = b.path.dtypes[b.path.c]
        away = [int(2.0 ** (k * np.finfo(dtype).nmant // 5)) for k in range(4)]
        tried.append([b.first, b.last, *(_next(b.first, b, -1, n) for n in away),
                      *(_next(b.last, b, 1, n) for n in away)])  # fmt: skip
    flat = [(b.path, p) for b, all_ in zip(brackets, tried, strict=True) for p in all_]
    seen = _sides(program, problem, flat, rounding=True)
    found: dict[tuple[Key, int], Special] = {}
    for i, (b, ordinals) in enumerate(zip(brackets, tried, strict=True)):
        of, start = seen[b.key], i * len(ordinals)
        dtype = b.path.dtypes[b.path.c]
        low, high = sorted((b.path.first, b.path.last))
        here = [
            k
            for k, further in ((0, 2), (1, 6))
            if of.exact(start + k, b.part)
            # where both sides are equal in a region, its end is special only if it is sure
            and (of.unrounded[start + k] or not of.exact(start + further, b.part))
        ]
        if not here and not of.matters(start, b.part):
            continue
        own = found.setdefault((b.key, b.part), Special([], []))
        exact = [b.path.point(ordinals[k]) for k in here[:1]]
        if exact and exact[0] in own.exact:
            continue  # the bracket before led there
        own.exact.extend(exact)
        if not of.mark.beside:
            continue
        for close, far in (((0, 2), (3, 4, 5)), ((1, 6), (7, 8, 9))):
            told = [k for k in close if k not in here and of.unrounded[start + k]]
            told += [k for k in far if of.told(start + k, b.part, dtype)]
            beside = next(iter(told), None)
            if beside is not None and low <= ordinals[beside] <= high:
                own.beside.append(b.path.point(ordinals[beside]))
    return list(found.values())
