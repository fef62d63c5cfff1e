"""What the author of a function says of it once, for the command line, CI and tests."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from argand.subject import TargetError

DECLARED = ("dtypes", "domain", "reference", "surrogate", "core")
_NAME = "__argand__"  # the attribute that holds what is declared
F = TypeVar("F", bound=Callable[..., Any])


def declare(
    *,
    domain: Any = None,
    dtypes: Any = None,
    surrogate: Any = None,
    reference: Any = None,
    core: Any = None,
) -> Callable[[F], F]:
    """Say of a function what ``argand.check`` would be told of it; what a call says goes before.

    The arguments are those of ``argand.check``. Returns a decorator that returns the function
    itself; above ``@tf.custom_gradient``. Raises TargetError where the function takes no attribute.
    """
    said = {
        "dtypes": dtypes,
        "domain": domain,
        "reference": reference,
        "surrogate": surrogate,
        "core": core,
    }

    def remembered(fn: F) -> F:
        try:
            setattr(fn, _NAME, {k: v for k, v in said.items() if v is not None})
        except (AttributeError, TypeError) as error:
            raise TargetError(
                f"{fn!r} takes no attribute, so nothing can be declared of it: wrap it in a def"
            ) from error
        return fn

    return remembered


def declared_of(target: Any) -> dict[str, Any]:
    """What ``declare`` said of ``target``; nothing where it did not."""
    found = getattr(target, _NAME, None)
    return dict(found) if isinstance(found, Mapping) else {}


def declared_in_project(target: str, folder: Path) -> dict[str, Any]:
    """What the table ``[tool.argand."target"]`` says in the nearest pyproject.toml at or above
    ``folder``, names of functions still as texts; nothing where there is none.

    Raises TargetError for a file that is no TOML, and for a key that is not one of DECLARED.
    """
    for place in (folder.resolve(), *folder.resolve().parents):
        path = place / "pyproject.toml"
        if path.is_file():
            break
    else:
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("argand", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TargetError(f"{path.name} cannot be read: {error}") from error
    said = table.get(target, {}) if isinstance(table, Mapping) else {}
    unknown = sorted({*said} - {*DECLARED}) if isinstance(said, Mapping) else [target]
    if unknown:
        raise TargetError(
            f'[tool.argand."{target}"] in pyproject.toml says {unknown[0]!r}, which is not one of '
            f"{', '.join(DECLARED)}"
        )
    return dict(said)
