"""The pieces into which studies are cut; none of this needs TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from argand.sweep.plane.study import Setting, Study, settings
from argand.targets import catalogue_names

SAMPLES = 65_536  # of one tile: what bounds its memory
PRECISIONS = ("single", "double")
FIRST = Setting()


@dataclass(frozen=True)
class Plane:
    """One plane of a study for one subject, named by its target, in the subject's single (0) or
    double (1) precision."""

    study: Study
    target: str
    precision: int
    setting: Setting = FIRST

    def __str__(self) -> str:
        words = [self.target, PRECISIONS[self.precision], *_told(self.study, self.setting)]
        return f"{self.study.name}: {', '.join(words)}"


@dataclass(frozen=True)
class Tile(Plane):
    """Rows ``start`` to ``stop`` of a plane."""

    start: int = 0
    stop: int = 0


@dataclass(frozen=True)
class Frontiers(Plane):
    """The frontiers of a plane's maps."""

    def __str__(self) -> str:
        return f"frontiers of {super().__str__()}"


@dataclass(frozen=True)
class Worst(Plane):
    """The worst cases of a plane's maps."""

    def __str__(self) -> str:
        return f"worst cases of {super().__str__()}"


@dataclass(frozen=True)
class Check:
    """All variants of one subject, checked."""

    target: str

    def __str__(self) -> str:
        return f"check: {self.target}"


Job = Tile | Frontiers | Worst | Check


def jobs(studies: Sequence[Study]) -> list[Job]:
    """Every piece of work of ``studies``, subject after subject, so that what is compiled serves
    all of them; of each the worst cases last, which start from what the tiles have found."""
    wanted = {study: study.subjects or catalogue_names() for study in studies}
    targets = list(dict.fromkeys(target for given in wanted.values() for target in given))
    found: list[Job] = []
    for target in targets:
        found.append(Check(target))
        for precision in (0, 1):
            last: list[Job] = []
            for study, given in wanted.items():
                for setting in settings(study) if target in given else ():
                    plane = (study, target, precision, setting)
                    found += tiles(Plane(*plane))
                    found.append(Frontiers(*plane))
                    last.append(Worst(*plane))
            found += last
    return found


def tiles(plane: Plane) -> list[Tile]:
    """The tiles of a plane, from its first row to its last."""
    n = plane.study.resolution
    rows = max(1, SAMPLES // n)
    place = (plane.study, plane.target, plane.precision, plane.setting)
    return [Tile(*place, k, min(k + rows, n)) for k in range(0, n, rows)]


def _told(study: Study, setting: Setting) -> list[str]:
    """Words, fit for the name of a file, for what tells the study's planes apart."""
    words = []
    if len(study.axes) > 1:
        words.append(f"axes {setting.axes}")
    if len(study.upstreams) > 1:
        words.append(f"upstream {setting.upstream}")
    if len(study.lengths) > 1:
        words.append(f"length {setting.length}")
    if len(study.devices) > 1:
        words.append(setting.device.replace(":", ""))
    return words


def place_of(kind: str, plane: Plane, subject: str, dtype: str) -> str:
    """Where in the store the ``kind`` of result (maps, frontiers, worst) of ``plane`` lies."""
    told = [word.replace(" ", "-") for word in _told(plane.study, plane.setting)]
    return f"{kind}/{plane.study.name}/{'.'.join([subject, dtype, *told])}"
