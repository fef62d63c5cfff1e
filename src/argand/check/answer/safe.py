"""How far out results stay usable: the box around ordinary points in which nothing fails."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from argand.check.answer.facts import Box, EdgeOfRange
from argand.check.asked import Asked
from argand.check.frontier import AT_ONCE
from argand.trial.bisection import bisect
from argand.trial.components import at_places, places
from argand.trial.inside.blame import blame
from argand.trial.judged import Judged, Part
from argand.trial.place import SIZE
from argand.trial.points.ordinary import ordinary
from argand.trial.trial import Trial
from argand.verdict import CODE, FAILING, GRAVITY, VERDICTS

# Verdicts that say that the range ends, or that nothing is right: not lost digits alone.
LOST = np.array([CODE[name] for name in FAILING - {"inaccurate", "conjugated"}])
STEPS = 24  # sizes that are tried along a line, from 1 to the end of the range
BASES = 2  # points from which lines go out


def box(asked: Asked, mode: str, rng: np.random.Generator, walk: bool) -> Box:
    """The box of a Problem in ``mode``, of its samples and, where ``walk``, of lines that go out
    from ordinary points, upstreams being of ordinary size."""
    failing = _lost(asked, mode)
    components = np.stack(asked.problem.components(asked.samples.inputs), axis=1)
    within = failing[asked.places[failing] != "elsewhere"]
    if within.size:
        return Box(tuple(map(float, components[within[0]])), ())
    declared = asked.problem.entry_domain is not None
    edges = _edges(asked, mode, rng) if walk and not declared else []
    if failing.size:
        edges = _shrunk(asked, edges, components[failing], failing, mode)
    return Box(None, tuple(sorted(edges, key=lambda e: e.octaves)))


def _lost(asked: Asked, mode: str) -> np.ndarray:
    """The samples with an upstream of ordinary size where a result fails, for no fault of the
    input's rounding."""
    samples = asked.samples
    usual = calm(samples.upstream)
    found = np.zeros(len(usual), bool)
    for part, own in asked.judged(mode).items():
        where = np.flatnonzero(usual & np.isin(own.codes, LOST))
        if where.size:
            weighed = asked.scales.of(part, asked.judged(mode), samples.inputs, samples.upstream)
            found[where[~weighed.explained(where)]] = True
    return np.flatnonzero(found)


def calm(upstream: np.ndarray) -> np.ndarray:
    """Where each entry of an upstream is of ordinary size, or 0."""
    size = np.abs(upstream.reshape(len(upstream), -1))
    return np.asarray(((size == 0) | ((size >= 1 / SIZE) & (size <= SIZE))).all(axis=1))


def _edges(asked: Asked, mode: str, rng: np.random.Generator) -> list[EdgeOfRange]:
    """The nearest edge along each component, outward and towards 0, of lines from some points."""
    problem, trial = asked.problem, asked.trial(mode)
    if problem.rows:
        return []  # what fails in a row hangs on its entries together
    inputs, _ = ordinary(problem, BASES, rng)
    bases = np.stack(problem.components(inputs), axis=1)
    bases = np.where(np.abs(bases) < 0.25, 0.5, bases)
    dtypes = problem.component_dtypes
    lines = [
        (base * np.where(np.arange(len(dtypes)) == c, sign, 1.0), c, outward)
        for base in bases
        for c in range(len(dtypes))
        for sign in (1.0, -1.0)
        for outward in (True, False)
    ]
    grids = [_sizes(dtypes[c], outward) * np.sign(base[c]) for base, c, outward in lines]
    rows = [
        _moved(base, c, g) for (base, c, _), grid in zip(lines, grids, strict=True) for g in grid
    ]
    bad = _fails(trial, asked, rows)[0].reshape(len(lines), -1)
    brackets, open_lines = [], []
    for line, grid, failed in zip(lines, grids, bad, strict=True):
        first = int(np.argmax(failed))
        if failed.any() and first > 0:
            ends = np.array([grid[first - 1], grid[first]], dtypes[line[1]])
            brackets.append((places(ends[:1])[0], places(ends[1:])[0]))
            open_lines.append(line)

    def pass_too(still: list[int], tried: list[list[int]]) -> list[np.ndarray]:
        rows = []
        for k, grid in zip(still, tried, strict=True):
            base, c, _ = open_lines[k]
            rows += [_moved(base, c, x) for x in at_places(grid, dtypes[c]).tolist()]
        ends = np.cumsum([len(grid) for grid in tried])[:-1]
        return np.split(~_fails(trial, asked, rows)[0], ends)

    nearest: dict[tuple[int, bool], EdgeOfRange] = {}
    names = spoken(asked)
    for (base, c, outward), (last, first) in zip(
        open_lines, bisect(brackets, pass_too, lambda n: AT_ONCE), strict=True
    ):
        size = abs(float(at_places([last], dtypes[c])[0]))
        known = nearest.get((c, outward))
        if known is None or (size < known.size) == outward:
            row = _moved(base, c, float(at_places([first], dtypes[c])[0]))
            verdict, reason = _why(trial, asked, row, mode)
            nearest[c, outward] = EdgeOfRange(c, names[c], outward, size, verdict, reason)
    return list(nearest.values())


