"""The plan of a run: which sizes it measures, and for how many seconds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from argand.subject import TargetError


@dataclass(frozen=True)
class Plan:
    """What a run measures.

    ``sizes`` are those of the tensors on which value and gradient are timed; ``parts`` those on
    which the forward pass, the gradient alone and second order are. The whole suite has
    ``seconds``.
    """

    sizes: tuple[int, ...]
    parts: tuple[int, ...]
    seconds: float

    @property
    def pattern(self) -> str:
        """The regular expression for ``asv run --bench`` that only cells of this plan match."""
        sizes = "|".join(map(str, self.sizes))
        classes = [r"value_and_gradient\.\w+", r"apart\.Transfer"]
        classes += [r"apart\.(Parts|Once|Memory)"] if self.parts else []
        return rf"({'|'.join(classes)})\.\w+\(.*\b({sizes}), '|apart\.Subjects"


# asv itself builds, discovers and reads some ten thousand cells in 1 to 4 minutes.
FULL = Plan((1, 1_000, 100_000, 1_000_000), (100_000,), 900.0)
QUICK = Plan((100_000,), (), 90.0)


def asked(quick: bool, environment: Mapping[str, str] = os.environ) -> Plan:
    """The plan of this run: QUICK or FULL, but with the ``environment``'s wishes.

    ``ARGAND_SIZES`` holds sizes with spaces between, ``ARGAND_SECONDS`` seconds. Raises TargetError
    where one holds anything but numbers of 1 or more.
    """
    plan = QUICK if quick else FULL
    if sizes := environment.get("ARGAND_SIZES", "").split():
        plan = replace(plan, sizes=tuple(sorted({int(_number("ARGAND_SIZES", s)) for s in sizes})))
    if seconds := environment.get("ARGAND_SECONDS"):
        plan = replace(plan, seconds=_number("ARGAND_SECONDS", seconds))
    return plan


def all_sizes(environment: Mapping[str, str] = os.environ) -> list[int]:
    """Every size that a run may have: the benchmarks have one axis for all plans."""
    return sorted({*FULL.sizes, *QUICK.sizes, *asked(False, environment).sizes})


def _number(name: str, text: str) -> float:
    try:
        number = float(text.replace("_", ""))
    except ValueError:
        number = 0.0
    if not 1 <= number < 1e12:
        raise TargetError(f"{name} holds {text!r}: give numbers of 1 or more, such as 10000000")
    return number


def quick_run() -> bool:
    """Whether this process belongs to an ``asv run --quick`` (or ``continuous``).

    asv does not tell its benchmarks; the command lines of the parent processes do.
    """
    commands = (_command(process) for process in psutil.Process().parents())
    return any(asks_to_be_quick(command) for command in commands)


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:  # it is another user's, or it has ended
        return []


def asks_to_be_quick(command: Iterable[str]) -> bool:
    """Whether a command line is asv's with ``--quick``, which may be abbreviated."""
    words = list(command)
    if "asv" not in [Path(word).stem for word in words[:3]]:
        return False
    return any(re.fullmatch(r"--q(u|ui|uic|uick)?|-[ev]*q[ev]*", word) for word in words)
