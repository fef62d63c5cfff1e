"""The facts of which an answer is made: what the results of one variant in one dtype show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class EdgeOfRange:
    """Where results fail first along a ``component`` (its number, and its name), the others being
    of ordinary size: ``outward`` beyond ``size``, else below it. ``verdict`` is what they are then,
    ``reason`` which operation leaves the range, where that is known."""

    component: int
    name: str
    outward: bool
    size: float
    verdict: str
    reason: str = ""

    @property
    def octaves(self) -> float:
        """How far from 1 it is."""
        return float(abs(np.log2(self.size))) if self.size else np.inf

    def holds(self, component: np.ndarray | float) -> np.ndarray:
        """Whether this value of the component lies on the failing side."""
        size = np.abs(component)
        return np.asarray(size >= self.size if self.outward else (size > 0) & (size <= self.size))


@dataclass(frozen=True)
class Box:
    """``inside`` are the components of a sample at which results fail though all components are
    of ordinary size, or lie in the declared domain; ``edges`` are where they fail first, the
    nearest to 1 first. None of both: nothing fails at any sample that was tried."""

    inside: tuple[float, ...] | None
    edges: tuple[EdgeOfRange, ...]


@dataclass(frozen=True)
class WorstError:
    """An error in ulp, where it is seen, and whether it is within the limit."""

    ulp: float = 0.0
    at: str = ""
    passes: bool = True


@dataclass(frozen=True)
class Facts:
    """``proved`` is the number of points at which the formula is proved right; ``off`` are the
    modes that lose more than half of the digits at an ordinary point, each with it. ``box`` is
    where nothing fails. ``usual`` is the worst error at ordinary points, or in the declared domain,
    ``far`` elsewhere in the box, as far as conditioning does not explain it; at ``explained`` of
    ``samples`` it explains what is lost, the nearest to 1 of them at ``explained_at``."""

    dtype: str
    modes: tuple[str, ...]
    samples: int
    proved: int
    off: dict[str, str]
    box: Box
    usual: WorstError
    far: WorstError
    explained: int
    explained_at: str