def _sizes(dtype: np.dtype, outward: bool) -> np.ndarray:
    """Sizes from 1 to the end of the range, finest where people compute."""
    info = np.finfo(dtype)
    last = info.maxexp - 1 if outward else -info.minexp
    octaves = np.concatenate([np.arange(0, 12), np.geomspace(12, last, STEPS - 12)])
    return np.asarray(np.exp2(octaves if outward else -octaves))


def _moved(base: Sequence[float], c: int, there: float) -> list[float]:
    row = [float(b) for b in base]
    row[c] = float(there)
    return row


def _fails(
    trial: Trial, asked: Asked, rows: list[list[float]]
) -> tuple[np.ndarray, dict[Part, Judged], list[np.ndarray], np.ndarray]:
    """Which of the samples with these components fail, for an upstream of 1; and what is judged."""
    problem = asked.problem
    inputs = problem.of_components(rows)
    upstream = np.ones((len(rows), *problem.core), problem.output_dtype)
    found = trial.at(inputs, upstream)
    bad = np.zeros(len(rows), bool)
    for part, own in found.items():
        where = np.flatnonzero(np.isin(own.codes, LOST))
        wrong = where[own.codes[where] == CODE["wrong"]]  # the others no rounding explains
        bad[where] = True
        if wrong.size:
            weighed = asked.scales.of(part, found, inputs, upstream)
            excused = wrong[weighed.explained(wrong)]
            others = [o.codes for p, o in found.items() if p != part]
            sound = np.all([~np.isin(codes, LOST) for codes in others], axis=0) | (not others)
            bad[excused] = ~np.broadcast_to(sound, bad.shape)[excused]
    return bad, found, inputs, upstream


def _why(trial: Trial, asked: Asked, row: list[float], mode: str) -> tuple[str, str]:
    """What a result at this sample is worth, and which operation makes it so."""
    _, found, inputs, upstream = _fails(trial, asked, [row])
    for (_, by), own in found.items():
        if own.codes[0] in LOST:
            problem = asked.problem
            program = problem.forward if by < 0 else problem.backward
            given = inputs if by < 0 else [upstream, *inputs]
            who = blame(program, max(by, 0), given, mode, asked.max_ulp)
            return VERDICTS[
                own.codes[0]
            ].name, f"{who.op} ({who.source})" if who is not None else ""
    return "", ""


def _shrunk(
    asked: Asked, edges: list[EdgeOfRange], failing: np.ndarray, where: np.ndarray, mode: str
) -> list[EdgeOfRange]:
    """The edges, closer where a failing sample lies inside of them."""
    names, kept = spoken(asked), {(e.component, e.outward): e for e in edges}
    for k in np.argsort(_farthest(failing), kind="stable"):
        row = failing[k]
        if any(e.holds(row[e.component]) for e in kept.values()):
            continue
        with np.errstate(divide="ignore"):
            octaves = np.log2(np.abs(row))
        c = int(np.argmax(np.where(np.isinf(octaves), -1.0, np.abs(octaves))))
        outward, size = bool(octaves[c] > 0), abs(float(row[c]))
        verdict = _gravest(asked, mode, int(where[k]))
        kept[c, outward] = EdgeOfRange(c, names[c], outward, size, verdict)
    return list(kept.values())


def _farthest(rows: np.ndarray) -> np.ndarray:
    """How far each row's farthest component is from 1, in octaves; zeros are not far."""
    with np.errstate(divide="ignore"):
        octaves = np.abs(np.log2(np.abs(rows)))
    return np.asarray(np.where(np.isinf(octaves), 0.0, octaves).max(axis=1))


def _gravest(asked: Asked, mode: str, k: int) -> str:
    codes = {int(own.codes[k]) for own in asked.judged(mode).values()}
    return next(name for name in GRAVITY if CODE[name] in codes and CODE[name] in LOST)


def spoken(asked: Asked) -> list[str]:
    """How a sentence names the size of each component: |Re z|, |x|."""
    problem, names = asked.problem, []
    for name, dtype, core in zip(
        asked.problem.names, problem.input_dtypes, problem.cores, strict=True
    ):
        parts = ("Re ", "Im ") if dtype.startswith("complex") else ("",)
        for entry in range(int(np.prod(core))):
            names += [f"|{part}{name}{f'[{entry}]' if core else ''}|" for part in parts]
    return names
