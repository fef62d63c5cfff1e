"""The worst samples of a map: of each failing verdict one, and the least accurate of the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.trial.judged import Judged
from argand.trial.search import worst_of
from argand.verdict import CODE, VERDICTS


def extremes(found: Judged, xs: np.ndarray, ys: np.ndarray) -> Iterator[tuple[str, int]]:
    """(verdict, sample) for each failing verdict that occurs, and for ``accurate``: the worst of
    its samples, at the places (xs, ys) of the plane. Where it has no measure, as NaN has none, the
    one of which both coordinates are nearest to 1."""
    for verdict in VERDICTS:
        where = np.flatnonzero(found.codes == CODE[verdict.name])
        if where.size and (verdict.failing or verdict.name == "accurate"):
            k = worst_of(verdict.name, found, where, lambda at: _octaves(xs[at]) + _octaves(ys[at]))
            yield verdict.name, k


def _octaves(x: np.ndarray) -> np.ndarray:
    """How many octaves from 1."""
    with np.errstate(divide="ignore"):
        return np.where(x == 0, 0.0, np.abs(np.log2(np.abs(x.astype(np.float64)))))
