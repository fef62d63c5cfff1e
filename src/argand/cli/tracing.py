"""The answer of ``argand why`` for people: the results, the operations, what goes wrong."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:  # it needs TensorFlow, and help does not
    from argand.why.record import Obtained, Step, Why, Wrong

_WIDTH = 100
_MARKS = {
    "right": "✓", "wrong": "≠", "out of range": "∞", "no value": "∅", "follows": "↳",
    "undecided": "?", "": "",
}  # fmt: skip
_COLUMNS = ("", "operation", "line", "exact", "computed", "ulp", "")
_MOST = 40  # operations; of more, those that are right are left out


def show_why(why: Why, verbose: bool) -> None:
    """Print the answer; ``verbose`` with every operation."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal or console.width > _WIDTH:
        console.width = _WIDTH
    dtypes = " ".join(dict.fromkeys(why.dtypes))
    upstream = "" if why.upstream is None else f", upstream {why.upstream}"
    called = why.target.rpartition(":")[2]
    print(f"{called} at {', '.join(why.at)} ({dtypes}, {why.mode}{upstream})")
    for outcome in why.outcomes:
        print(_filled(f"  {_outcome(outcome)}", console.width))
    console.print(_table(why.steps, verbose))
    for line in _lines(why):
        print(_filled(line, console.width))


def _filled(line: str, width: int) -> str:
    return textwrap.fill(
        line, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )


def _outcome(one: Obtained) -> str:
    parts = [] if one.exact is None else [f"exact {one.exact}"]
    if one.computed is not None:
        parts.append(f"computed {one.computed}")
    if one.ulp is not None and 0 < one.ulp < float("inf"):
        parts.append(f"{one.ulp:.3g} ulp off")
    return f"{one.name}: {', '.join(parts)}. {one.sentence}".replace(": . ", ": ")


def _table(steps: Sequence[Step], verbose: bool) -> Table:
    shown = [s for s in steps if verbose or s.marked or not s.minor]
    long = not verbose and len(shown) > _MOST
    if long:
        shown = [s for s in shown if s.marked or s.state != "right"]
    left = len([s for s in steps if not s.minor or s.marked]) - len(shown)
    table = Table(
        *(Column(name, overflow="fold") for name in _COLUMNS), box=SIMPLE_HEAD, pad_edge=False,
        caption=f"{left} operations that are right are not shown: -v" if long and left else None,
    )  # fmt: skip
    before = ""
    for s in shown:
        if before and s.where != before:
            table.add_section()
        entry = f"[{s.entry}]" if s.entry >= 0 else ""
        name, line = f"{s.op}{entry}", _short(s.source)
        where = "∂" if s.where == "backward" else ""
        mark = "✗" if s.marked else _MARKS[s.state]
        cells = (where, name, line, s.exact, s.computed, _ulp(s), f"{mark} {s.state}".strip())
        style = "bold red" if s.marked else "dim" if s.state == "follows" else ""
        table.add_row(*(Text(c, style=style) for c in cells))
        before = s.where
    return table


def _short(source: str) -> str:
    file, _, line = source.rpartition(":")
    return f"{os.path.basename(file)}:{line}" if line.isdigit() else ""


def _ulp(step: Step) -> str:
    if step.ulp is None:
        return ""
    return "0" if step.ulp < 0.005 else f"{step.ulp:.2g}"


def _lines(why: Why) -> list[str]:
    lines = []
    for k, wrong in enumerate(why.wrong):
        lines += _wrong(wrong, k == 0)
    if not why.wrong and not any(o.failing for o in why.outcomes):
        lines.append("nothing goes wrong here")
    return lines + [f"note: {note}" for note in why.notes]


def _wrong(one: Wrong, first: bool) -> list[str]:
    place = "" if not one.source else f" at {_relative(one.source)}"
    if not one.results:
        found = f"no harm is done here, but{place}: {one.reason}"
    elif one.op == "formula":
        found = f"what goes wrong{place}: {one.reason}"
    else:
        wrong = "is not finite" if one.kind == "unknown" else "goes wrong"
        what = f"the first that {wrong}" if first else "besides"
        found = f"{what}{place}: {one.reason}. It spoils the {' and the '.join(one.results)}"
    return [found] + ([f"to mend it: {one.repair}"] if one.repair else [])


def _relative(source: str) -> str:
    file, colon, line = source.rpartition(":")
    near = os.path.relpath(file)
    return f"{file if near.startswith('..') else near}{colon}{line}"
