"""What a probe is asked: a Problem, in which modes, where it is tried, and what is known by now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from argand.check.report import Report
from argand.check.samples import Samples
from argand.exact.evaluate import unsupported
from argand.frontend.runner import Result, RunError
from argand.trial.finding import AT_SPECIAL_POINTS, Finding
from argand.trial.judged import Judged, Part, judged
from argand.trial.place import places_of
from argand.trial.problem import Problem
from argand.trial.trial import Trial
from argand.trial.weighed import Scales
from argand.verdict import FORMULAS


@dataclass
class Asked:
    """One Problem under check.

    ``samples`` are where every variant and mode is tried; ``max_ulp`` is the limit of the error,
    ``rounds`` how long a search climbs, ``all_searched`` whether for limits too. ``found`` are the
    findings of graver probes; ``report`` takes the counts and notes. ``proved`` is the number of
    points at which the formula is proved right.
    """

    problem: Problem
    modes: tuple[str, ...]
    samples: Samples
    max_ulp: float
    rounds: int
    all_searched: bool
    report: Report
    found: list[Finding] = field(default_factory=list)
    proved: int = 0
    _results: dict[str, Result | RunError] = field(default_factory=dict)
    _judged: dict[str, dict[Part, Judged]] = field(default_factory=dict)

    def has(self, kind: str, mode: str | None = None) -> bool:
        """Whether a graver probe has found ``kind``, in ``mode`` or in any."""
        return any(f.kind == kind and mode in (None, f.mode) for f in self.found)

    def trial(self, mode: str) -> Trial:
        """The Problem in ``mode``, in batches as long as the samples."""
        length = len(self.samples.upstream)
        return Trial(self.problem, mode, length, self.max_ulp, self.problem.backward)

    def result(self, mode: str) -> Result:
        """Value and gradients at the samples in ``mode``. Raises RunError where it raises."""
        if mode not in self._results:
            try:
                made: Result | RunError
                made = self.trial(mode).result(self.samples.inputs, self.samples.upstream)
            except RunError as error:
                made = error
            self._results[mode] = made
        kept = self._results[mode]
        if isinstance(kept, RunError):
            raise kept
        return kept

    def judged(self, mode: str) -> dict[Part, Judged]:
        """What each part of that result is worth."""
        if mode not in self._judged:
            exact = self.samples.exact
            self._judged[mode] = judged(self.problem, self.result(mode), exact, self.max_ulp)
        return self._judged[mode]

    def ran(self) -> Iterator[str]:
        """The modes in which the function runs at the samples."""
        for mode in self.modes:
            try:
                self.result(mode)
            except RunError:
                continue  # the probe ``error`` tells
            yield mode

    @cached_property
    def scales(self) -> Scales:
        """What weighs failing results: asked for when it is known whether the formula is wrong."""
        allowance = self.samples.allowance(self.max_ulp)
        wrong = any(f.kind in FORMULAS and f.about != AT_SPECIAL_POINTS for f in self.found)
        return Scales(self.problem, allowance, wrong)

    @cached_property
    def places(self) -> np.ndarray:
        """Where each sample is seen: one of ``verdict.PLACES``."""
        samples = self.samples
        results = [samples.exact.value, *samples.exact.gradients]
        return places_of(self.problem, samples.inputs, samples.upstream, results, samples.special)

    @cached_property
    def opaque(self) -> str:
        """Why balls cannot follow the backward Program; empty where they can."""
        return unsupported(self.problem.backward)

    @cached_property
    def black_box(self) -> str:
        """Why balls cannot follow the forward or the backward Program; empty where they can."""
        return self.opaque or unsupported(self.problem.forward)

    def note(self, words: str) -> None:
        """Note something about the variant in its dtype."""
        self.report.notes.append(f"{self.problem.variant}, {self.problem.dtype}: {words}")

    def unproved(self, why: str) -> None:
        """Note that the formula of the gradient is neither proved nor refuted."""
        self.note(f"the formula is not proved: {why}")
        self.report.unproved.add(self.problem.variant)
