"""Studies: what is swept, and how the files that name it are found."""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """One axis.

    ``component``: the real component of the inputs that moves, by its number from 0 or its label
    (``Re z``, ``x``, of a row ``Re z[0]``); or ``|u|``, the size of the upstream.
    ``scale``: instead of the study's.
    ``window``: (low, high), between which the axis is linear; instead of a scale.
    """

    component: int | str
    scale: Scale | None = None
    window: tuple[float, float] | None = None


@dataclass(frozen=True)
class Study:
    """What is swept: a plane of ``resolution`` × ``resolution`` points for each subject, variant,
    mode and dtype. An empty tuple means all of them.

    ``scale``: ``float line``, all floats of both signs, evenly spaced by ordinal; ``window``,
    linear over the subject's window; ``frontier``, linear out to where the exact value leaves the
    range of floats.
    ``subjects``: names of the catalogue, or ``path/file.py:name`` and ``package.module:name``.
    ``axes``: pairs of axes, each of which gives a plane; () means the first two components, or
    the only real one and ``|u|``.
    ``fixed``: where components rest that no axis moves, by label.
    ``upstreams``: numbers, ``random``, ``tiny`` or ``huge``, each of which gives a plane. Where
    ``|u|`` is an axis they are directions.
    ``lengths``: how many entries TensorFlow gets at once, 0 for as many as there are; each gives a
    plane.
    ``devices``: each gives a plane.
    ``rays``: directions (dx, dy) or lines (dx, dy, x, y) along which frontiers are sought, beside
    the axes and diagonals.
    ``seed``: of the random upstream and of the search for worst cases.
    ``by_name``: whether the study is swept only when it is asked for by its name.

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
        for field, rule in _RULES.items():
            object.__setattr__(self, field, rule(field, getattr(self, field)))
        _refuse_two_sizes(self.axes, self.upstreams)


@dataclass(frozen=True)
class Setting:
    """One of a study's planes: the number of its pair of axes, and one each of the rest."""

    axes: int = 0
    upstream: str = "1"
    length: int = 0
    device: str = "CPU:0"


def settings(study: Study) -> list[Setting]:
    """The setting of every plane of ``study``. Those of one upstream follow one another: their
    exact results are much the same."""
    return [
        Setting(axes, str(upstream), length, device)
        for axes in range(len(study.axes) or 1)
        for upstream in study.upstreams
        for length in study.lengths
        for device in study.devices
    ]


# A rule takes the name of a field and what it was given, and returns what is kept; it raises
# TargetError.
_Rule = Callable[[str, Any], Any]


def _wrong(field: str, value: object, reason: str) -> TargetError:
    return TargetError(f"{field} of a study has {value!r}, {reason}")


def _require(field: str, given: Sequence[object], known: Iterable[object]) -> None:
    names = list(known)
    for name in given:
        if name not in names:
            raise _wrong(field, name, f"which is not one of {names}")


def _tuple_of(rule: _Rule, *, some: bool = False, once: bool = False) -> _Rule:
    """The rule for a tuple whose members follow ``rule``: ``some`` of them, and each ``once``."""

    def tuple_of(field: str, given: Any) -> tuple[Any, ...]:
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise _wrong(field, given, "which is no tuple; write (…,)")
        kept = tuple(rule(field, each) for each in given)
        if some and not kept:
            raise TargetError(f"{field} of a study is empty; give one or more")
        for k, each in enumerate(kept):
            if once and each in kept[:k]:
                raise _wrong(field, each, "twice; remove one")
        return kept

    return tuple_of


def _holds(test: Callable[[Any], bool], reason: str) -> _Rule:
    """The rule that ``test`` is true of what is given; ``reason`` says what is wrong where not."""

    def holds(field: str, given: Any) -> Any:
        if not test(given):
            raise _wrong(field, given, reason)
        return given

    return holds


def _one_of(known: Iterable[object]) -> _Rule:
    names = list(known)
    return _holds(lambda name: name in names, f"which is not one of {names}")


def _subject(field: str, given: Any) -> Any:
    if ":" not in str(given):
        _require(field, [given], catalogue_names())
    return given


