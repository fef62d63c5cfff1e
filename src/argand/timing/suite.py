"""The whole suite in one process: what setup_cache measures, and the cells then read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from argand.subject import TargetError, from_catalogue
from argand.timing.cell import BASELINE, CONTROL, FLOORS, VARIANTS, Cell, Workload
from argand.timing.statistics import median_interval

Precision = Literal["single", "double"]
PRECISIONS: tuple[Precision, ...] = ("single", "double")
Key = tuple[
    str, str, str, str, int, str
]  # subject, variant or floor, precision, mode, size, device


def measure_suite(
    subjects: Sequence[str],
    modes: Sequence[str],
    sizes: Sequence[int],
    devices: Sequence[str],
    seconds_per_cell: float,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Everything measured, as plain lists and dicts that pickle without TensorFlow.

    ``time`` and ``ratio`` hold samples by Key (seconds per call; the rounds' ratios to ``auto``,
    where ``auto`` itself is the control), ``ratio_low`` and ``ratio_high`` its 99.9 % interval,
    ``gradient_error`` the largest in ulp, ``refused`` the reason why there is no time, all by
    Key; ``complex`` whether a subject's dtypes are.
    """
    names = ("time", "ratio", "ratio_low", "ratio_high", "gradient_error", "refused", "complex")
    suite: dict[str, Any] = {quantity: {} for quantity in names}
    start, done = time.monotonic(), 0
    total = len(subjects) * len(PRECISIONS) * len(devices) * len(modes) * len(sizes)
    for name in subjects:
        subject = from_catalogue(name)
        suite["complex"][name] = subject.kind == "complex"
        for precision, dtype in zip(PRECISIONS, subject.dtypes, strict=True):
            for device in devices:
                progress(f"{time.monotonic() - start:4.0f} s  {done:3}/{total}  {name} {dtype}")
                try:
                    workload: Workload | TargetError = Workload(subject, dtype, max(sizes), device)
                except TargetError as error:
                    workload = error
                for mode in modes:
                    for size in sizes:
                        if isinstance(workload, TargetError):
                            refused = dict.fromkeys((*VARIANTS, *FLOORS), str(workload))
                            cell = Cell({}, refused=refused)
                        else:
                            cell = workload.measure(mode, size, seconds_per_cell)
                        _file(suite, cell, lambda v: (name, v, precision, mode, size, device))  # noqa: B023
                        done += 1
    progress(f"{time.monotonic() - start:4.0f} s  {done:3}/{total}  done")
    return suite


def _file(suite: dict[str, Any], cell: Cell, key: Callable[[str], Key]) -> None:
    for variant, seconds in cell.seconds.items():
        if variant != CONTROL:
            suite["time"][key(variant)] = seconds.tolist()
    for variant in VARIANTS:
        samples = cell.seconds.get(CONTROL if variant == BASELINE else variant)
        if samples is not None and BASELINE in cell.seconds:
            ratios = np.divide(samples, cell.seconds[BASELINE])
            interval = median_interval(ratios)
            suite["ratio"][key(variant)] = ratios.tolist()
            suite["ratio_low"][key(variant)] = interval.low
            suite["ratio_high"][key(variant)] = interval.high
    for variant, error in cell.gradient_ulp.items():
        suite["gradient_error"][key(variant)] = error
    for variant, why in cell.refused.items():
        suite["refused"][key(variant)] = why
