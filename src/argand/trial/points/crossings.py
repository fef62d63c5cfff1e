"""Where intermediates cross the ends of the float range: found from their balls, not from a list.

Along paths (one component runs over its whole range, the others stay) the exact value of every
intermediate, forward and backward, is below, inside or above the range of the dtype, and every
condition of a conditional holds or not. Where that changes between neighbours of a coarse grid,
bisection finds the place; samples lie around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from flint import ctx

from argand.program import Program
from argand.trial.bisection import bisect
from argand.trial.components import places
from argand.trial.domain import Domain
from argand.trial.inside.branches import truth
from argand.trial.inside.intermediates import intermediates, parts_of
from argand.trial.points.path import Path
from argand.trial.problem import Problem

ALONG = 48  # points of the coarse grid along a path
STEPS = 20  # halvings of the ordinal: to 2⁻¹⁴ of an octave or better
PRECISION = 128
_State = tuple[int, ...]  # of one intermediate, for each of its components


def crossing_points(
    program: Program, problem: Problem, n: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """``n`` samples of each input around the crossings of ``program``, float arrays (n, *core) or
    empty where none is found.

    ``program`` takes the inputs of ``problem``, or (upstream, *inputs), with upstream one.
    """
    dtypes, domain = problem.component_dtypes, problem.entry_domain
    paths = list(_paths(dtypes, domain, max(2 * len(dtypes), n // 48), rng))
    found = _crossings(program, problem, paths, max(8, n // 6))
    rows = [_beside(*found[k % len(found)], domain, rng) for k in range(n if found else 0)]
    return problem.of_components(rows)


def _paths(
    dtypes: Sequence[np.dtype], domain: Domain | None, count: int, rng: np.random.Generator
) -> Iterator[Path]:
    """Paths along each component in both signs: on the axes first, then beside them at ordinary
    values of the others, then with others of the same size."""
    size = len(dtypes)
    for k in range(2 if size == 1 else count):
        c, sign, turn = (k // 2) % size, 1 - 2 * (k % 2), k // (2 * size)
        along: dict[int, float] = {}
        if domain is None:
            info = np.finfo(dtypes[c])
            first, last = (p * sign for p in places(np.array([info.tiny, info.max], dtypes[c])))
            beside = np.exp2(rng.uniform(-6, 4, size)) * rng.choice([-1.0, 1.0], size)
            fixed = [0.0] * size if turn == 0 else beside.tolist()
            if turn % 3 == 2:
                along = {o: float(rng.choice([-1.0, 1.0])) for o in range(size) if o != c}
        else:
            first, last = places(np.array(domain[c], dtypes[c]))[::sign]
            fixed = [low + rng.uniform() * (high - low) for low, high in domain]
        yield Path(c, dtypes, first, last, fixed, along)


def _crossings(
    program: Program, problem: Problem, paths: Sequence[Path], most: int
) -> list[tuple[Path, int]]:
    """(path, ordinal) of the crossings, at most ``most``, evenly chosen."""
    wanted = [*program.conditions, *program.floats]
    if not wanted:
        return []

    def states(points: list[tuple[Path, int]], of: Sequence[int]) -> dict[int, list[_State]]:
        inputs = problem.of_components([path.point(place) for path, place in points])
        if len(program.inputs) > len(inputs):
            ones = np.ones((len(points), *problem.core), program.dtypes[program.inputs[0]])
            inputs.insert(0, ones)
        with ctx.workprec(PRECISION):
            balls = intermediates(program, inputs, of)
        return {v: _states(balls[v], program.dtypes[v]) for v in of}

    grid = [(path, place) for path in paths for place in path.grid(ALONG)]
    seen = [*zip(*states(grid, wanted).values(), strict=True)]
    brackets = [
        (path, a, b, wanted[k], before[k])
        for ((path, a), before), ((other, b), after) in pairwise(zip(grid, seen, strict=True))
        if path is other
        for k in _changed(before, after)
    ]
    if len(brackets) > most:
        brackets = [brackets[len(brackets) * k // most] for k in range(most)]

    def as_first(still: list[int], asked: list[list[int]]) -> list[list[bool]]:
        of = [*dict.fromkeys(brackets[k][3] for k in still)]
        points = [(brackets[k][0], place) for k, (place,) in zip(still, asked, strict=True)]
        now = states(points, of)
        return [[now[brackets[k][3]][row] == brackets[k][4]] for row, k in enumerate(still)]

    ends = bisect([(a, b) for _, a, b, _, _ in brackets], as_first, rounds=STEPS)
    return [(path, a) for (path, *_), (a, _) in zip(brackets, ends, strict=True)]


def _changed(before: Sequence[_State], after: Sequence[_State]) -> list[int]:
    """The first and the last intermediate for each way of changing: others change with them,
    mostly at the same place."""
    kinds: dict[tuple[_State, _State], list[int]] = {}
    for v, pair in enumerate(zip(before, after, strict=True)):
        if pair[0] != pair[1]:
            kinds.setdefault(pair, []).append(v)
    return [v for group in kinds.values() for v in dict.fromkeys((group[0], group[-1]))]


def _states(balls: np.ndarray, dtype: str) -> list[_State]:
    """For each sample and component: −1 below the range, 1 above, 0 inside, 2 not known; of a
    condition whether it holds."""
    rows = [np.atleast_1d(row).flat for row in balls]
    if dtype == "bool":
        return [tuple(map(truth, row)) for row in rows]
    info = np.finfo(dtype)
    top, tiny = float(info.max), float(info.tiny)

    def state(part: Any) -> int:
        if not part.is_finite():
            return 2
        size = abs(part)
        return 1 if size > top else -1 if size < tiny else 0

    return [tuple(state(p) for b in row for p in parts_of(b)) for row in rows]


def _beside(path: Path, place: int, domain: Domain | None, rng: np.random.Generator) -> list[float]:
    """A point around a crossing, at a distance from a few floats to a quarter of its size; the
    other components as on the path, or of any ordinary size."""
    row = path.point(place)
    side = rng.choice([-1.0, 1.0])
    farthest = 14 if rng.uniform() < 0.75 else float(np.finfo(path.dtypes[path.c]).nmant)
    factor = 1 + side * np.exp2(-rng.uniform(2, farthest))
    moved = rng.uniform() < 0.5
    for c, x in enumerate(row):
        info = np.finfo(path.dtypes[c])
        if c == path.c or c in path.along:
            row[c] = float(np.clip(x, info.min / 2, info.max / 2)) * factor
        elif moved and domain is None:
            row[c] = float(np.exp2(rng.uniform(-8, 8)) * rng.choice([-1.0, 1.0]))
        elif moved and domain is not None:
            low, high = domain[c]
            row[c] = low + rng.uniform() * (high - low)
        if domain is not None:
            row[c] = min(max(row[c], domain[c][0]), domain[c][1])
    return row
