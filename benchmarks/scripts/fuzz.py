"""Does a call of argand ever end in a traceback?

``python -m benchmarks.scripts.fuzz [N] [--seed FIRST]``: N programs (20,000) are drawn from all
operations that argand follows, each from its own seed, so that a run that was ended goes on with
``--seed``. Of each, ``argand.exact`` and a check of a few probes end in an answer or in a refusal
of one line. Exits 1 at anything else, with its traceback and the program as Python source. A
program that never returns, as TensorFlow's polygamma does, is told, and the next one is drawn.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
import warnings
from collections import Counter
from typing import Any

import numpy as np
import tensorflow as tf

import argand
from argand import watchdog
from argand.check import ask
from argand.check.options import Options
from argand.check.probes import probes
from argand.exact import STATES
from argand.subject import TargetError
from argand.verdict import SEVERITIES
from benchmarks.scripts.programs import Choose, drawn

POINTS = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 1e-30, 1e30, float("inf"), float("nan"))
SAMPLES = (2, 2, 2, 8)  # of 8 some are sought where the program crosses the ends of the range


def tried(choose: Choose) -> tuple[str, str]:
    """One program's replay, and how it ended: what ``exact`` and ``check`` gave.

    Raises AssertionError, from what was raised, with the replay, where that is no TargetError.
    """
    source, dtypes, core = drawn(choose)
    space: dict[str, Any] = {"tf": tf}
    exec(source, space)  # written above
    inputs = [points(choose, dtype, core) for dtype in dtypes]
    names = ["error", "dtype", "shape"]
    if choose(6) == 5:  # the searches of others cost seconds
        names.append(sorted(probes())[choose(len(probes()))])
    order = 2 if len(dtypes) == 1 and not core and choose(3) == 2 else 1
    samples = SAMPLES[choose(len(SAMPLES))]
    asked = None if len(set(dtypes)) > 1 or choose(4) == 3 else [dtypes[0]]
    replay = (
        f"import numpy as np, tensorflow as tf, argand\nfrom argand.check import ask\n"
        f"from argand.check.options import Options\n"
        f"from numpy import array, complex64, complex128, float32, float64, inf, nan\n{source}"
        f"argand.exact(f, *{inputs!r}, upstream=1.0, order={order}, core={core})\n"
        f"ask({names}, f, Options({asked}, ['eager'], core={core or None}, samples={samples}))\n"
    )
    ends = []
    for call in (
        lambda: exact(space["f"], inputs, order, core),
        lambda: checked(space["f"], names, asked, core, samples),
    ):
        try:
            ends.append(call())
        except TargetError as error:
            if "\n" in str(error):
                raise AssertionError(replay) from error
            ends.append("refused")
        except Exception as error:
            raise AssertionError(replay) from error
    return replay, ", ".join(ends)


def points(choose: Choose, dtype: str, core: int) -> Any:
    """Three samples of an input, of special numbers."""
    shape = (3, 3) if core else (3,)
    size = int(np.prod(shape))
    parts = [[POINTS[choose(len(POINTS))] for _ in range(size)] for _ in range(2)]
    if dtype.startswith("complex"):
        return np.array([complex(*p) for p in zip(*parts, strict=True)], dtype).reshape(shape)
    return np.array(parts[0], dtype).reshape(shape)


def exact(fn: Any, inputs: list[Any], order: int, core: int) -> str:
    """The states of ``argand.exact``."""
    found = argand.exact(fn, *inputs, upstream=1.0, order=order, core=core)
    return "/".join(sorted({STATES[s] for s in found.state.flat}))


def checked(fn: Any, names: list[str], dtypes: list[str] | None, core: int, samples: int) -> str:
    """Whether a cheap check finds anything."""
    report = ask(names, fn, Options(dtypes, ["eager"], core=core or None, samples=samples))
    report.to_json()
    for severity in SEVERITIES:
        report.grouped(severity)
    str(report)
    return "findings" if report.findings else "none"


def main() -> int:
    """Draw and try; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0, help="the first program's")
    given = parser.parse_args()
    warnings.simplefilter("error")
    ends: Counter[str] = Counter()
    start = time.monotonic()
    last = given.seed + given.count
    at = [given.seed]
    with watchdog.watched(lambda what: go_on(what, at[0], last, ends)):
        for seed in range(given.seed, last):
            at[0] = seed
            rng = np.random.default_rng(seed)
            try:
                ends[tried(lambda n: int(rng.integers(n)))[1]] += 1  # noqa: B023
            except AssertionError as error:
                traceback.print_exception(error.__cause__)
                print(f"seed {seed}:\n{error}")
                return 1
            if (seed + 1) % 100 == 0:
                done = seed + 1 - given.seed
                rate = done / (time.monotonic() - start)
                print(f"{done} of {given.count}, seed {seed}, {rate:.1f} a second", flush=True)
    tell(ends)
    return 0


def go_on(what: str, seed: int, last: int, ends: Counter[str]) -> None:
    """The rest of the programs in a new process, where this one never returns."""
    tell(ends)
    print(f"seed {seed}: {what} never returns", flush=True)
    rest = [str(last - seed - 1), "--seed", str(seed + 1)]
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks.scripts.fuzz", *rest])


def tell(ends: Counter[str]) -> None:
    """How the programs ended."""
    for end, count in ends.most_common():
        print(f"{count:7d} {end}")


if __name__ == "__main__":
    sys.exit(main())
