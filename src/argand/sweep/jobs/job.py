"""The jobs into which studies are cut, and what becomes of one; none of this needs TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from argand.sweep.study import Setting, Study, settings
from argand.targets import catalogue_names

SAMPLES = 65_536  # of one tile: what bounds its memory
PRECISIONS = ("single", "double")
FIRST = Setting()


@dataclass(frozen=True)
class Outcome:
    """What became of a job: its result's ``name`` in the store (empty where the study does not
    suit the subject, for ``reason``), and whether it was ``made`` or ``kept``."""

    name: str
    state: str
    reason: str = ""


@dataclass(frozen=True)
class PlaneJob:
    """A job for one plane of a study, of one subject, named by its target, in the subject's
    single (0) or double (1) precision."""

    study: Study
    target: str
    precision: int
    setting: Setting = FIRST
    carried_out_by: ClassVar = ("", "")
    folder: ClassVar[str] = ""  # of its results in the store

    def place(self, subject: str, dtype: str) -> str:
        """The name in the store of the job's result for the subject of that name, in ``dtype``."""
        told = [word.replace(" ", "-") for word in _told(self.study, self.setting)]
        return f"{self.folder}/{self.study.name}/{'.'.join([subject, dtype, *told])}"

    def __str__(self) -> str:
        words = [self.target, PRECISIONS[self.precision], *_told(self.study, self.setting)]
        return f"{self.study.name}: {', '.join(words)}"


@dataclass(frozen=True)
class Tile(PlaneJob):
    """Rows ``start`` to ``stop`` of a plane."""

    carried_out_by: ClassVar = ("argand.sweep.jobs.tile", "sweep_tile")
    folder: ClassVar[str] = "maps"
    start: int = 0
    stop: int = 0

    def place(self, subject: str, dtype: str) -> str:
        """As that of its plane, and the first row."""
        return f"{super().place(subject, dtype)}.{self.start:05d}"


@dataclass(frozen=True)
class Frontiers(PlaneJob):
    """The frontiers of a plane's maps."""

    carried_out_by: ClassVar = ("argand.sweep.jobs.frontiers", "find_frontiers")
    folder: ClassVar[str] = "frontiers"

    def __str__(self) -> str:
        return f"frontiers of {super().__str__()}"


@dataclass(frozen=True)
class Worst(PlaneJob):
    """The worst cases of a plane's maps."""

    carried_out_by: ClassVar = ("argand.sweep.jobs.worst_cases", "find_worst")
    folder: ClassVar[str] = "worst"

    def __str__(self) -> str:
        return f"worst cases of {super().__str__()}"


@dataclass(frozen=True)
class Check:
    """All variants of one subject, checked."""

    carried_out_by: ClassVar = ("argand.sweep.jobs.proof", "check_subject")
    target: str

    def __str__(self) -> str:
        return f"check: {self.target}"


# ``carried_out_by`` names a module and its function of (job, store) that returns an Outcome. The
# module starts TensorFlow, so it is imported by workers only; all the source that it reaches by
# its imports is in the key of the job's result.
Job = Tile | Frontiers | Worst | Check
MODULES = tuple(kind.carried_out_by[0] for kind in (Tile, Frontiers, Worst, Check))


def jobs(studies: Sequence[Study]) -> list[Job]:
    """Every job of ``studies``. All jobs of one subject follow one another, so that what is
    compiled serves all of them; its worst cases come last, since they start from what the tiles
    have found."""
    wanted = {study: study.subjects or catalogue_names() for study in studies}
    targets = list(dict.fromkeys(target for given in wanted.values() for target in given))
    found: list[Job] = []
    for target in targets:
        found.append(Check(target))
        for precision in (0, 1):
            last: list[Job] = []
            for study, given in wanted.items():
                for setting in settings(study) if target in given else ():
                    place = (study, target, precision, setting)
                    found += tiles(PlaneJob(*place))
                    found.append(Frontiers(*place))
                    last.append(Worst(*place))
            found += last
    return found


def tiles(job: PlaneJob) -> list[Tile]:
    """The tiles of the job's plane, from its first row to its last."""
    n = job.study.resolution
    rows = max(1, SAMPLES // n)
    place = (job.study, job.target, job.precision, job.setting)
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
