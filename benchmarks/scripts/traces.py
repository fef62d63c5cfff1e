"""How often one check traces, and how many runners it makes: ``python traces.py [SUBJECT]…``.

Each trace and runner is counted under the file that asked for it. The Problem makes one forward and
one backward trace for each function and dtype, and one runner for each mode; whatever a probe
makes beside these is its own, by its nature: a function of other rows, by keyword, or of second
order. Exits 1 where the Problem makes more.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import tensorflow as tf

import argand
from argand.frontend import runner, trace
from argand.targets import from_catalogue

MODES = ("eager", "graph")
PROBES = Path(argand.__file__).parent / "check" / "probes"


def asker() -> str:
    """The probe that is at work, or ``the Problem``."""
    frame: Any = sys._getframe(1)
    while frame:
        file = Path(frame.f_code.co_filename)
        if file.parent == PROBES and file.stem != "__init__":
            return f"probe {file.stem}"
        if file.stem == "signature":
            return "the search for a dtype"
        if (file.stem, frame.f_code.co_name) == ("problem", "run"):
            return "the Problem"  # whoever asked first: it is kept for all
        frame = frame.f_back
    return "the Problem"


def counted(target: Any, dtypes: list[str]) -> Counter[str]:
    """What one check of ``target`` makes."""
    found: Counter[str] = Counter()
    traced, made = trace._trace, runner.Runner.__init__

    def count_trace(fn: Any, dtypes: Any, cores: Any, quantity: str) -> Any:
        found[f"{quantity} traces, {asker()}"] += 1
        return traced(fn, dtypes, cores, quantity)

    def count_runner(self: Any, *arguments: Any) -> None:
        found[f"runners, {asker()}"] += 1
        made(self, *arguments)

    trace._trace, runner.Runner.__init__ = count_trace, count_runner
    try:
        argand.check(target, dtypes=dtypes, modes=MODES, samples=256)
    finally:
        trace._trace, runner.Runner.__init__ = traced, made
    return found


def main(names: list[str]) -> int:
    """The exit code."""
    too_many = False
    targets = {name: from_catalogue(name).custom for name in names}
    targets["a bare function"] = lambda z: z * tf.exp(z)
    for name, target in targets.items():
        dtypes = list(getattr(target, "subject", None).dtypes) if name in names else ["complex128"]
        found = counted(target, dtypes)
        print(f"{name}, {', '.join(dtypes)}, {', '.join(MODES)}")
        for what, count in sorted(found.items()):
            print(f"  {count:3} {what}")
        functions = 2 if name in names else 1  # the variant, and the plain formula
        own = {what.split(",")[0]: n for what, n in found.items() if "probe" not in what}
        too_many |= own["value traces"] > functions * len(dtypes)
        too_many |= own["gradient traces"] > len(dtypes)
        too_many |= own["runners"] > len(MODES) * len(dtypes)
    return int(too_many)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["z_exp_z"]))
