"""One cell of the suite: a subject in one dtype, mode, size and device, all variants at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np
import tensorflow as tf

from argand.frontend.placement import left_to_processor
from argand.frontend.runner import in_mode
from argand.frontend.trace import describe, trace_value
from argand.subject import Subject
from argand.timing.correct import POINTS, SEED, Judged, Reference, wrong_formulas
from argand.timing.memory import MEANINGFUL, peak_bytes
from argand.timing.paired import LEAST_ROUNDS, Rounds
from argand.timing.timed import VALUE, Timed, prepare
from argand.timing.transfer import synchronise
from argand.trial.points import generic_points

BASELINE = "auto"
CONTROL = "control"  # auto a second time: what two equal things differ by on this machine
VARIANTS = (BASELINE, "custom", "stable")
FLOORS = ("exp_copy", "stream")
STREAMED = 4  # arrays that ``stream`` reads or writes: two of each


@dataclass
class Cell:
    """``rounds`` to be taken of its right variants, of ``control`` (where ``auto`` is right) and
    the floors; variants ``refused`` with the reason; and by variant what else was found: the
    gradient's largest error in ulp and the samples with a failing verdict at the checked points,
    seconds of tracing and of compiling, bytes of memory at the peak (both NaN where there is no
    such thing).

    ``moved`` is how many bytes its operands and results have, for one byte that ``stream`` moves.
    """

    rounds: Rounds | None = None
    refused: dict[str, str] = field(default_factory=dict)
    judged: dict[str, Judged] = field(default_factory=dict)
    trace: dict[str, float] = field(default_factory=dict)
    compile: dict[str, float] = field(default_factory=dict)
    peak_bytes: dict[str, float] = field(default_factory=dict)
    moved: float = math.nan

    @property
    def seconds(self) -> dict[str, np.ndarray]:
        """Seconds per call in the rounds taken, (rounds,) each, by what was timed."""
        return self.rounds.taken.seconds if self.rounds else {}


@dataclass(frozen=True)
class Operands:
    """What is timed on: the inputs and upstreams, and a tensor of as many numbers."""

    inputs: list[np.ndarray]
    upstream: np.ndarray
    second: np.ndarray
    numbers: np.ndarray


class Workload:
    """A subject in one dtype on one device, and which of its variants have a right formula."""

    def __init__(self, subject: Subject, dtype: str, device: str = "CPU:0") -> None:
        self.subject, self.dtype, self.device = subject, dtype, device
        self._synchronise = partial(synchronise, device)
        self._known: dict[tuple[int, bool], tuple[Operands, Reference]] = {}
        self._left: dict[tuple[str, str], str] = {}
        program = trace_value(subject.plain, subject.input_dtypes(dtype), subject.cores)
        assert program.outputs[0] is not None
        self._result = program.dtypes[program.outputs[0]], program.shapes[program.outputs[0]][1:]
        present = [v for v in VARIANTS if v in subject.variants]
        self.refused = wrong_formulas(subject, dtype, present)
        self.right = [v for v in present if v not in self.refused]

    def operands(self, size: int) -> Operands:
        """Inputs of ``size`` numbers (rows of them, where a sample is a row) from the window,
        upstreams of size 1: the same for all variants and commits."""
        rng = np.random.default_rng(SEED)
        cores = self.subject.cores
        entries = max(math.prod(core) for core in cores)
        rows = max(1, size // entries)
        window = tuple(pair for i in self.subject.inputs for pair in i.window)
        dtypes = self.subject.input_dtypes(self.dtype)
        inputs = generic_points(dtypes, window, rows, rng, cores)
        output, core = self._result
        upstream = _units(rng, (rows, *core), output)
        return Operands(
            inputs, upstream, _units(rng, inputs[0].shape, inputs[0].dtype.name),
            _units(rng, (rows * entries,), output),
        )  # fmt: skip

    def measure(self, mode: str, size: int, budget: float, timed: Timed = VALUE) -> Cell:
        """``prepare``, then a visit of at most ``budget`` seconds, once all is compiled."""
        cell = self.prepare(mode, size, timed)
        self.visit(cell, budget)
        return cell

    def visit(self, cell: Cell, budget: float, least: int = LEAST_ROUNDS) -> float:
        """Take rounds of ``cell``, at least ``least``, for ``budget`` seconds at most; returns
        the seconds of ``least`` rounds."""
        if not cell.rounds:
            return 0.0
        with tf.device(self.device):
            return cell.rounds.visit(budget, least)

    def prepare(self, mode: str, size: int, timed: Timed = VALUE) -> Cell:
        """Check each variant at this size in this mode; those that are right can be timed."""
        on, reference = self._certified(size, timed == "second order")
        second = reference.second
        cell = Cell(refused=dict(self.refused), moved=_moved(on))
        callables: dict[str, Callable[[], Any]] = {}
        reference.expected(timed)  # certified here, not on the device
        with tf.device(self.device):
            inputs, upstream = [tf.constant(x) for x in on.inputs], tf.constant(on.upstream)
            for name in self.right:
                fn = self.subject.variants[name].fn
                try:
                    if why := self._elsewhere(name, mode, inputs):
                        cell.refused[name] = why
                        continue
                    made = prepare(fn, timed, mode, inputs, upstream, second, self._synchronise)
                    judged = reference.judge(timed, made.results)
                except Exception as error:  # whatever the function under study raises
                    cell.refused[name] = describe(error)
                    continue
                if judged.why:
                    cell.refused[name] = judged.why
                    continue
                cell.judged[name] = judged
                cell.trace[name], cell.compile[name] = made.trace, made.compile
                callables[name] = made.act
                if size >= MEANINGFUL and timed == VALUE:
                    cell.peak_bytes[name] = peak_bytes(made.act, self.device, self._synchronise)
            if BASELINE in callables:
                callables[CONTROL] = callables[BASELINE]
            if timed == VALUE:
                callables |= floors(on.numbers, mode)
        if callables:
            baseline = next(iter(callables))
            cell.rounds = Rounds(
                callables, baseline=baseline, synchronise=self._synchronise, seed=SEED
            )
        return cell

    def _elsewhere(self, name: str, mode: str, inputs: list[tf.Tensor]) -> str:
        """Why the variant is not what the device computes; of whatever size it is the same."""
        if (name, mode) not in self._left:
            fn = self.subject.variants[name].fn
            self._left[name, mode] = left_to_processor(fn, mode, inputs, self.device)
        return self._left[name, mode]

    def _certified(self, size: int, second: bool) -> tuple[Operands, Reference]:
        """Operands, and what is right at some of them: one of each for all modes."""
        if (size, second) not in self._known:
            on = self.operands(size)
            rows = len(on.upstream)
            places = np.unique(np.linspace(0, rows - 1, min(POINTS, rows)).astype(np.int64))
            above = on.second if second else None
            of = Reference(self.subject, self.dtype, on.inputs, on.upstream, places, above)
            self._known[size, second] = on, of
        return self._known[size, second]


def _units(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    phase = np.exp(2j * np.pi * rng.uniform(0, 1, shape))
    return (phase if dtype.startswith("complex") else np.sign(phase.real)).astype(dtype)


def _moved(on: Operands) -> float:
    """Inputs and upstream are read, value and gradients written, of the same sizes."""
    return 2 * (sum(x.nbytes for x in on.inputs) + on.upstream.nbytes) / stream_bytes(on.numbers)


def stream_bytes(numbers: np.ndarray) -> int:
    """Bytes that ``stream`` reads and writes."""
    return STREAMED * numbers.nbytes


def floors(numbers: np.ndarray, mode: str) -> dict[str, Callable[[], Any]]:
    """What bounds a subject's time from below: ``stream`` is two passes over memory, as much as
    value and gradient read and write; ``exp_copy`` has the one exponential that many need."""
    z, u = tf.constant(np.conj(numbers)), tf.constant(numbers)
    return {name: partial(_floor(name, mode), z, u) for name in FLOORS}


@cache
def _floor(name: str, mode: str) -> Callable[..., Any]:
    first = tf.exp if name == "exp_copy" else tf.negative

    def floor(z: tf.Tensor, u: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return first(z), tf.negative(u)

    return in_mode(floor, mode)
