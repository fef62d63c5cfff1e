"""How a name becomes a function under study: of the catalogue, of a module, of a file."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from argand import watchdog
from argand.authored import file_of, has_own_gradient
from argand.subject import Subject, Target, TargetError


def catalogue_names() -> tuple[str, ...]:
    """Names of the catalogue's subjects, sorted, without importing them (or TensorFlow)."""
    folder = Path(__file__).parent / "catalogue"
    return tuple(
        sorted(m.name for m in pkgutil.iter_modules([str(folder)]) if not m.name.startswith("_"))
    )


def catalogue() -> Iterator[Subject]:
    """Every subject of the catalogue, sorted by name."""
    for name in catalogue_names():
        yield from_catalogue(name)


def from_catalogue(name: str) -> Subject:
    """The catalogue's subject ``name``. Raises TargetError for an unknown name."""
    if name not in catalogue_names():
        raise TargetError(
            f"no subject {name!r} in the catalogue; it has {', '.join(catalogue_names())}"
        )
    found: Subject = getattr(importlib.import_module(f"argand.catalogue.{name}"), name)
    return found


def resolve(target: str) -> Target:
    """The object that ``target`` names: a catalogue name, ``package.module:name``,
    ``path/file.py:name``, a dotted name, such as ``tf.math.xlogy``, or one of
    ``argand.functions`` with its parameters, such as ``erfcx`` or ``bessel_j:0``.

    Raises TargetError when nothing callable is there.
    """
    found = resolve_all(target)
    if list(found) != [target]:
        raise TargetError(f"{target} is a module: name one of {', '.join(found)}")
    return found[target]


def resolve_all(target: str) -> dict[str, Target]:
    """The objects that ``target`` names, by their own names: one, as ``resolve`` finds it, or of a
    file or module every subject and every function with a custom gradient that is written there.

    Raises TargetError when nothing callable is there.
    """
    special = importlib.import_module("argand.exact.functions").written(target)
    if special is not None:
        return {target: special}
    place, colon, attribute = target.rpartition(":")
    if not target.strip(": ") or (colon and not (place and attribute)):
        raise TargetError(
            f"{target!r} names nothing: write package.module:name or path/file.py:name"
        )
    if colon:
        module = _load_file(Path(place)) if place.endswith(".py") else _load_module(place)
        return {target: _callable(target, _attribute(place, module, attribute))}
    if target in catalogue_names():
        return {target: from_catalogue(target)}
    if target.endswith(".py"):
        return _written_in(target, _load_file(Path(target)))
    if target.isidentifier() and not _importable(target):
        raise TargetError(
            f"{target!r} is neither a subject of the catalogue ({', '.join(catalogue_names())}) "
            "nor of the form package.module:name, path/file.py:name or tf.math.xlogy"
        )
    found = _dotted(target)
    if isinstance(found, ModuleType):
        return _written_in(target, found)
    return {target: _callable(target, found)}


_SHORT = {"tf": "tensorflow"}


def _dotted(target: str) -> Any:
    """What a dotted name names: of its parts as many as can be are modules."""
    first, *rest = target.split(".")
    parts = [_SHORT.get(first, first), *rest]
    count = 1
    found = _load_module(parts[0])
    while count < len(parts) and not hasattr(found, parts[count]):
        name = ".".join(parts[: count + 1])
        if not _importable(name):
            break
        found, count = _load_module(name), count + 1
    return _attribute(".".join(parts[:count]), found, ".".join(parts[count:]))


def _importable(name: str) -> bool:
    if name in _SHORT:
        return True
    _see_working_folder()
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _attribute(place: str, found: Any, attribute: str) -> Any:
    for part in attribute.split(".") if attribute else ():
        if not hasattr(found, part):
            raise TargetError(f"{place} has no {part!r}; check the name after it")
        found, place = getattr(found, part), f"{place}.{part}"
    return found


def _callable(target: str, found: Any) -> Target:
    if not callable(found):
        raise TargetError(
            f"{target} is a {type(found).__name__}, not callable; name a function of tensors"
        )
    named: Target = found
    return named


def _written_in(place: str, module: ModuleType) -> dict[str, Target]:
    """The subjects of a module, and its functions with a custom gradient, as they are written."""
    own = {
        name: held
        for name, held in vars(module).items()
        if isinstance(held, Subject)
        or (file_of(held) == module.__file__ and has_own_gradient(held))
    }
    if not own:
        raise TargetError(
            f"{place} has no function with a custom gradient; name a function of it: {place}:name"
        )
    return {f"{place}:{name}": held for name, held in own.items()}


def _see_working_folder() -> None:
    """A console script does not by itself."""
    if "" not in sys.path:
        sys.path.insert(0, "")


def _load_module(name: str) -> ModuleType:
    _see_working_folder()
    try:
        with watchdog.call(f"importing {name}"):
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise TargetError(
            f"no module {error.name!r} to import for {name}; is it installed, or in this folder?"
        ) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever the user's file raises
        raise _import_failure(name, error) from error


def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise TargetError(f"no file {path}; check the path before the colon")
    name = path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        with watchdog.call(f"importing {path}"):
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever the user's file raises
        raise _import_failure(str(path), error) from error
    finally:
        sys.path.pop(0)
    return module


def _import_failure(place: str, error: BaseException) -> TargetError:
    text = " ".join(str(error).split()) or "no message"
    return TargetError(f"importing {place} raised {type(error).__name__}: {text}")
