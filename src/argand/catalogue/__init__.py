"""The functions under study, one file each; found by file name, imported when asked for.

``from argand.catalogue import sigmoid`` gives the Subject, so that ``sigmoid.stable`` is its
stable form; TensorFlow is imported with the first of them.
"""

import sys
from types import ModuleType
from typing import Any

from argand.targets import catalogue_names, from_catalogue


class _Catalogue(ModuleType):
    """A package in which a subject's name stands for the Subject, not for the file around it."""

    def __getattr__(self, name: str) -> Any:
        if name in catalogue_names():
            return from_catalogue(name)
        raise AttributeError(f"no subject {name!r}; there are {', '.join(catalogue_names())}")

    def __setattr__(self, name: str, value: Any) -> None:
        # So the import system binds each file that it has loaded.
        if isinstance(value, ModuleType) and name in catalogue_names():
            value = getattr(value, name)
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalogue_names()})


sys.modules[__name__].__class__ = _Catalogue
