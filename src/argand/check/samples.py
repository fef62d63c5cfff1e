"""Where all variants of a target are tried in one dtype, and what is exact there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import Exact
from argand.subject import TargetError
from argand.trial.inside.allowance import Allowance
from argand.trial.place import SIZE
from argand.trial.points.crossings import crossing_points
from argand.trial.points.drawn import draw_inputs, draw_upstreams
from argand.trial.points.ordinary import ordinary_upstreams
from argand.trial.points.special import NO_POINTS, SpecialPoints, special_points
from argand.trial.problem import Problem

SEED = 31  # of what is drawn at special points: no other sample depends on how many there are


@dataclass(frozen=True)
class Samples:
    """Inputs (n, *core) and upstreams of one truth in one dtype, shared by all variants and
    modes; the last ones lie at ``points``: each once, then again those that are special
    themselves, with another upstream."""

    problem: Problem
    inputs: list[np.ndarray]
    upstream: np.ndarray
    points: SpecialPoints = NO_POINTS

    @cached_property
    def special(self) -> np.ndarray:
        """Which samples (n,) lie at, or beside, special points of size at most 2⁶. Those beside 0
        are not among them: there the range ends."""
        n, last = len(self.upstream), self.points.count + self.points.exact
        found = np.arange(n) >= n - last
        for x in self.problem.components(self.inputs):
            size = np.abs(x)
            found &= (size <= SIZE) & ((size == 0) | (size > np.sqrt(np.finfo(x.dtype).tiny)))
        return found

    @property
    def exactly(self) -> np.ndarray:
        """The indices of the samples that are special points themselves."""
        n, last = len(self.upstream), self.points.count + self.points.exact
        return np.arange(n - last, n)[np.r_[: self.points.exact, self.points.count : last]]

    @cached_property
    def _allowances(self) -> dict[float, Allowance]:
        return {}

    def allowance(self, max_ulp: float) -> Allowance:
        """What conditioning explains: one for each limit, kept for all variants and modes."""
        if max_ulp not in self._allowances:
            self._allowances[max_ulp] = Allowance(self.problem, max_ulp)
        return self._allowances[max_ulp]

    @cached_property
    def exact(self) -> Exact:
        """The certified reference at these samples."""
        return self.problem.exact(self.inputs, self.upstream)


def draw(problems: Sequence[Problem], samples: int, rng: np.random.Generator) -> Samples:
    """``samples`` for Problems of one truth: a third where intermediates of any variant, forward
    or backward, cross the ends of the float range, if there are any; the rest over the float
    line or the domain. Besides, the special points."""
    first = problems[0]
    parts = []
    for each in problems:
        for program in (each.backward, each.forward):
            try:
                refuse_unsupported(program)
            except TargetError:
                continue
            share = samples // (3 * len(problems))
            parts.append(crossing_points(program, each, share, rng))
            break
    rest = samples - sum(len(part[0]) for part in parts)
    parts.insert(0, draw_inputs(first.input_dtypes, first.domain, rest, rng, first.cores))
    upstream = draw_upstreams(first.output_dtype, samples, rng, first.core)
    own = np.random.default_rng(SEED)
    points = special_points(problems, own)
    again = slice(0, points.exact)  # with another upstream
    parts += [points.inputs, [x[again] for x in points.inputs]]
    inputs = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    ones = _ones(points.count, first)
    upstreams = [upstream, ones, ordinary_upstreams(first, points.exact, own)]
    return Samples(first, inputs, np.concatenate(upstreams), points)


def _ones(n: int, problem: Problem) -> np.ndarray:
    """Upstreams (n, *core) of 1; of rows one entry in turn, and the others 1/2: where all are the
    same, the gradient of a softmax is zero."""
    size = math.prod(problem.core)
    rows = np.full((n, size), 0.5 if size > 1 else 1.0)
    rows[np.arange(n), np.arange(n) % size] = 1.0
    return rows.reshape(n, *problem.core).astype(problem.output_dtype)
