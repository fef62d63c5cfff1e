"""Measure this machine: times on every device, and results at fixed points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from argand.commits import commit
from argand.compare.computed import compute
from argand.compare.measured import FORMAT, TIME, Measured
from argand.passport import passport
from argand.subject import Subject
from argand.targets import catalogue
from argand.timing.cell import FLOORS
from argand.timing.machine import devices, machine_name
from argand.timing.notice import Notice
from argand.timing.plan import Plan
from argand.timing.statistics import median_interval
from argand.timing.suite import PRECISIONS, Suite, absent_devices
from argand.timing.transfer import FROM, TO

PLAN = Plan((1_000, 10_000, 100_000, 1_000_000), (), 400.0)  # seconds for each device
SUITE = "2"  # raise it when what is timed, or how, changes: older measurements are then refused


def measure(
    subjects: Sequence[Subject] = (),
    plan: Plan = PLAN,
    progress: Callable[[str], None] = lambda line: None,
) -> Measured:
    """The times of ``subjects`` on every device of this machine, and their digits there.

    Without ``subjects`` the whole catalogue is measured, for ``plan.seconds`` on each device. The
    result's name tells the hardware and TensorFlow's version, never the host.
    """
    here, measured, subjects = passport(), commit(), subjects or list(catalogue())
    there = devices()

    def tell(notice: Notice) -> None:
        progress(str(notice))

    suite = Suite(replace(plan, seconds=len(there) * plan.seconds), there, tell)
    suite.measure([s.name for s in subjects])
    absent = absent_devices(suite.devices)
    computed = compute(subjects, [d for d in suite.devices if d not in absent], progress)
    points, results = computed.tables()
    facts = {
        "format": FORMAT,
        "suite": SUITE,
        "commit": measured,
        "passport": here,
        "formulas": computed.formulas,
        "points": computed.digests,
    }
    name = f"{machine_name(here)}-tensorflow-{here['versions']['tensorflow']}"
    times = pd.DataFrame(_times(suite, subjects), columns=TIME)
    return Measured(name, facts, times, points, results)


def _times(suite: Suite, subjects: Sequence[Subject]) -> Iterator[dict[str, Any]]:
    for subject in subjects:
        dtypes = dict(zip(PRECISIONS, subject.dtypes, strict=True))
        for key, samples in suite.quantities[subject.name]["time"].items():
            variant, _, precision, mode, size, device = key
            quantity = "floor" if variant in FLOORS else "time"
            where = (subject.name, variant, dtypes[precision], mode, size, device, quantity)
            yield _row(where, samples)
        for where, seconds in _transfers(suite, subject):
            yield _row(where, seconds)


def _transfers(suite: Suite, subject: Subject) -> Iterator[tuple[tuple[Any, ...], list[float]]]:
    """(where, seconds) of the copies that each size and device need.

    Inputs and upstream go to the device, value and gradients come back. What was measured is the
    copy of one complex tensor: it is scaled by the bytes of these, in units of its own.
    """
    found = suite.quantities[""]["transfer"]
    for (direction, precision, size, device), there in found.items():
        if direction != TO:
            continue
        dtype = subject.dtypes[PRECISIONS.index(precision)]
        bytes_of = [np.dtype(d).itemsize for d in subject.input_dtypes(dtype)]
        tensors = (sum(bytes_of) + max(bytes_of)) / (8 if precision == "single" else 16)
        both = np.add(there, found[FROM, precision, size, device]) * tensors
        yield (subject.name, "", dtype, "", size, device, "transfer"), both.tolist()


def _row(where: tuple[Any, ...], samples: list[float]) -> dict[str, Any]:
    interval = median_interval(np.asarray(samples))
    found = (interval.value, interval.low, interval.high, interval.count, "seconds", "measured")
    return dict(zip(TIME, (*where, *found), strict=True))
