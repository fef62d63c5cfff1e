"""``python -m benchmarks.scripts.cost [SUBJECT…]``: what variants cost beside ``auto``, in one run.

Value and gradient of 10⁶ numbers on the processor, rounds interleaved; in each dtype and mode.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from argand.subject import MODES, TargetError
from argand.targets import catalogue_names, from_catalogue
from argand.timing.statistics import Interval, compare, ratio_interval

SIZE = 10**6
SECONDS = 3.0  # of rounds, for each subject, dtype and mode
VARIANTS = ("custom", "stable")


@dataclass(frozen=True)
class Cost:
    """Time of ``variant`` ÷ that of ``auto``, with its interval; or why there is none."""

    subject: str
    dtype: str
    mode: str
    variant: str
    ratio: Interval | None
    refused: str = ""

    def __str__(self) -> str:
        where = f"{self.subject:20} {self.dtype:10} {self.mode:6} {self.variant:7}"
        if self.ratio is None:
            return f"{where}     —  {self.refused}"
        r = self.ratio
        return f"{where} {r.value:5.2f} [{r.low:.2f} {r.high:.2f}] {compare(r).judgement}"


def costs(subjects: Sequence[str], size: int = SIZE, seconds: float = SECONDS) -> Iterator[Cost]:
    """The costs of each subject's variants, by dtype and mode. Raises TargetError for a subject
    that is not there."""
    from argand.timing.cell import BASELINE, Workload

    for subject in map(from_catalogue, subjects):
        for dtype in subject.dtypes:
            workload = Workload(subject, dtype)
            for mode in MODES:
                cell = workload.measure(mode, size, seconds)
                for variant in VARIANTS:
                    if variant not in subject.variants:
                        continue
                    ratio, why = None, cell.refused.get(variant, "")
                    if variant in cell.seconds and BASELINE in cell.seconds:
                        ratio = ratio_interval(cell.seconds[variant], cell.seconds[BASELINE])
                    elif not why:
                        why = f"auto has no time: {cell.refused.get(BASELINE, 'unknown')}"
                    yield Cost(subject.name, dtype, mode, variant, ratio, why)


def medians(found: Sequence[Cost]) -> list[str]:
    """A line for each mode and variant: the median over subjects of the ratio, a subject's being
    the geometric mean of its dtypes'; and how many have none."""
    lines = []
    for variant in VARIANTS:
        for mode in dict.fromkeys(c.mode for c in found):
            here = [c for c in found if (c.variant, c.mode) == (variant, mode)]
            logs: dict[str, list[float]] = {}
            for c in here:
                if c.ratio is not None:
                    logs.setdefault(c.subject, []).append(float(np.log(c.ratio.value)))
            if not here:
                continue
            missing = sum(c.ratio is None for c in here)
            note = f"; {missing} of {len(here)} without a ratio" if missing else ""
            if not logs:
                lines.append(f"{variant} ÷ auto, {mode}: no ratio{note}")
                continue
            each = [float(np.exp(np.mean(v))) for v in logs.values()]
            lines.append(
                f"{variant} ÷ auto, {mode}: median over {len(each)} subjects {np.median(each):.2f}"
                f" ({min(each):.2f} to {max(each):.2f}){note}"
            )
    return lines


def main(subjects: Sequence[str], say: Callable[[str], None] = print) -> None:
    """Print each cost as it is measured, then the medians. Raises TargetError as ``costs``."""
    found = []
    for cost in costs(subjects or catalogue_names()):
        found.append(cost)
        say(str(cost))
    for line in medians(found):
        say(line)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        main(sys.argv[1:], lambda line: print(line, flush=True))
    except TargetError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
