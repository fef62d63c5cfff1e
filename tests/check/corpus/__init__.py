"""The corpus: defective and right custom gradients, and what ``argand.check`` must say of each.

A defect is one decorated function; nothing else lists it. Add it where its kind is.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from argand.targets import catalogue_names, from_catalogue
from argand.verdict import KERNELS

from . import (
    broken_contracts,
    lost_to_rounding,
    meant,
    not_meant,
    sound,
    sound_black_boxes,
    sound_rows,
    wrong_black_boxes,
    wrong_formulas,
    wrong_rows,
)
from .entry import Entry, entries

DEFECTIVE = (
    wrong_formulas,
    broken_contracts,
    lost_to_rounding,
    wrong_rows,
    not_meant,
    wrong_black_boxes,
)
SOUND = (sound, sound_rows, meant, sound_black_boxes)


def _of(modules: Iterable[ModuleType]) -> dict[str, Entry]:
    found = [entry for module in modules for entry in entries(vars(module)).items()]
    assert len(found) == len(dict(found)), "two entries have one name"
    return dict(found)


DEFECTS = _of(DEFECTIVE)

CATALOGUE = dict.fromkeys(("PyTorch", "JAX"), "the catalogue is written for TensorFlow")


def _of_catalogue() -> dict[str, Entry]:
    """Each subject's analytic variants, which are right in every mode and dtype; TensorFlow's own
    kernels may differ by length (its complex Log and division) or mode."""
    found = {}
    for subject in map(from_catalogue, catalogue_names()):
        for kind in ("custom", "stable"):
            if kind in subject.variants:
                name, variant = f"{subject.name}.{kind}", subject.variants[kind]
                found[name] = Entry(
                    name, variant, frozenset(), "", None, ("eager",), None, tolerated=KERNELS,
                    unported=CATALOGUE,
                )  # fmt: skip
    return found


RIGHT = {**_of(SOUND), **_of_catalogue()}
