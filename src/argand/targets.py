"""How a name becomes a function under study: of the catalogue, of a module, of a file."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from argand import watchdog
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
    """The object that ``target`` names: a catalogue name, ``package.module:name`` or
    ``path/file.py:name``.

    Raises TargetError when nothing callable is there.
    """
    place, colon, attribute = target.rpartition(":")
    if not colon:
        if target in catalogue_names():
            return from_catalogue(target)
        raise TargetError(
            f"{target!r} is neither a subject of the catalogue ({', '.join(catalogue_names())}) "
            "nor of the form package.module:name or path/file.py:name"
        )
    module = _load_file(Path(place)) if place.endswith(".py") else _load_module(place)
    found: Any = module
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise TargetError(f"{place} has no {attribute!r}; check the name after the colon")
        found = getattr(found, part)
    if not callable(found):
        raise TargetError(
            f"{target} is a {type(found).__name__}, not callable; name a function of tensors"
        )
    named: Target = found
    return named


def _load_module(name: str) -> Any:
    if "" not in sys.path:
        sys.path.insert(0, "")  # a console script does not see the working folder by itself
    try:
        with watchdog.call(f"importing {name}"):
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise TargetError(
            f"no module {error.name!r} to import for {name}; is it installed, or in this folder?"
        ) from error
    except (Exception, SystemExit) as error:
        raise _import_failure(name, error) from error


def _load_file(path: Path) -> Any:
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
    except (Exception, SystemExit) as error:
        raise _import_failure(str(path), error) from error
    finally:
        sys.path.pop(0)
    return module


def _import_failure(place: str, error: BaseException) -> TargetError:
    text = " ".join(str(error).split()) or "no message"
    return TargetError(f"importing {place} raised {type(error).__name__}: {text}")
