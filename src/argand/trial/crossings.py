"""Where intermediates cross the ends of the float range: found from their balls, not from a list.

Along rays (one component runs over its whole range, the others stay) the exact value of every
intermediate, forward and backward, is below, inside or above the range of the dtype, and every
condition of a conditional holds or not. Where that changes between neighbours of a coarse grid,
bisection finds the place; samples lie around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import ctx

from argand.program import Program
from argand.trial.bisection import bisect
from argand.trial.branches import truth
from argand.trial.components import at_places, component_dtypes, join, places
from argand.trial.intermediates import intermediates, parts_of
from argand.trial.problem import Problem

RAY = 48  # points of the coarse grid along a ray
STEPS = 20  # halvings of the ordinal: to 2⁻¹⁴ of an octave or better
PRECISION = 128

Bounds = Sequence[tuple[float, float]] | None


def crossing_points(
    program: Program, problem: Problem, n: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """``n`` samples of each input around the crossings of ``program``, float arrays (n, *core) or
    empty where none is found.

    ``program`` takes the inputs of ``problem``, or (upstream, *inputs), with upstream one.
    """
    dtypes, domain = component_dtypes(problem.entry_dtypes), problem.entry_domain
    rays = _paths(dtypes, domain, max(2 * len(dtypes), n // 48), rng)
    found = _crossings(program, problem, dtypes, rays, max(8, n // 6))
    if not found:
        return problem.inputs([np.empty(0, d) for d in problem.entry_dtypes])
    rows = [_beside(found[k % len(found)], dtypes, domain, rng) for k in range(n)]
    parts = [np.array([row[c] for row in rows], d) for c, d in enumerate(dtypes)]
    return problem.inputs(join(parts, problem.entry_dtypes))


class _Path:
    """Component ``c`` runs from ordinal ``first`` to ``last``; the others are ``fixed``; the
    components in ``along`` have its value too, with a sign."""

    def __init__(
        self, c: int, first: int, last: int, fixed: list[float], along: dict[int, float]
    ) -> None:
        self.c, self.first, self.last, self.fixed, self.along = c, first, last, fixed, along

    def point(self, place: int, dtypes: Sequence[np.dtype]) -> list[float]:
        value = float(at_places([place], dtypes[self.c])[0])
        row = list(self.fixed)
        row[self.c] = value
        for other, sign in self.along.items():
            row[other] = sign * value
        return row


def _paths(
    dtypes: Sequence[np.dtype], domain: Bounds, count: int, rng: np.random.Generator
) -> list[_Path]:
    """Rays along each component in both signs: on the axes first, then beside them at ordinary
    values of the others, then with others of the same size."""
    rays = []
    for k in range(count):
        c, sign = (k // 2) % len(dtypes), 1 - 2 * (k % 2)
        turn = k // (2 * len(dtypes))
        if domain is None:
            tiny, top = (np.finfo(dtypes[c]).tiny, np.finfo(dtypes[c]).max)
            first, last = (p * sign for p in places(np.array([tiny, top], dtypes[c])))
            size = np.exp2(rng.uniform(-6, 4, len(dtypes))) * rng.choice([-1.0, 1.0], len(dtypes))
            fixed = [0.0 if turn == 0 else float(s) for s in size]
        else:
            ends = np.array(domain[c], dtypes[c])
            first, last = places(ends)[::sign]
            fixed = [low + rng.uniform() * (high - low) for low, high in domain]
        along = {}
        if turn % 3 == 2 and domain is None:
            along = {o: float(rng.choice([-1.0, 1.0])) for o in range(len(dtypes)) if o != c}
        rays.append(_Path(c, first, last, fixed, along))
        if len(dtypes) == 1 and k == 1:
            break
    return rays


def _crossings(
    program: Program,
    problem: Problem,
    dtypes: Sequence[np.dtype],
    rays: Sequence[_Path],
    most: int,
) -> list[tuple[_Path, int]]:
    """(ray, ordinal) of the crossings, at most ``most``, evenly chosen."""
    wanted = [*program.conditions, *program.floats]
    if not wanted:
        return []

    def states(points: list[tuple[_Path, int]]) -> list[list[Any]]:
        rows = [ray.point(place, dtypes) for ray, place in points]
        parts = [np.array([row[c] for row in rows], d) for c, d in enumerate(dtypes)]
        inputs = problem.inputs(join(parts, problem.entry_dtypes))
        for index in program.inputs[: len(program.inputs) - len(inputs)]:
            inputs.insert(0, np.ones((len(rows), *problem.core), program.dtypes[index]))
        with ctx.workprec(PRECISION):
            balls = intermediates(program, inputs, wanted)
        columns = [_states(balls[i], program.dtypes[i]) for i in wanted]
        return [list(row) for row in zip(*columns, strict=True)]

    grid = [
        (ray, ray.first + (ray.last - ray.first) * k // (RAY - 1))
        for ray in rays
        for k in range(RAY)
    ]
    seen = states(grid)
    brackets = []
    for i in range(len(grid) - 1):
        if grid[i][0] is grid[i + 1][0]:
            changed = [v for v in range(len(wanted)) if seen[i][v] != seen[i + 1][v]]
            brackets += [
                (grid[i][0], grid[i][1], grid[i + 1][1], v, seen[i][v]) for v in _first_of(
                    changed, seen[i], seen[i + 1]
                )
            ]  # fmt: skip
    if len(brackets) > most:
        brackets = [brackets[len(brackets) * k // most] for k in range(most)]

    def as_first(still: list[int], places: list[list[int]]) -> list[list[bool]]:
        now = states([(brackets[k][0], place) for k, (place,) in zip(still, places, strict=True)])
        return [[row[brackets[k][3]] == brackets[k][4]] for k, row in zip(still, now, strict=True)]

    ends = bisect([(a, b) for _, a, b, _, _ in brackets], as_first, rounds=STEPS)
    return [(path, a) for (path, *_), (a, _) in zip(brackets, ends, strict=True)]


def _first_of(changed: list[int], before: list[Any], after: list[Any]) -> list[int]:
    """One intermediate for each way of changing: others change with it, mostly at its place."""
    kinds: dict[tuple[Any, Any], list[int]] = {}
    for v in changed:
        kinds.setdefault((before[v], after[v]), []).append(v)
    return [v for group in kinds.values() for v in dict.fromkeys((group[0], group[-1]))]


def _states(balls: np.ndarray, dtype: str) -> list[tuple[int, ...]]:
    """For each sample and component: −1 below the range, 1 above, 0 inside, 2 not known; of a
    condition whether it holds."""
    if dtype == "bool":
        return [tuple(truth(t) for t in np.atleast_1d(row).flat) for row in balls]
    info = np.finfo(dtype)
    top, tiny = float(info.max), float(info.tiny)

    def state(part: Any) -> int:
        if not part.is_finite():
            return 2
        size = abs(part)
        return 1 if size > top else -1 if size < tiny else 0

    return [tuple(state(p) for b in np.atleast_1d(row).flat for p in parts_of(b)) for row in balls]


def _beside(
    crossing: tuple[_Path, int], dtypes: Sequence[np.dtype], domain: Bounds, rng: Any
) -> list[float]:
    """A point around a crossing, at a distance from a few floats to a quarter of its size; the
    other components as on the ray, or of any ordinary size."""
    ray, place = crossing
    row = ray.point(place, dtypes)
    digits = float(np.finfo(dtypes[ray.c]).nmant)
    factor = 1 + rng.choice([-1.0, 1.0]) * np.exp2(-rng.uniform(2, 14 if rng.uniform() < 0.75
                                                                else digits))  # fmt: skip
    moved = rng.uniform() < 0.5
    for c in range(len(row)):
        info = np.finfo(dtypes[c])
        if c == ray.c or c in ray.along:
            row[c] = float(np.clip(row[c], info.min / 2, info.max / 2)) * factor
        elif moved and domain is None:
            row[c] = float(np.exp2(rng.uniform(-8, 8)) * rng.choice([-1.0, 1.0]))
        elif moved and domain is not None:
            low, high = domain[c]
            row[c] = low + rng.uniform() * (high - low)
        if domain is not None:
            row[c] = min(max(row[c], domain[c][0]), domain[c][1])
    return row
