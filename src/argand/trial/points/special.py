"""Special points: where the Programs say that something happens, and the floats beside them.

Zeros, ones, the ends of the domain and, of rows, ties and zero entries are special to any function;
what else is, is found along paths (``lines``) in the values that the Programs take. See "special
point" in the design's vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from argand.exact.evaluate import refuse_unsupported
from argand.program import Program
from argand.subject import TargetError
from argand.trial.components import places
from argand.trial.place import SIZE
from argand.trial.points.lines import Gaps, Row, Special, along, in_turn
from argand.trial.points.path import Path
from argand.trial.problem import Problem

MOST, MOST_OF_ROWS = 128, 64  # points of one truth in one dtype
PATHS, PATHS_OF_ROWS = 8, 4  # at most, of one Program
LINEAR = 24  # points of a path within a domain, besides those of ``_magnitudes``

Bits = tuple[str, ...]


@dataclass(frozen=True)
class SpecialPoints:
    """Points (n, *core) of each input; the first ``exact`` are special themselves, the others
    beside such; ``left_out`` more were found, or it is known that they are there."""

    inputs: list[np.ndarray]
    exact: int
    left_out: int

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self.inputs[0]) if self.inputs else 0


NO_POINTS = SpecialPoints([], 0, 0)


def special_points(problems: Sequence[Problem], rng: np.random.Generator) -> SpecialPoints:
    """The special points of Problems of one truth, in the domain, spread over all conditions."""
    first = problems[0]
    usual, found = [*_anywhere(first, rng)], list[Special]()
    paths, known, left_out = _paths(first, rng), set[Gaps](), 0
    for program in _programs(problems):
        special, more = along(program, first, paths, known)
        found += special
        left_out += more
    found = [*usual, *found, *_between(found, first)]
    most = MOST_OF_ROWS if first.rows else MOST
    exact = _distinct(in_turn([s.exact for s in found]), first, set())
    beside = _distinct(in_turn([s.beside for s in found]), first, set(map(_bits, exact)))
    tried = min(len(exact), max(most - len(beside), most - most // 3))
    rows = exact[:tried] + beside[: most - tried]
    left_out += len(exact) + len(beside) - len(rows)
    return SpecialPoints(first.of_components(rows), tried, left_out)


def _between(found: Sequence[Special], problem: Problem) -> Iterator[Special]:
    """The middle between two neighbours, of one number: a branch may be taken there alone."""
    if len(problem.component_dtypes) == 1:
        places = sorted({row[0] for special in found for row in special.exact if np.isfinite(row)})
        yield Special([], [[a / 2 + b / 2] for a, b in pairwise(places)])


def _programs(problems: Sequence[Problem]) -> Iterator[Program]:
    """The Programs of all variants, and the truth's, that balls can follow; each once."""
    seen = set()
    for problem in problems:
        for program in (problem.forward, problem.backward, problem.truth, problem.meant.program):
            if program.fingerprint() in seen:
                continue
            seen.add(program.fingerprint())
            try:
                refuse_unsupported(program)
            except TargetError:
                continue
            yield program


def _distinct(rows: Iterator[Row], problem: Problem, known: set[Bits]) -> list[Row]:
    """Those of ``rows`` that lie in the domain and are not ``known``, each once; first those of
    components up to SIZE."""
    ends = _ends(problem)
    tiny = [float(np.finfo(dtype).tiny) for dtype in problem.component_dtypes]
    found: dict[Bits, Row] = {}
    for row in rows:
        row = [0.0 if 0 < abs(x) < least else x for x, least in zip(row, tiny, strict=True)]
        if _within(row, ends) and _bits(row) not in known:
            found.setdefault(_bits(row), row)
    return sorted(found.values(), key=lambda row: max(map(abs, row)) > SIZE)


def _ends(problem: Problem) -> list[tuple[float, ...]] | None:
    """The domain of each component as floats of its dtype; None for the whole float line."""
    pairs = zip(problem.entry_domain or (), problem.component_dtypes, strict=False)
    ends = [tuple(map(float, np.array(pair, dtype))) for pair, dtype in pairs]
    return ends or None


def _within(row: Row, ends: Sequence[tuple[float, ...]] | None) -> bool:
    return ends is None or all(low <= x <= high for x, (low, high) in zip(row, ends, strict=True))


def _bits(row: Row) -> Bits:
    return tuple(x.hex() for x in row)


# --- what is special to any function ----------------------------------------------------------


