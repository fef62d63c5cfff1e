"""How much a run measures: sizes and seconds, of a whole run and of a quick one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from argand.subject import TargetError


@dataclass(frozen=True)
class Grid:
    """``sizes`` of the tensors on which value and gradient are timed, and ``parts`` those on
    which forward, gradient alone and second order are; ``seconds`` is for the whole suite."""

    sizes: tuple[int, ...]
    parts: tuple[int, ...]
    seconds: float

    @property
    def pattern(self) -> str:
        """What ``asv run --bench`` is to match so that only cells of this grid are run."""
        sizes = "|".join(map(str, self.sizes))
        classes = [r"value_and_gradient\.\w+", r"apart\.Transfer"]
        classes += [r"apart\.(Parts|Once|Memory)"] if self.parts else []
        return rf"({'|'.join(classes)})\.\w+\(.*\b({sizes}), '|apart\.Subjects"


# asv itself builds, discovers and reads some ten thousand cells in 1 to 4 minutes.
FULL = Grid((1, 1_000, 100_000, 1_000_000), (100_000,), 900.0)
QUICK = Grid((100_000,), (), 90.0)


def asked(quick: bool, environment: Mapping[str, str] = os.environ) -> Grid:
    """The grid of this run: QUICK or FULL, with other ``ARGAND_SIZES`` (numbers with spaces
    between) or ``ARGAND_SECONDS`` where the environment has them.

    Raises TargetError where it holds what is no such number.
    """
    grid = QUICK if quick else FULL
    if sizes := environment.get("ARGAND_SIZES", "").split():
        grid = replace(grid, sizes=tuple(sorted({int(_number("ARGAND_SIZES", s)) for s in sizes})))
    if seconds := environment.get("ARGAND_SECONDS"):
        grid = replace(grid, seconds=_number("ARGAND_SECONDS", seconds))
    return grid


def all_sizes(environment: Mapping[str, str] = os.environ) -> list[int]:
    """Every size that a run may have: the axis of the benchmarks, one for all grids."""
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
    """Whether this process belongs to an ``asv run --quick`` (or ``continuous``): asv tells its
    benchmarks nothing of it, but its own command line does."""
    commands = (_command(process) for process in psutil.Process().parents())
    return any(asks_to_be_quick(command) for command in commands)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # another user's, or over
        return []


def asks_to_be_quick(command: Iterable[str]) -> bool:
    """Whether a command line is asv's with ``--quick``, which may be abbreviated."""
    words = list(command)
    if "asv" not in [Path(word).stem for word in words[:3]]:
        return False
    return any(re.fullmatch(r"--q(u|ui|uic|uick)?|-[ev]*q[ev]*", word) for word in words)