def _resolution(field: str, given: Any) -> int:
    if type(given) is not int or given not in RESOLUTIONS:
        raise TargetError(
            f"{field} {given} of a study is not between {RESOLUTIONS[0]} and {RESOLUTIONS[-1]} "
            "points along an axis"
        )
    return given


def _finite(x: object) -> bool:
    return isinstance(x, (int, float)) and math.isfinite(x)


def _is_ray(given: Any) -> bool:
    numbers = isinstance(given, tuple) and all(map(_finite, given))
    return numbers and len(given) in (2, 4) and any(given[:2])


def _pair(field: str, pair: Any) -> tuple[Along, Along]:
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise _wrong(field, pair, "which is no pair of axes: (0, 2), ('Re z', '|u|')")
    x, y = (_along(field, each) for each in pair)
    if x.component == y.component:
        raise _wrong(field, pair, "the same component twice")
    if x.component == SIZE:
        raise _wrong(field, pair, f"but {SIZE} is the second axis: ({y.component!r}, {SIZE!r})")
    return x, y


def _along(field: str, given: Any) -> Along:
    along = given if isinstance(given, Along) else Along(given)
    component = along.component
    if type(component) not in (int, str) or (type(component) is int and component < 0):
        raise _wrong(field, component, f"which is no number, label or {SIZE}")
    if along.scale is not None:
        _require(field, [along.scale], get_args(Scale))
    if along.window is not None:
        _refuse_window(field, along, along.window)
    return along


def _refuse_window(field: str, along: Along, window: tuple[float, float]) -> None:
    if along.scale is not None:
        raise _wrong(field, along, "a scale and a window; give one of them")
    if len(window) != 2 or not all(map(_finite, window)):
        raise _wrong(field, window, "which is no window (low, high)")
    if not window[0] < window[1]:
        raise _wrong(field, window, "which is empty: low must be below high")
    if along.component == SIZE and window[0] < 0:
        raise _wrong(field, window, f"but {SIZE} is a size, not below 0")


def _fixed(field: str, given: Any) -> tuple[tuple[str, float], ...]:
    pairs = list(given.items() if isinstance(given, Mapping) else given)
    for pair in pairs:
        if len(pair) != 2 or not isinstance(pair[0], str) or not _finite(pair[1]):
            raise _wrong(field, pair, "which is no label with a finite number: {'Im z': 0.5}")
    return tuple((label, float(value)) for label, value in pairs)


def _refuse_two_sizes(axes: Iterable[tuple[Any, Any]], upstreams: Iterable[complex | str]) -> None:
    """An upstream with a size of its own is no direction for an axis that moves the size."""
    sized = [u for u in upstreams if u in (TINY, HUGE)]
    if sized and any(along.component == SIZE for pair in axes for along in pair):
        raise _wrong("upstreams", sized[0], f"but its size is an axis, {SIZE}; give directions")


_LENGTH = _holds(
    lambda n: type(n) is int and (n == 0 or n in LENGTHS),
    f"not 0 nor between 1 and {LENGTHS[-1]} entries",
)
_DEVICE = _holds(
    lambda name: re.fullmatch(r"[CGT]PU:\d+", str(name)) is not None,
    "which is not of the form CPU:0",
)
_RULES: dict[str, _Rule] = {
    "scale": _one_of(get_args(Scale)),
    "resolution": _resolution,
    "subjects": _tuple_of(_subject),
    "variants": _tuple_of(lambda field, given: given),
    "modes": _tuple_of(_one_of(MODES), some=True),
    "dtypes": _tuple_of(_one_of(DTYPES.values())),
    "axes": _tuple_of(_pair, once=True),
    "fixed": _fixed,
    "upstreams": _tuple_of(lambda field, given: named(given), some=True, once=True),
    "lengths": _tuple_of(_LENGTH, some=True, once=True),
    "devices": _tuple_of(_DEVICE, some=True, once=True),
    "rays": _tuple_of(
        _holds(_is_ray, "not (dx, dy) nor (dx, dy, x, y), with dx or dy not 0"), once=True
    ),
    "seed": _holds(lambda n: type(n) is int and n >= 0, "which is not a whole number from 0 on"),
}


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