def _anywhere(problem: Problem, rng: np.random.Generator) -> Iterator[Special]:
    """Zeros of either sign and ones in each component, with the others zero or ordinary; the ends
    of the domain; of rows ties and zero entries."""
    size = len(problem.component_dtypes)
    other, signed = _ordinary(problem, rng, positive=True), _ordinary(problem, rng)
    zeros = [[0.0] * size, [-0.0] * size]
    for c in range(size) if size > 1 else ():
        zeros += [_with(row, {c: zero}) for row in (other, signed) for zero in (0.0, -0.0)]
        if not problem.rows:
            zeros += [_with([0.0] * size, {c: x}) for x in (other[c], 1.0, -1.0)]
    yield Special(zeros, [])
    yield Special([[one] * size for one in (1.0, -1.0)], [])
    ends = _ends(problem)
    if ends is not None:
        yield Special(list(_corners(ends)), [])
    if problem.rows and size > 1:
        yield Special(list(_ties(signed)), [])


def _with(row: Row, moved: dict[int, float]) -> Row:
    return [moved.get(c, x) for c, x in enumerate(row)]


def _corners(ends: Sequence[tuple[float, ...]]) -> Iterator[Row]:
    """The ends of the domain, all components at one; of few components every corner."""
    few = len(ends) <= 3
    yield from map(list, product(*ends) if few else zip(*ends, strict=True))


def _ties(other: Row) -> Iterator[Row]:
    """Rows whose entries are equal: all of them, the two largest, the two smallest; and rows with
    one or two zeros."""
    size = len(other)
    yield [other[0]] * size
    order = np.argsort(other)
    for a, b in ((order[-1], order[-2]), (order[0], order[1])):
        yield _with(other, {int(b): other[int(a)]})
    for c in range(min(size, 4)):
        yield _with(other, {c: 0.0, (c + 1) % size: 0.0})


def _ordinary(problem: Problem, rng: np.random.Generator, positive: bool = False) -> Row:
    """Components of size about one (and ``positive``), where the domain holds such, and of few
    digits: then products of them are exact."""
    dtypes = problem.component_dtypes
    row = []
    for (first, last), dtype in zip(_ends(problem) or [(-2, 2)] * len(dtypes), dtypes, strict=True):
        low, high = max(first, 0.0 if positive else -2.0), min(last, 2.0)
        low, high = (low, high) if low < high else (first, last)
        x = low + float(rng.uniform(0.1, 0.9)) * (high - low)
        step = 2.0 ** np.floor(np.log2((high - low) / 64))
        x = step * (np.floor(x / step) + 0.5)
        row.append(float(dtype.type(min(max(x, low), high))))
    return row


# --- where to look for more ---------------------------------------------------------------------


def _paths(problem: Problem, rng: np.random.Generator) -> list[tuple[Path, list[int]]]:
    """Paths along each component with the ordinals to look at: first with the others at ordinary
    values, then with them at zero, then at other values; of rows the first entries only."""
    dtypes, ends = problem.component_dtypes, _ends(problem)
    size = len(dtypes)
    paths = []
    most = PATHS_OF_ROWS if problem.rows else PATHS
    for k in range(1 if size == 1 else min(most, 3 * size)):
        c, turn = k % size, k // size
        others = [0.0] * size if turn == 1 else _ordinary(problem, rng, positive=turn == 0)
        if turn == 1 and not _within(_with(others, {c: (ends or [(0,)] * size)[c][0]}), ends):
            continue
        grid = _grid(dtypes[c], None if ends is None else ends[c], problem.rows)
        paths.append((Path(c, dtypes, grid[0], grid[-1], others), grid))
    return paths


def _grid(dtype: np.dtype, bounds: tuple[float, ...] | None, coarse: bool) -> list[int]:
    """The ordinals of the points of a path, ascending: dense where people compute, both signs."""
    values = _magnitudes(dtype, coarse)
    values = np.concatenate([-values, [0.0], values])
    if bounds is not None:
        inside = values[(values >= bounds[0]) & (values <= bounds[1])]
        linear = 2 * np.linspace(bounds[0] / 2, bounds[1] / 2, LINEAR // (1 + coarse))
        values = np.concatenate([inside, linear, bounds])
    return sorted(set(places(values.astype(dtype))))


def _magnitudes(dtype: np.dtype, coarse: bool) -> np.ndarray:
    info = np.finfo(dtype)
    far = np.array([-100, -20, 20, 100.0] if coarse else [-400, -100, -30, -14, 14, 30, 100, 400.0])
    far = far[np.abs(far) < info.maxexp]
    near = np.arange(-6, 6.5, 2.0 if coarse else 0.5)
    plain = [3.0, 6.0] if coarse else [0.1, 1.5, 3.0, 5.0, 6.0, 10.0]
    return np.concatenate([np.exp2(far), np.exp2(near), plain, [info.tiny, info.max]])
