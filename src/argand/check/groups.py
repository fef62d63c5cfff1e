"""Failing samples in groups: one for each quantity, verdict and severity, with the worst of
them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from argand.check.samples import Samples
from argand.trial.judged import Judged, Part
from argand.trial.search import Witness, worst_of
from argand.trial.weighed import Scales
from argand.verdict import CODE, SEVERITIES, VERDICTS


@dataclass(frozen=True)
class Group:
    """``count`` samples ``of`` those of one quantity have one failing verdict and severity; the
    ``witness`` is the worst of them, seen at ``place``: one that is not ``explained``, if any."""

    count: int
    of: int
    witness: Witness
    place: str
    explained: bool
    severity: str

    @property
    def key(self) -> tuple[str, int, str, str]:
        """The quantity, by which input, the verdict and the severity."""
        return (*self.witness.part, self.witness.verdict, self.severity)


def grouped(judged: dict[Part, Judged], samples: Samples, scales: Scales) -> list[Group]:
    """A group for each quantity, failing verdict and severity among ``judged``."""
    components = samples.problem.components(samples.inputs)
    groups = []
    for at, part in judged.items():
        weighed = scales.of(at, judged, samples.inputs, samples.upstream, samples.special)
        for verdict in VERDICTS:
            failing = np.flatnonzero(part.codes == CODE[verdict.name])
            if not (verdict.failing and failing.size):
                continue
            worst = partial(_worst, verdict.name, part, samples)
            worth = weighed.severities(failing)
            for severity in SEVERITIES:
                same = failing[worth == severity]
                if not same.size:
                    continue
                k, explained = weighed.first_unexplained(same, worst)
                row = [float(c[k]) for c in components]
                seen = Witness.seen(at, verdict.name, row, samples.upstream[k], part, k)
                place = str(weighed.places[k])
                groups.append(
                    Group(int(same.size), part.codes.size, seen, place, explained, severity)
                )
    return groups


def _worst(verdict: str, part: Judged, samples: Samples, where: np.ndarray) -> int:
    """The worst sample, of upstream 1 if any is."""
    plain = where[_plain(samples.upstream[where])]
    among = plain if plain.size else where
    return worst_of(verdict, part, among, lambda at: oddity(samples, at))


def oddity(samples: Samples, where: np.ndarray) -> np.ndarray:
    """How far the components of these samples are from 1, in octaves; other upstreams than 1 are
    odder than any."""
    oddity = ~_plain(samples.upstream[where]) * 1e6
    for x in samples.problem.entries(samples.inputs):
        for part in (x[where].real, x[where].imag):
            with np.errstate(divide="ignore"):
                size = np.abs(np.log2(np.abs(part.astype(np.float64))))
            oddity = oddity + np.where(part == 0, 0.0, size)
    return oddity


def _plain(upstream: np.ndarray) -> np.ndarray:
    """Samples with upstream 1; of rows, with zeros and ones."""
    rows = upstream.reshape(len(upstream), -1)
    return np.asarray(((rows == 1) | (rows == 0)).all(1) & (rows == 1).any(1))
