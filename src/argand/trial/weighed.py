"""What failing results are worth: their place, and whether conditioning explains them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from argand.trial.inside.allowance import Allowance
from argand.trial.judged import Judged, Part
from argand.trial.place import places_of
from argand.trial.problem import Problem
from argand.verdict import CODE, VERDICTS, severity


@dataclass(frozen=True)
class Scales:
    """They weigh results of ``problem``. Of a wrong formula no error is explained, nor is one that
    is the conjugate of the right result."""

    problem: Problem
    allowance: Allowance
    formula_wrong: bool

    def of(
        self,
        part: Part,
        judged: Mapping[Part, Judged],
        inputs: Sequence[np.ndarray],
        upstream: np.ndarray,
        special: np.ndarray | bool = False,
    ) -> Weighed:
        """The results ``judged`` of one ``part`` at samples (n, *core)."""
        results = [other.exact for other in judged.values()]
        places = places_of(self.problem, inputs, upstream, results, special)
        return Weighed(self, part, judged[part], list(inputs), upstream, places)


@dataclass(frozen=True)
class Weighed:
    """One part of the results at samples ``inputs`` and ``upstream``, with the ``places`` (n,) of
    these. ``where`` are indices of failing ones."""

    scales: Scales
    part: Part
    judged: Judged
    inputs: list[np.ndarray]
    upstream: np.ndarray
    places: np.ndarray

    def explained(self, where: np.ndarray) -> np.ndarray:
        """Whether conditioning explains the error, for each of ``where``: that takes balls."""
        own = self.judged
        if self.scales.formula_wrong and self.part[0] == "gradient":
            return np.zeros(where.size, bool)
        found = self.scales.allowance.explains(
            self.part[1], own.computed[where], own.exact[where], [x[where] for x in self.inputs],
            self.upstream[where], own.entry[where],
        )  # fmt: skip
        return np.asarray(found & (own.codes[where] != CODE["conjugated"]))

    def severities(self, where: np.ndarray) -> np.ndarray:
        """The severity of each of ``where``: explained or not is asked only where that counts."""
        worth, otherwise = (
            np.array([self._severity(int(k), e) for k in where], "<U6") for e in (False, True)
        )
        counts = np.flatnonzero(worth != otherwise)
        explained = np.zeros(where.size, bool)
        explained[counts] = self.explained(where[counts])
        return np.where(explained, otherwise, worth)

    def first_unexplained(
        self, where: np.ndarray, worst: Callable[[np.ndarray], int], tries: int = 16
    ) -> tuple[int, bool]:
        """The ``worst`` of those of ``where`` that are not explained, as far as some ``tries``
        tell, and False; the worst of all of them, and True, where all are explained."""
        left = where
        while left.size:
            k = worst(left)
            tried = np.array([k]) if tries else left
            explained = self.explained(tried)
            if not explained.all():
                return (k if tries else worst(left[~explained])), False
            left = left[~np.isin(left, tried)]
            tries -= 1
        return worst(where), True

    def _severity(self, k: int, explained: bool) -> str:
        return severity(VERDICTS[self.judged.codes[k]].name, str(self.places[k]), explained)
