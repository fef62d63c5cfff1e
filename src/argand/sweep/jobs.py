"""The pieces into which studies are cut; none of this needs TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from argand.subject import catalogue_names
from argand.sweep.study import Study

SAMPLES = 65_536  # of one tile: what bounds its memory
PRECISIONS = ("single", "double")


@dataclass(frozen=True)
class Tile:
    """Rows ``start`` to ``stop`` of a study's grid for one subject, named by its target, in the
    subject's single (0) or double (1) precision."""

    study: Study
    target: str
    precision: int
    start: int
    stop: int

    def __str__(self) -> str:
        return f"{self.study.name}: {self.target}, {PRECISIONS[self.precision]}"


@dataclass(frozen=True)
class Frontiers:
    """The frontiers of a study's maps of one subject in single (0) or double (1) precision."""

    study: Study
    target: str
    precision: int

    def __str__(self) -> str:
        return f"frontiers of {self.study.name}: {self.target}, {PRECISIONS[self.precision]}"


@dataclass(frozen=True)
class Check:
    """All variants of one subject, checked."""

    target: str

    def __str__(self) -> str:
        return f"check: {self.target}"


Job = Tile | Frontiers | Check


def jobs(studies: Sequence[Study]) -> list[Job]:
    """Every piece of work of ``studies``, subject after subject."""
    wanted = {study: study.subjects or catalogue_names() for study in studies}
    targets = list(dict.fromkeys(target for given in wanted.values() for target in given))
    found: list[Job] = []
    for target in targets:
        found.append(Check(target))
        for precision in (0, 1):
            for study, given in wanted.items():
                if target in given:
                    found += _tiles(study, target, precision)
                    found.append(Frontiers(study, target, precision))
    return found


def _tiles(study: Study, target: str, precision: int) -> list[Tile]:
    n, rows = study.resolution, max(1, SAMPLES // study.resolution)
    return [Tile(study, target, precision, k, min(k + rows, n)) for k in range(0, n, rows)]
