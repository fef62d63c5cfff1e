"""A path: one real component of a sample runs, the others stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from argand.trial.components import at_places


@dataclass(frozen=True, eq=False)
class Path:
    """Component ``c`` runs from ordinal ``first`` to ``last``; the others are ``fixed``; the
    components in ``along`` have its value too, with a sign."""

    c: int
    dtypes: Sequence[np.dtype]
    first: int
    last: int
    fixed: list[float]
    along: dict[int, float] = field(default_factory=dict)

    def point(self, place: int) -> list[float]:
        """The components where ``c`` is at the ordinal ``place``."""
        value = float(at_places([place], self.dtypes[self.c])[0])
        moved = {self.c: value} | {other: sign * value for other, sign in self.along.items()}
        return [moved.get(c, x) for c, x in enumerate(self.fixed)]

    def grid(self, n: int) -> list[int]:
        """``n`` ordinals, evenly spaced, ends included."""
        return [self.first + (self.last - self.first) * k // (n - 1) for k in range(n)]
