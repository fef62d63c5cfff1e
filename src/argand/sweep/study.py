"""Studies: what is swept, and how the files that name it are found."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from argand.subject import DTYPES, MODES, TargetError, catalogue_names

Scale = Literal["float line", "window", "frontier"]
RESOLUTIONS = range(2, 20_001)


@dataclass(frozen=True)
class Study:
    """What is swept: ``resolution`` points along each of two axes, for each subject (a
    catalogue name, or where to find one's own), variant, mode and dtype; () means all.

    ``scale``: the whole ``float line`` in both signs, evenly spaced by ordinal; the linear
    ``window`` of the subject; or linear out to the ``frontier`` where the exact value leaves the
    range. ``upstream`` holds where it is not itself an axis (as it is for one real input).
    Raises TargetError for a wrong field.
    """

    scale: Scale
    resolution: int = 255
    subjects: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    modes: tuple[str, ...] = MODES
    dtypes: tuple[str, ...] = ()
    upstream: complex = 1
    device: str = "CPU:0"
    name: str = ""

    def __post_init__(self) -> None:
        _require("scale", (self.scale,), get_args(Scale))
        catalogued = [name for name in self.subjects if ":" not in name]
        _require("subjects", catalogued, catalogue_names())
        _require("modes", self.modes, MODES)
        _require("dtypes", self.dtypes, DTYPES.values())
        if self.resolution not in RESOLUTIONS:
            raise TargetError(
                f"resolution {self.resolution} of a study is not between {RESOLUTIONS[0]} and "
                f"{RESOLUTIONS[-1]} points along an axis"
            )
        if not self.modes:
            raise TargetError(f"modes of a study is empty; give some of {', '.join(MODES)}")


def _require(field: str, given: Sequence[str], known: object) -> None:
    names = list(known)  # type: ignore[call-overload]
    for name in given:
        if name not in names:
            raise TargetError(f"{field} of a study has {name!r}, which is not one of {names}")


def find_studies(folder: Path, names: Sequence[str] = ()) -> list[Study]:
    """The Study objects in the Python files of ``folder``, by file name, each named by its
    variable; only ``names`` where some are given.

    Raises TargetError for a folder or name that is not there, and for a wrong study.
    """
    if not folder.is_dir():
        raise TargetError(
            f"no folder {folder} with studies here; run in a project that has one, or make it"
        )
    found: dict[str, Study] = {}
    for path in sorted(folder.glob("[!_]*.py")):
        for name, study in _studies_in(path).items():
            if name in found:
                raise TargetError(f"{path} declares the study {name!r} a second time; rename it")
            found[name] = study
    for name in names:
        if name not in found:
            raise TargetError(f"no study {name!r} in {folder}; it has {', '.join(found) or 'none'}")
    return [found[name] for name in names or found]


def _studies_in(path: Path) -> dict[str, Study]:
    spec = importlib.util.spec_from_file_location(f"argand_study_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        words = " ".join(str(error).split()) or "no message"
        raise TargetError(f"{path}: {type(error).__name__}: {words}") from error
    return {
        name: replace(value, name=name)
        for name, value in vars(module).items()
        if isinstance(value, Study)
    }
