"""What a check is told: of its target, and how hard to look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from argand.declared import DECLARED, declared_of
from argand.subject import MODES, TargetError
from argand.verdict import MAX_ULP

SAMPLES = 4096
SAMPLES_OF_ROWS = 768  # each has several numbers, and none is certified by the vectorised path
ROUNDS = 4  # of the local search
THOROUGH = 16  # times as many of both
MOST_ULP = 2.0**20  # beyond, nothing that a float32 holds is asked for
QUICK = 256  # samples, and no search


@dataclass(frozen=True)
class Options:
    """The options of ``argand.check``, whose docstring says what they are."""

    dtypes: Sequence[str] | None = None
    modes: Sequence[str] | None = None
    domain: Any = None
    reference: Callable[..., Any] | None = None
    surrogate: Callable[..., Any] | None = None
    core: int | Sequence[int] | None = None
    max_ulp: float = MAX_ULP
    samples: int | None = None
    thorough: bool = False
    quick: bool = False
    strict: bool = False
    baseline: str | Path | None = None
    progress: Callable[[str], None] = lambda step: None

    def __post_init__(self) -> None:
        for mode in self.modes or ():
            if mode not in MODES:
                raise TargetError(f"mode {mode!r} is not one of {', '.join(MODES)}")
        if self.modes is not None and not self.modes:
            raise TargetError(f"no mode is given: name one of {', '.join(MODES)}")
        if self.thorough and self.quick:
            raise TargetError("thorough and quick exclude each other: give one of them")
        if not 0 < self.max_ulp <= MOST_ULP:
            raise TargetError(
                f"max_ulp={self.max_ulp!r}: give a number of ulp above 0, and at most {MOST_ULP:g}"
            )
        if self.samples is not None and self.samples < 1:
            raise TargetError(f"samples={self.samples!r}: give 1 or more")

    def of(self, target: Any) -> Options:
        """These, and what is declared of ``target`` where these say nothing."""
        said = declared_of(target)
        unsaid = {f.name for f in fields(self) if getattr(self, f.name) is None}
        return replace(self, **{k: v for k, v in said.items() if k in unsaid & {*DECLARED}})

    @property
    def in_modes(self) -> tuple[str, ...]:
        """The modes asked for; else all, of a quick check eager alone."""
        return tuple(self.modes or (MODES[:1] if self.quick else MODES))

    @property
    def rounds(self) -> int:
        """How often the local search climbs."""
        return 0 if self.quick else ROUNDS * THOROUGH if self.thorough else ROUNDS

    def drawn(self, rows: bool) -> int:
        """How many samples are drawn; ``rows`` are dearer than numbers."""
        usual = SAMPLES_OF_ROWS if rows else SAMPLES
        many = QUICK if self.quick else usual * THOROUGH if self.thorough else usual
        return self.samples or many
