"""argand tells whether the gradient of a TensorFlow function is right, fast and safe.

TensorFlow is imported when a name that needs it is first used, not before.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argand.check import check
    from argand.declared import declare
    from argand.exact import exact, functions
    from argand.subject import plane, real, subject
    from argand.sweep.store.results import results

__all__ = ["check", "declare", "exact", "functions", "plane", "real", "results", "subject"]

_HOMES = {
    "check": "check",
    "declare": "declared",
    "exact": "exact",
    "functions": "exact.functions",
    "plane": "subject",
    "real": "subject",
    "results": "sweep.store.results",
    "subject": "subject",
}


class _Argand(ModuleType):
    """``argand.exact`` is the function, though importing the module of the same name binds that
    name here too."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and name in _HOMES:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Argand


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'argand' has no attribute {name!r}")
    home = importlib.import_module(f"argand.{_HOMES[name]}")
    return home if name == "functions" else getattr(home, name)
