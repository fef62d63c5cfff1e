"""``python -m corpus.whole``: every probe asked of every entry, in all modes; for a release.

Exits 1 where a defect is missed, or a right gradient has a finding other than a failing verdict.
TensorFlow's own kernels may differ by length or mode in a right one.
"""

from __future__ import annotations

import sys

import argand
from argand.check import Report
from argand.subject import MODES
from argand.verdict import FAILING, KERNELS

from . import DEFECTS, RIGHT
from .entry import Entry


def checked(entry: Entry) -> Report:
    """The report on ``entry`` in its dtypes, in every mode."""
    return argand.check(
        entry.fn,
        dtypes=entry.dtypes,
        modes=MODES,
        domain=entry.domain,
        reference=entry.reference,
        core=entry.core,
        surrogate=entry.surrogate,
    )


def main() -> int:
    """The exit code."""
    missed, alarmed = [], []
    for entry in DEFECTS.values():
        kinds = {f.kind for f in checked(entry).findings}
        if not entry.kinds <= kinds:
            missed.append(f"{entry.name}: {', '.join(sorted(entry.kinds - kinds))} not found")
        print(f"{entry.name}: {', '.join(sorted(kinds))}", flush=True)
    for entry in RIGHT.values():
        report = checked(entry)
        kinds = {f.kind for f in report.findings} - FAILING - KERNELS - entry.tolerated
        if kinds or not report.decided:
            alarmed.append(f"{entry.name}: {', '.join(sorted(kinds)) or 'nothing decided'}")
        print(f"{entry.name}: {', '.join(sorted(kinds)) or 'right'}", flush=True)
    for line in missed + alarmed:
        print(f"✗ {line}")
    print(
        f"{len(DEFECTS) - len(missed)} of {len(DEFECTS)} defects found with their kinds, "
        f"{len(alarmed)} false alarms on {len(RIGHT)} right gradients"
    )
    return 1 if missed or alarmed else 0


if __name__ == "__main__":
    sys.exit(main())
