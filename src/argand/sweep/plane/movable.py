"""The real components of a subject's inputs: what an axis can move, and where the rest stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from argand.subject import Input

RESTING = 0.7  # where in its window a component rests that no axis moves: a generic place
_GOLDEN = 0.6180339887498949  # the entries of a row rest apart from one another


@dataclass(frozen=True)
class Component:
    """One real component of an input.

    ``input``: the number of the input. ``entry``: which entry of it, where it is a row.
    ``imaginary``: whether it is the imaginary part. ``label``: its name on an axis.
    ``low``, ``high``: its window. ``rest``: its value where no axis moves it.
    ``whole_line``: whether the function is defined outside the window too.
    """

    input: int
    entry: int | None
    imaginary: bool
    label: str
    low: float
    high: float
    rest: float
    whole_line: bool = True

    def of(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """A view of this component in arrays (n,) or, of rows, (n, entries)."""
        array = inputs[self.input]
        part = array.imag if self.imaginary else array.real
        return part if self.entry is None else part[:, self.entry]


def components(
    inputs: Sequence[Input], fixed: Mapping[str, float] | None = None
) -> tuple[Component, ...]:
    """The real components of ``inputs``, in order; ``fixed`` gives the values of some at rest, by
    label."""
    return tuple(_components(inputs, fixed or {}))


def _components(inputs: Sequence[Input], fixed: Mapping[str, float]) -> Any:
    for i, given in enumerate(inputs):
        words = ("Re ", "Im ") if given.kind == "complex" else ("",)
        for entry in [None] if given.entries is None else range(given.entries):
            place = "" if entry is None else f"[{entry}]"
            for k, (word, (low, high)) in enumerate(zip(words, given.window, strict=True)):
                label = f"{word}{given.name}{place}"
                share = (RESTING + (entry or 0) * _GOLDEN) % 1
                rest = fixed.get(label, low + share * (high - low))
                yield Component(i, entry, k == 1, label, low, high, rest, given.whole_line)
