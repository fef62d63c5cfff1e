"""What each checker catches of the corpus, in one run: ``make compare-checkers``.

Writes reports/checkers.md (or the file given). Needs the extra ``peers``.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from . import DEFECTIVE, DEFECTS, RIGHT
from .checkers import POINTS, TOLERANCE, Outcome, by_argand, by_jax, by_tensorflow, by_torch
from .entry import Entry, entries

CHECKERS: dict[str, Callable[[Entry], Outcome]] = {
    "argand": by_argand,
    "tf.test.compute_gradient": by_tensorflow,
    "torch.autograd.gradcheck": by_torch,
    "jax check_grads": by_jax,
}
PACKAGES = ("tensorflow", "torch", "jax", "numpy", "python-flint")
COMMAND = "make compare-checkers"
HEADING = "defects caught"  # the line of the table that the README quotes


@dataclass(frozen=True)
class Row:
    """One entry and what each checker says of it, in the order of CHECKERS."""

    entry: Entry
    outcomes: tuple[Outcome, ...]


def rows(entries: Iterable[Entry]) -> list[Row]:
    """Every checker on every entry."""
    made = []
    for entry in entries:
        made.append(Row(entry, tuple(check(entry) for check in CHECKERS.values())))
        print(entry.name, *(_cell(o) for o in made[-1].outcomes), sep="\t", flush=True)
    return made


def _cell(outcome: Outcome) -> str:
    return {True: "✗", False: "passes", None: "—"}[outcome.alarm]


def _count(found: list[Row], k: int) -> str:
    asked = [r.outcomes[k].alarm for r in found if r.outcomes[k].alarm is not None]
    return f"{sum(asked)} of {len(asked)}"


def _counts(words: str, found: list[Row]) -> str:
    return _line(words, *(_count(found, k) for k in range(len(CHECKERS))))


def _by_module(defects: list[Row]) -> Iterable[tuple[str, list[Row]]]:
    for module in DEFECTIVE:
        own = entries(vars(module))
        yield (
            module.__name__.rpartition(".")[2].replace("_", " "),
            [row for row in defects if own.get(row.entry.name) is row.entry],
        )


def markdown(defects: list[Row], right: list[Row]) -> str:
    """The whole report."""
    versions = ", ".join(f"{p} {version(p)}" for p in PACKAGES)
    heads = list(CHECKERS)
    lines = [
        "# What gradient checkers catch",
        "",
        f"Written by `{COMMAND}` ({versions}; Python {platform.python_version()}, CPU).",
        "",
        f"{len(defects)} defective and {len(right)} right gradients (`tests/check/corpus/`), each "
        "given to four checkers. The finite-difference checkers get the same "
        f"{POINTS} ordinary points of the domain (rows have three entries). "
        "`tf.test.compute_gradient` runs in each of the entry's modes, compared with rtol = atol = "
        f"{TOLERANCE:g}; `gradcheck` and "
        "`gradgradcheck`, and `check_grads` of order 2, have their defaults and double precision. "
        "They are given the same source, with PyTorch's or JAX's functions under TensorFlow's "
        "names (`stand_in.py`). A defect counts as caught where the checker fails or raises; by "
        "argand, only where the finding has the kind expected.",
        "",
        "The corpus was written by argand's authors, after what argand looks for: the other "
        "checkers do not set out to find what is lost to rounding, nor a mode's or a keyword's "
        "defect. On the right gradients a certified failing verdict is no false alarm, nor is "
        "`length_dependent` where TensorFlow's own complex division is to blame (`sound.py`), nor, "
        "in the catalogue's variants, that or `mode_disagreement` of TensorFlow's own kernels.",
        "",
        "| | " + " | ".join(heads) + " |",
        "| --- |" + " ---: |" * len(heads),
        _counts(HEADING, defects),
        *(_counts(f"· {words}", of) for words, of in _by_module(defects)),
        _counts("false alarms", right),
        "",
        "## Defects",
        "",
        "✗: rejected; passes: not noticed; —: no such check can be made.",
        "",
        "| defect | what is wrong | kind | " + " | ".join(heads) + " |",
        "| --- | --- | --- |" + " --- |" * len(heads),
    ]
    for row in defects:
        cells = [_cell(o) for o in row.outcomes]
        if row.outcomes[0].alarm is False:
            cells[0] = f"passes as {row.outcomes[0].why}" if row.outcomes[0].why else "passes"
        lines.append(_line(row.entry.name, row.entry.what, ", ".join(row.entry.kinds), *cells))
    lines += ["", "## False alarms on right gradients", ""]
    alarms = [
        f"- {head} on `{row.entry.name}` ({row.entry.what}): {row.outcomes[k].why}"
        for row in right
        for k, head in enumerate(heads)
        if row.outcomes[k].alarm
    ]
    lines += alarms or ["None."]
    lines += ["", "## Why there is no check", ""]
    reasons: dict[str, list[str]] = {}
    for row in defects + right:
        for head, outcome in zip(heads, row.outcomes, strict=True):
            if outcome.alarm is None:
                reasons.setdefault(outcome.why, []).append(f"`{row.entry.name}` ({head})")
    lines += [f"- {why}: {', '.join(where)}" for why, where in reasons.items()]
    return "\n".join(lines) + "\n"


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def main(out: str = "reports/checkers.md") -> None:
    """Carry out the comparison and write it to ``out``."""
    Path(out).write_text(markdown(rows(DEFECTS.values()), rows(RIGHT.values())), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
