"""Studies: what is swept, and how the files that name it are found."""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from argand.subject import DTYPES, MODES, TargetError
from argand.sweep.plane.upstream import HUGE, SIZE, TINY, named
from argand.targets import catalogue_names

Scale = Literal["float line", "window", "frontier"]
RESOLUTIONS = range(2, 20_001)
LENGTHS = range(1, 65_537)


@dataclass(frozen=True)
class Along:
    """One axis: the real component of the inputs that moves, by its number (0 is the first) or
    its label (``Re z``, ``x``; of a row ``Re z[0]``), or ``|u|``, the upstream's size; over
    ``scale`` instead of the study's, or linearly between the two numbers of ``window``."""

    component: int | str
    scale: Scale | None = None
    window: tuple[float, float] | None = None


@dataclass(frozen=True)
class Study:
    """What is swept: ``resolution`` points along each of two axes, for each subject (a
    catalogue name, or where to find one's own), variant, mode and dtype; () means all.

    ``scale``: the whole ``float line`` in both signs, evenly spaced by ordinal; the linear
    ``window`` of the subject; or linear out to the ``frontier`` where the exact value leaves the
    range. Every pair of ``axes`` gives planes of its own, () means the first two components (of
    one real input: it, and ``|u|``); ``fixed`` says where other components rest. So do each of
    ``upstreams`` (numbers, ``random``, ``tiny``, ``huge``; their direction on an axis ``|u|``),
    of ``lengths``, the entries handed to TensorFlow at once (0: as many as there are), and of
    ``devices``. ``rays``: directions (dx, dy), or lines (dx, dy, x, y), along which frontiers are
    sought beside the axes and diagonals. ``by_name``: only swept when asked for by its name.
    Raises TargetError for a wrong field.
    """

    scale: Scale
    resolution: int = 255
    subjects: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    modes: tuple[str, ...] = MODES
    dtypes: tuple[str, ...] = ()
    axes: tuple[tuple[Along | int | str, Along | int | str], ...] = ()
    fixed: Mapping[str, float] | tuple[tuple[str, float], ...] = ()
    upstreams: tuple[complex | str, ...] = (1,)
    lengths: tuple[int, ...] = (0,)
    devices: tuple[str, ...] = ("CPU:0",)
    rays: tuple[tuple[float, ...], ...] = ()
    seed: int = 0
    by_name: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        for field in ("subjects", "variants", "modes", "dtypes", "axes", "upstreams", "lengths",
                      "devices", "rays"):  # fmt: skip
            given = getattr(self, field)
            if isinstance(given, str) or not isinstance(given, Iterable):
                raise _wrong(field, given, "which is no tuple; write (…,)")
            self._set(field, tuple(given))
        for field in ("modes", "upstreams", "lengths", "devices"):
            if not getattr(self, field):
                raise TargetError(f"{field} of a study is empty; give one or more")
        _require("scale", (self.scale,), get_args(Scale))
        catalogued = [name for name in self.subjects if ":" not in str(name)]
        _require("subjects", catalogued, catalogue_names())
        _require("modes", self.modes, MODES)
        _require("dtypes", self.dtypes, DTYPES.values())
        if type(self.resolution) is not int or self.resolution not in RESOLUTIONS:
            raise TargetError(
                f"resolution {self.resolution} of a study is not between {RESOLUTIONS[0]} and "
                f"{RESOLUTIONS[-1]} points along an axis"
            )
        pairs = tuple(_pair(pair) for pair in self.axes)
        self._set("axes", pairs)
        self._set("fixed", tuple(_fixed(self.fixed)))
        self._set("upstreams", tuple(named(u) for u in self.upstreams))
        sized = [u for u in self.upstreams if u in (TINY, HUGE)]
        if sized and any(along.component == SIZE for pair in pairs for along in pair):
            raise _wrong("upstreams", sized[0], f"but its size is an axis, {SIZE}; give directions")
        for length in self.lengths:
            if type(length) is not int or (length and length not in LENGTHS):
                raise _wrong("lengths", length, f"not 0 nor between 1 and {LENGTHS[-1]} entries")
        for device in self.devices:
            if not re.fullmatch(r"[CGT]PU:\d+", str(device)):
                raise _wrong("devices", device, "which is not of the form CPU:0")
        for ray in self.rays:
            numbers = isinstance(ray, tuple) and all(_finite(x) for x in ray)
            if not numbers or len(ray) not in (2, 4) or not any(ray[:2]):
                raise _wrong("rays", ray, "not (dx, dy) nor (dx, dy, x, y), with dx or dy not 0")
        if type(self.seed) is not int or self.seed < 0:
            raise _wrong("seed", self.seed, "which is not a whole number from 0 on")
        for field in ("axes", "upstreams", "lengths", "devices", "rays"):
            given = getattr(self, field)
            for k, each in enumerate(given):
                if each in given[:k]:
                    raise _wrong(field, each, "twice; remove one")

    def _set(self, field: str, value: object) -> None:
        object.__setattr__(self, field, value)


