"""What a word on `argand compare`'s command line names: a folder, a machine or a commit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from argand.commits import full_hash
from argand.compare.measured import FACTS, POINT, RESULT, TIME, Measured, read
from argand.subject import TargetError
from argand.timing.asv_results import read_results
from argand.timing.machine import read_passports


def operands(words: list[str], machines: Path, timings: Path) -> list[Measured]:
    """The measurement that each of ``words`` names.

    A word is a folder of `argand measure`, the name of such a folder under ``machines``, or COMMIT
    or COMMIT@TENSORFLOW (2.20.0, say) among asv's ``timings``. Raises TargetError for a word that
    names none, or the same one twice.
    """
    found = [_operand(word, machines, timings) for word in words]
    names = [m.name for m in found]
    for name in names:
        if names.count(name) > 1:
            raise TargetError(f"{name} is named twice; name different measurements")
    return found


def _operand(word: str, machines: Path, timings: Path) -> Measured:
    for folder in (Path(word), machines / word):
        if folder.is_dir():
            return read(folder)
    commit, _, tensorflow = word.partition("@")
    full = full_hash(commit)
    if full is None or not timings.is_dir():
        raise TargetError(
            f"{word!r} is neither a folder, nor a machine in {machines} ({_known(machines)}), nor "
            f"a commit with results in {timings}"
        )
    return _of_commit(word, full, tensorflow, timings)


def _known(machines: Path) -> str:
    return ", ".join(sorted(f.parent.name for f in machines.glob(f"*/{FACTS}"))) or "none there"


def _of_commit(word: str, commit: str, tensorflow: str, timings: Path) -> Measured:
    table, _ = read_results(timings)
    of = table[table["commit"] == commit]
    if tensorflow:
        of = of[of["tensorflow"] == tensorflow]
    if of.empty:
        which = f" with TensorFlow {tensorflow}" if tensorflow else ""
        raise TargetError(
            f"{timings} has no results of commit {commit[:10]}{which}; run `asv run "
            f"{commit[:10]}^!` first"
        )
    # Of a commit that several machines or environments timed, the last run counts.
    newest = of[of["date"] == of["date"].max()]
    machine, environment = newest[["machine", "environment"]].iloc[0]
    of = newest[(newest["machine"] == machine) & (newest["environment"] == environment)]
    passport: dict[str, Any] = read_passports(timings).get((machine, commit), {})
    if passport and of["tensorflow"].iloc[0]:
        # A commit has one passport for all environments: asv says which TensorFlow this one had.
        versions = passport["versions"] | {"tensorflow": of["tensorflow"].iloc[0]}
        passport = passport | {"versions": versions}
    facts = {"commit": commit, "passport": passport, "suite": None, "formulas": {}, "points": {}}
    points, results = (pd.DataFrame(columns=columns) for columns in (POINT, RESULT))
    return Measured(word, facts, of[TIME], points, results)
