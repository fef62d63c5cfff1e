"""Failing samples in groups: one for each quantity and verdict, with the worst of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argand.check.samples import Samples
from argand.trial.judged import Judged, Part
from argand.trial.search import Witness, worst_of
from argand.verdict import CODE, VERDICTS


@dataclass(frozen=True)
class Group:
    """``count`` samples ``of`` those of one quantity have one failing verdict; the ``witness`` is
    the worst of them."""

    count: int
    of: int
    witness: Witness

    @property
    def key(self) -> tuple[str, int, str]:
        """The quantity, by which input, and the verdict."""
        return (*self.witness.part, self.witness.verdict)


def grouped(judged: dict[Part, Judged], samples: Samples) -> list[Group]:
    """A group for each quantity and failing verdict among ``judged``."""
    components = samples.problem.components(samples.inputs)
    groups = []
    for place, part in judged.items():
        for verdict in VERDICTS:
            where = np.flatnonzero(part.codes == CODE[verdict.name])
            if verdict.failing and where.size:
                k = _worst(verdict.name, part, samples, where)
                at = [float(c[k]) for c in components]
                seen = Witness.seen(place, verdict.name, at, samples.upstream[k], part, k)
                groups.append(Group(int(where.size), part.codes.size, seen))
    return groups


def _worst(verdict: str, part: Judged, samples: Samples, where: np.ndarray) -> int:
    """The worst sample, of upstream 1 if any is."""
    plain = where[_plain(samples.upstream[where])]
    among = plain if plain.size else where
    return worst_of(verdict, part, among, lambda at: _oddity(samples, at))


def _oddity(samples: Samples, where: np.ndarray) -> np.ndarray:
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
