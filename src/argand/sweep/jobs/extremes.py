"""The worst samples of a map: of each failing verdict one, and the least accurate of the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.trial.judged import Judged
from argand.trial.search import CLIMBED, badness
from argand.verdict import CODE, VERDICTS


def extremes(found: Judged, xs: np.ndarray, ys: np.ndarray) -> Iterator[tuple[str, int]]:
    """(verdict, sample) for each failing verdict that occurs, and for ``accurate``: the worst by
    the measure of ``argand.trial.search``; where a verdict has none, as NaN has, the plainest
    place: components near 1."""
    for verdict in VERDICTS:
        where = np.flatnonzero(found.codes == CODE[verdict.name])
        if not where.size or not (verdict.failing or verdict.name == "accurate"):
            continue
        if verdict.name in CLIMBED or verdict.name == "accurate":
            measure = badness(verdict.name, found)[where]
        else:
            measure = -_oddity(xs[where]) - _oddity(ys[where])
        yield verdict.name, int(where[np.argmax(measure)])


def _oddity(x: np.ndarray) -> np.ndarray:
    """How many octaves from 1."""
    with np.errstate(divide="ignore"):
        return np.where(x == 0, 0.0, np.abs(np.log2(np.abs(x.astype(np.float64)))))
