"""The sections of a subject's part of the page: one a file.

A file of this folder is a section by being here. It has

- ``TITLE``: its heading, "" where its template writes its own;
- ``PLACE``: a number; sections stand in the order of their places;
- ``TEMPLATE``: its HTML, a Jinja template; and
- ``section(of)``: the values that the template names, or None where there is nothing to show.

A template sees ``name``, the subject's, and ``index``, the subject's number on the page, which
makes an id that no other subject has. It may call the macros of ``templates/macros.html``.
``section`` is called in a process of its own, so its values must be such as pickle can carry.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from argand.report.gathered import Gathered


class Section(Protocol):
    """What a file of this folder has."""

    TITLE: str
    PLACE: float
    TEMPLATE: str

    def section(self, of: Gathered) -> Mapping[str, Any] | None:
        """The values of the template for one subject."""


@cache
def sections() -> list[Section]:
    """Every section, in the order of their places."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    found: list[Section] = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return sorted(found, key=lambda section: section.PLACE)