@dataclass(frozen=True)
class Setting:
    """One of a study's planes: the number of its pair of axes, and one each of the rest."""

    axes: int = 0
    upstream: str = "1"
    length: int = 0
    device: str = "CPU:0"


def settings(study: Study) -> list[Setting]:
    """Every plane of ``study``; all tiles of one upstream before the next, since what is exact
    is much the same for them."""
    return [
        Setting(axes, str(upstream), length, device)
        for axes in range(len(study.axes) or 1)
        for upstream in study.upstreams
        for length in study.lengths
        for device in study.devices
    ]


def _wrong(field: str, value: object, reason: str) -> TargetError:
    return TargetError(f"{field} of a study has {value!r}, {reason}")


def _require(field: str, given: Sequence[str], known: Iterable[str]) -> None:
    names = list(known)
    for name in given:
        if name not in names:
            raise _wrong(field, name, f"which is not one of {names}")


def _finite(x: object) -> bool:
    return isinstance(x, (int, float)) and math.isfinite(x)


def _pair(pair: Any) -> tuple[Along, Along]:
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise _wrong("axes", pair, "which is no pair of axes: (0, 2), ('Re z', '|u|')")
    x, y = (each if isinstance(each, Along) else Along(each) for each in pair)
    for along in (x, y):
        component = along.component
        if type(component) not in (int, str) or (type(component) is int and component < 0):
            raise _wrong("axes", component, f"which is no number, label or {SIZE}")
        if along.scale is not None:
            _require("axes", (along.scale,), get_args(Scale))
        if along.window is not None:
            if along.scale is not None:
                raise _wrong("axes", along, "a scale and a window; give one of them")
            if len(along.window) != 2 or not all(map(_finite, along.window)):
                raise _wrong("axes", along.window, "which is no window (low, high)")
            if not along.window[0] < along.window[1]:
                raise _wrong("axes", along.window, "which is empty: low must be below high")
            if component == SIZE and along.window[0] < 0:
                raise _wrong("axes", along.window, f"but {SIZE} is a size, not below 0")
    if x.component == y.component:
        raise _wrong("axes", pair, "the same component twice")
    if x.component == SIZE:
        raise _wrong("axes", pair, f"but {SIZE} is the second axis: ({y.component!r}, {SIZE!r})")
    return x, y


def _fixed(given: Any) -> Iterable[tuple[str, float]]:
    pairs = list(given.items() if isinstance(given, Mapping) else given)
    for pair in pairs:
        if len(pair) != 2 or not isinstance(pair[0], str) or not _finite(pair[1]):
            raise _wrong("fixed", pair, "which is no label with a finite number: {'Im z': 0.5}")
        yield pair[0], float(pair[1])


def find_studies(folder: Path, names: Sequence[str] = ()) -> list[Study]:
    """The Study objects in the Python files of ``folder``, by file name, each named by its
    variable; only ``names`` where some are given, else without those that are ``by_name``.

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
    if not names:
        return [study for study in found.values() if not study.by_name]
    return [found[name] for name in dict.fromkeys(names)]


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
