"""What a rule of whole tensors may ask of the evaluation that it is part of."""

from __future__ import annotations

from typing import Any, Protocol

from argand.exact.balls import Balls
from argand.program import Program


class Run(Protocol):
    """One pass over a Program; ``none`` holds None for each direction of a derivative, and
    ``careful`` says whether values are Signed."""

    program: Program
    careful: bool
    none: tuple[None, ...]

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        """The result of the rule ``name`` on operands that broadcast together."""

    def constant(self, like: Balls, values: Any) -> Balls:
        """A constant of the kind (real or complex) of ``like``."""
