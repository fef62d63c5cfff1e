"""Where all variants of a target are tried in one dtype, and what is exact there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import Exact
from argand.subject import TargetError
from argand.trial.inside.allowance import Allowance
from argand.trial.points.crossings import crossing_points
from argand.trial.points.drawn import draw_inputs, draw_upstreams
from argand.trial.problem import Problem


@dataclass(frozen=True)
class Samples:
    """Inputs (n, *core) and upstreams of one truth in one dtype, shared by all variants and
    modes; ``special`` (n,) is where they are special points: none, unless that is said."""

    problem: Problem
    inputs: list[np.ndarray]
    upstream: np.ndarray
    special: np.ndarray = field(default_factory=lambda: np.zeros(1, bool))

    def __post_init__(self) -> None:
        if len(self.special) != len(self.upstream):
            object.__setattr__(self, "special", np.zeros(len(self.upstream), bool))

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
    line or the domain."""
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
    inputs = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    return Samples(first, inputs, draw_upstreams(first.output_dtype, samples, rng, first.core))
