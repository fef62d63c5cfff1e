"""Facts gathered from the results of one variant in one dtype, over all modes."""

from __future__ import annotations

from functools import partial

import numpy as np

from argand.check.answer.facts import Box, Facts, WorstError
from argand.check.answer.safe import box, calm
from argand.check.asked import Asked
from argand.trial.written import text
from argand.verdict import CODE, fails


def facts(asked: Asked, rng: np.random.Generator, walk: bool) -> Facts:
    """The facts of one Problem, from results that are there by now; ``walk`` also along lines."""
    modes = tuple(asked.ran())
    boxes = [box(asked, mode, rng, walk and k == 0) for k, mode in enumerate(modes)]
    shared = _least(boxes)
    near = asked.places != "elsewhere"
    usual, excused = _accuracy(asked, modes, near)
    far, more = _accuracy(asked, modes, ~near & _within(asked, shared))
    explained = np.flatnonzero(excused | more)
    return Facts(
        asked.problem.dtype, modes, len(asked.samples.upstream), asked.proved,
        _off(asked, modes), shared, usual, far, explained.size,
        _at(asked, _nearest(asked, explained)) if explained.size else "",
    )  # fmt: skip


def _within(asked: Asked, box: Box) -> np.ndarray:
    """The samples inside of the box, with an upstream of ordinary size."""
    samples = asked.samples
    inside = calm(samples.upstream)
    components = asked.problem.components(samples.inputs)
    for edge in box.edges:
        inside &= ~edge.holds(components[edge.component])
    return inside


def _least(boxes: list[Box]) -> Box:
    """The box that all modes share."""
    inside = next((b.inside for b in boxes if b.inside is not None), None)
    edges = sorted((e for b in boxes for e in b.edges), key=lambda e: e.octaves)
    nearest = {(e.component, e.outward): e for e in reversed(edges)}
    return Box(inside, tuple(sorted(nearest.values(), key=lambda e: e.octaves)))


def _off(asked: Asked, modes: tuple[str, ...]) -> dict[str, str]:
    """The modes that lose more than half of the digits at an ordinary point where another mode
    keeps them, or give the conjugate: there it is not the function that loses them."""
    found, samples = {}, asked.samples
    usual = asked.places == "ordinary"
    for mode in modes:
        for part, own in asked.judged(mode).items():
            half = 2.0 ** (np.finfo(own.exact.dtype).nmant / 2)
            others = [asked.judged(m)[part].error for m in modes if part in asked.judged(m)]
            kept = np.fmin.reduce(np.stack(others), axis=0) <= half
            mirrored = own.codes == CODE["conjugated"]
            bad = usual & fails(own.codes) & ~(own.error <= half) & (kept | mirrored)
            where = np.flatnonzero(bad)
            if where.size:
                weighed = asked.scales.of(
                    part, asked.judged(mode), samples.inputs, samples.upstream
                )
                where = where[~weighed.explained(where)]
            if where.size:
                found[mode] = _at(asked, _nearest(asked, where))
                break
    return found


def _accuracy(
    asked: Asked, modes: tuple[str, ...], among: np.ndarray
) -> tuple[WorstError, np.ndarray]:
    """The worst error at the samples ``among`` that conditioning does not explain; and where it
    explains what is lost."""
    samples = asked.samples
    worst, excused = WorstError(), np.zeros(len(among), bool)
    for mode in modes:
        for part, own in asked.judged(mode).items():
            passed = np.where(among & (own.codes == CODE["accurate"]), own.error, -np.inf)
            k = int(np.argmax(passed))
            if worst.passes and passed[k] > worst.ulp:
                worst = WorstError(float(passed[k]), _at(asked, k))
            where = np.flatnonzero(among & (own.codes == CODE["inaccurate"]))
            if not where.size:
                continue
            weighed = asked.scales.of(part, asked.judged(mode), samples.inputs, samples.upstream)
            k, explained = weighed.first_unexplained(where, partial(_largest, own.error))
            if explained:
                excused[where] = True
            elif worst.passes or own.error[k] > worst.ulp:
                worst = WorstError(float(own.error[k]), _at(asked, k), passes=False)
    return worst, excused


def _largest(error: np.ndarray, where: np.ndarray) -> int:
    return int(where[np.argmax(error[where])])


def _nearest(asked: Asked, where: np.ndarray) -> int:
    """Of the samples ``where`` the one whose components are nearest to 1."""
    octaves = np.zeros(where.size)
    for c in asked.problem.components([x[where] for x in asked.samples.inputs]):
        with np.errstate(divide="ignore"):
            size = np.abs(np.log2(np.abs(c.astype(np.float64))))
        octaves = np.maximum(octaves, np.where(c == 0, 0.0, size))
    return int(where[np.argmin(octaves)])


def _at(asked: Asked, k: int) -> str:
    """Sample ``k`` in words: x = 1.5, y = 2."""
    pairs = zip(asked.problem.names, asked.samples.inputs, strict=True)
    return ", ".join(f"{name} = {text(x[k])}" for name, x in pairs)
