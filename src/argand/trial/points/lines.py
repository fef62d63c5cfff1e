"""Special points along paths: where the two sides of a mark become equal, found by bisection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from flint import acb, arb, ctx

from argand.program import Program
from argand.trial.bisection import bisect
from argand.trial.components import at_places, places
from argand.trial.inside.intermediates import parts_of
from argand.trial.points.marks import Key, Sides, sides
from argand.trial.points.path import Path
from argand.trial.problem import Problem

PRECISION = 128
MOST = 64  # brackets of one Program, and the largest integer that is a special value
AT_ONCE = 24  # places that a round of bisection tries
SURE = 16  # ulp by which two sides are apart, whatever rounding of theirs
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
) -> list[Special]:
    """The special points of ``program`` on ``paths``, each with the ordinals of its grid; one
    Special for each condition that changes on some of them. Those of ``known`` gaps, to which its
    own are added, are left out.

    ``program`` takes the inputs of ``problem``, or (upstream, *inputs), with upstream one.
    """
    with ctx.workprec(PRECISION):
        grid = [(path, place) for path, grid in paths for place in grid]
        brackets = _brackets(grid, _sides(program, problem, grid), known)
        if not brackets:
            return []
        program = program.to(list(dict.fromkeys(b.key[0] for b in brackets)))
        return _points(program, problem, _narrowed(program, problem, brackets))


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


def _gap(of: Sides, k: int, part: int) -> Any:
    """How far apart both sides are at sample ``k``: a real ball, None where that part is none."""
    parts = parts_of(of.first[k] - of.second[k])
    return parts[part] if part < len(parts) else None


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
            gaps = [_gap(of, k, part) for k in range(len(grid))]
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


def in_turn(groups: Sequence[Sequence[Any]]) -> Iterator[Any]:
    """The first of each group, then the second of each, and so on."""
    for k in range(max(map(len, groups), default=0)):
        yield from (group[k] for group in groups if k < len(group))


def _narrowed(program: Program, problem: Problem, brackets: list[_Bracket]) -> list[_Bracket]:
    """Each bracket narrowed to neighbouring floats: at once where the gap is a straight line, else
    by bisection."""

    def gaps(points: list[tuple[_Bracket, int]]) -> list[tuple[Any, int]]:
        seen = _sides(program, problem, [(b.path, place) for b, place in points])
        found = [_gap(seen[b.key], k, b.part) for k, (b, _) in enumerate(points)]
        whole = [seen[b.key].mark.whole for b, _ in points]
        return [(gap, _state(gap, w)) for gap, w in zip(found, whole, strict=True)]

    ends = gaps([(b, place) for b in brackets for place in (b.first, b.last)])
    old = [state for _, state in ends]
    guesses = [_guess(b, *ends[2 * i : 2 * i + 2]) for i, b in enumerate(brackets)]
    near = [(b, _next(guess, b, n)) for b, guess in zip(brackets, guesses, strict=True)
            for n in (-1, 0, 1)]  # fmt: skip
    seen = gaps(near)
    for i, b in enumerate(brackets):
        tried = [b.first, *(place for _, place in near[3 * i : 3 * i + 3]), b.last]
        alike = [True, *(state == old[2 * i] for _, state in seen[3 * i : 3 * i + 3]), False]
        if tried in (sorted(tried), sorted(tried, reverse=True)):
            k = alike.index(False)
            brackets[i] = replace(b, first=tried[k - 1], last=tried[k])

    def as_first(still: list[int], asked: list[list[int]]) -> list[list[bool]]:
        flat = [(i, place) for i, grid in zip(still, asked, strict=True) for place in grid]
        now = gaps([(brackets[i], place) for i, place in flat])
        alike = iter([state == old[2 * i] for (i, _), (_, state) in zip(flat, now, strict=True)])
        return [[next(alike) for _ in grid] for grid in asked]

    found = bisect([(b.first, b.last) for b in brackets], as_first, lambda n: 1 + AT_ONCE // n)
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
            if _exact(of, start + k, b.part)
            # where both sides are equal in a region, its end is special only if it is sure
            and (of.unrounded[start + k] or not _exact(of, start + further, b.part))
        ]
        if not here and not _matters(of, start, b.part):
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
            told += [k for k in far if _told(of, start + k, b.part, dtype)]
            beside = next(iter(told), None)
            if beside is not None and low <= ordinals[beside] <= high:
                own.beside.append(b.path.point(ordinals[beside]))
    return list(found.values())


def _exact(of: Sides, k: int, part: int) -> bool:
    """Whether sample ``k`` is exactly where both sides are equal (on a cut: in this part)."""
    gap = _gap(of, k, part)
    if gap is None or not gap.is_exact():
        return False
    if not (gap.is_integer() if of.mark.whole else gap == 0):
        return False
    return part == 1 or _matters(of, k, part)


def _matters(of: Sides, k: int, part: int) -> bool:
    """Whether the real part alone says something: of a complex number only on the real axis."""
    other = _gap(of, k, 1)
    return part == 1 or other is None or bool(other == 0)


def _told(of: Sides, k: int, part: int, dtype: np.dtype) -> bool:
    """Whether rounding of both sides cannot hide on which side sample ``k`` is."""
    if of.unrounded[k]:
        return True
    gap = _gap(of, k, part)
    if gap is None or not gap.is_finite():
        return False
    if of.mark.whole:
        gap = gap - (gap + 0.5).floor()
    size = max(abs(float(abs(side[k]).mid())) for side in (of.first, of.second))
    return bool(abs(gap) > SURE * float(np.finfo(dtype).eps) * size)
