"""What ``argand why`` finds: the results, each operation, and those that go wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One operation at its worst entry.

    ``where`` is "forward" or "backward", ``source`` its line or that of the operation whose
    gradient it is, "" where none is known. ``state``: "right"; where its operands are right and it
    is not, "wrong", "out of range" or "no value" (for these operands); "follows" where an operand
    is not right; "undecided"; or "" of what is no float. ``marked``: it is to blame for a result.
    ``minor``: it only moves elements, or is no float.
    """

    where: str
    op: str
    name: str
    source: str
    entry: int
    exact: str
    computed: str
    ulp: float | None
    state: str
    marked: bool
    minor: bool


@dataclass(frozen=True)
class Obtained:
    """The value (``by`` −1) or the gradient by an input, ``name`` in words: ``verdict`` is one of
    verdict.VERDICTS, ``sentence`` says it in words. ``failing``: it is to be explained, for its
    verdict fails, or it is no number where nothing is certified."""

    name: str
    by: int
    exact: str | None
    computed: str | None
    ulp: float | None
    verdict: str
    sentence: str
    failing: bool


@dataclass(frozen=True)
class Wrong:
    """What goes wrong: an operation, or the formula of a gradient as a whole (``op`` "formula").

    ``kind`` is that of an Origin, or "formula"; of "unknown" no more is known than that it is the
    first that is not finite. ``results`` names what it spoils, nothing where it does no harm;
    ``reason`` and ``repair`` are sentences, the repair "" where none is known.
    """

    results: tuple[str, ...]
    where: str
    op: str
    name: str
    source: str
    kind: str
    reason: str
    repair: str


@dataclass
class Why:
    """The answer at one point, ``upstream`` None where it is 1; ``notes`` are what else is to be
    known, a sentence each."""

    target: str
    at: list[str]
    dtypes: tuple[str, ...]
    mode: str
    upstream: str | None
    outcomes: list[Obtained] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As dictionaries, lists, numbers and texts."""
        return asdict(self)
