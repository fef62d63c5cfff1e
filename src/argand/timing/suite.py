"""The whole suite in one process: what setup_cache measures, and the cells then read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, Literal

import numpy as np
import tensorflow as tf

from argand.frontend.trace import describe
from argand.subject import Subject, TargetError
from argand.targets import from_catalogue
from argand.timing.budget import VISITS, Budget
from argand.timing.cell import BASELINE, CONTROL, FLOORS, VARIANTS, Cell, Workload
from argand.timing.notice import Notice
from argand.timing.paired import LEAST_ROUNDS
from argand.timing.plan import Plan
from argand.timing.statistics import median_interval
from argand.timing.timed import Timed
from argand.timing.transfer import transfer_seconds

Precision = Literal["single", "double"]
PRECISIONS: tuple[Precision, ...] = ("single", "double")
MODES = ("xla", "graph", "eager")  # the fastest first: the last are left out if time is short
PARTS: tuple[Timed, ...] = ("forward", "gradient", "second order")
LEAST = -(-LEAST_ROUNDS // VISITS)  # rounds of a visit: all of them are enough for an interval
QUANTITIES = (
    "time", "ratio", "ratio_low", "ratio_high", "over_floor", "stream_share", "gradient_error",
    "failing", "trace_time", "compile_time", "peak_memory",
)  # fmt: skip
# (variant or floor, timed, precision, mode, size, device)
Key = tuple[str, Timed, str, str, int, str]
Where = tuple[Timed, str, str, int, str]  # a cell: a Key without its variant


class Suite:
    """All that is measured, in plain dicts that pickle without TensorFlow.

    ``quantities`` has for each subject and quantity the values by Key, ``refused`` for each
    subject the reason why there is no time by Key, ``skipped`` why a cell was not measured by
    Where, and ``complex`` whether the subject's dtypes are complex. Samples are lists. ``ratio``
    has each round's ratio to ``auto``; for ``auto`` itself that of the control.
    """

    def __init__(self, plan: Plan, devices: Sequence[str], tell: Callable[[Notice], None]) -> None:
        self.plan, self.devices, self._tell = plan, devices, tell
        self.quantities: dict[str, dict[str, dict[Any, Any]]] = {}
        self.refused: dict[str, dict[Key, str]] = {}
        self.skipped: dict[str, dict[Where, str]] = {}
        self.complex: dict[str, bool] = {}
        self._start, self._late = time.monotonic(), 0

    def measure(self, subjects: Sequence[str]) -> None:
        """Measure ``subjects`` of the catalogue in little more than the plan's seconds."""
        budget = Budget(self.plan.seconds)
        absent = absent_devices(self.devices)
        for why in absent.values():
            self._tell(Notice("skipped", why))
        self._transfers([d for d in self.devices if d not in absent])
        for name in subjects:
            self.quantities[name] = {quantity: {} for quantity in QUANTITIES}
            self.refused[name], self.skipped[name] = {}, {}
        groups = list(product(subjects, PRECISIONS, self.devices))
        for done, (name, precision, device) in enumerate(budget.groups(groups)):
            subject = from_catalogue(name)
            self.complex[name] = subject.kind == "complex"
            dtype = subject.dtypes[PRECISIONS.index(precision)]
            self._progress(f"{done:3}/{len(groups)}  {name} {dtype} {device}")
            self._group(budget, subject, precision, dtype, device, absent.get(device))
        self._progress(f"{len(groups):3}/{len(groups)}  done")
        if self._late:
            why = (
                f"{self._late} cells, for the run's {self.plan.seconds:g} s were spent: "
                "ARGAND_SECONDS gives it more"
            )
            self._tell(Notice("skipped", why))

    def _progress(self, words: str) -> None:
        self._tell(Notice("progress", f"{time.monotonic() - self._start:4.0f} s  {words}"))

    def _group(
        self,
        budget: Budget,
        subject: Subject,
        precision: Precision,
        dtype: str,
        device: str,
        absent: str | None,
    ) -> None:
        cells = [
            (timed, precision, mode, size, device)
            for timed, mode, size in worth_measuring(self.plan, subject, precision)
        ]
        if absent:
            self.skipped[subject.name] |= dict.fromkeys(cells, absent)
            return
        refusal = ""
        try:
            workload = Workload(subject, dtype, device)
        except TargetError as error:
            refusal = str(error)
        except Exception as error:  # one that cannot be checked must not cost the others theirs
            refusal = f"it cannot be checked: {describe(error)}"
        begun: dict[Where, Cell] = {}
        where: Where
        for where, in_time in budget.cells(cells):
            timed, _, mode, size, _ = where
            if not refusal and not in_time:
                self.skipped[subject.name][where] = f"the run's {self.plan.seconds:g} s were spent"
                self._late += 1
                continue
            try:
                if refusal:
                    raise TargetError(refusal)
                begun[where] = cell = workload.prepare(mode, size, timed)
                budget.prepared()
                budget.visited(workload.visit(cell, budget.seconds(), LEAST))
            except TargetError as error:
                begun[where] = Cell(refused=dict.fromkeys((*VARIANTS, *FLOORS), str(error)))
        for where in budget.visits([where for where, cell in begun.items() if cell.rounds]):
            workload.visit(begun[where], budget.seconds(), LEAST)
        for where, cell in begun.items():
            self._file(subject.name, dtype, cell, where)

    def _file(self, name: str, dtype: str, cell: Cell, where: Where) -> None:
        found = self.quantities[name]

        def file(quantity: str, variant: str, value: Any) -> None:
            if value is not None and not (isinstance(value, float) and np.isnan(value)):
                found[quantity][variant, *where] = value

        seconds = cell.seconds
        for variant, samples in seconds.items():
            if variant != CONTROL:
                file("time", variant, samples.tolist())
        for variant in VARIANTS:
            timed_as = CONTROL if variant == BASELINE else variant
            if timed_as not in seconds:
                continue
            samples = seconds[timed_as]
            if BASELINE in seconds:
                ratios = samples / seconds[BASELINE]
                interval = median_interval(ratios)
                file("ratio", variant, ratios.tolist())
                file("ratio_low", variant, interval.low)
                file("ratio_high", variant, interval.high)
            if set(FLOORS) <= set(seconds):
                exp_copy, stream = (seconds[floor] for floor in FLOORS)
                file("over_floor", variant, (samples / exp_copy).tolist())
                share = float(np.median(cell.moved * stream / samples))
                file("stream_share", variant, share)
        for variant, worth in cell.worth.items():
            file("gradient_error", variant, worth.ulp)
            file("failing", variant, worth.failing)
        for quantity, values in (
            ("trace_time", cell.trace),
            ("compile_time", cell.compile),
            ("peak_memory", cell.peak_bytes),
        ):
            for variant, value in values.items():
                file(quantity, variant, value)
        for variant, why in cell.refused.items():
            told = {(key[0], key[2], w) for key, w in self.refused[name].items()}
            if (variant, where[1], why) not in told:
                self._tell(Notice("no time", why, (name, variant, dtype)))
            self.refused[name][variant, *where] = why

    def _transfers(self, devices: Sequence[str]) -> None:
        found = self.quantities.setdefault("", {}).setdefault("transfer", {})
        for device, precision, size in product(devices, PRECISIONS, self.plan.sizes):
            host = np.ones(size, "complex64" if precision == "single" else "complex128")
            for direction, seconds in transfer_seconds(host, device).items():
                found[direction, precision, size, device] = seconds.tolist()


def worth_measuring(plan: Plan, subject: Subject, precision: str) -> list[tuple[Timed, str, int]]:
    """What is timed of ``subject``, in which mode and at which size, the most important first.

    Eager mode at the largest size is last, for it takes as long as all others together. Second
    order is measured in double precision only, of subjects of one input that act on each number.
    """
    cells: list[tuple[Timed, str, int]] = [
        ("value and gradient", mode, size)
        for size in sorted(plan.sizes, reverse=True)
        for mode in MODES
    ]
    single = subject.cores == ((),) and precision == "double"
    parts = [p for p in PARTS if p != "second order" or single]
    cells += [(p, mode, size) for p in parts for size in plan.parts for mode in MODES]
    slowest = "value and gradient", "eager", max(plan.sizes)
    return sorted(cells, key=lambda cell: cell == slowest)  # in order otherwise


def absent_devices(devices: Sequence[str]) -> dict[str, str]:
    """Those of ``devices`` that TensorFlow does not have, each with a line that says so."""
    there = [d.name for d in tf.config.list_logical_devices()]
    return {
        device: f"TensorFlow has no {device} here: it has {', '.join(there)}"
        for device in devices
        if not any(name.endswith(f":{device}") for name in there)
    }
