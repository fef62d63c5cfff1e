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
from argand.frontend.trace import describe
from argand.subject import Subject
from argand.timing.correct import POINTS, SEED, Expected, Worth, wrong_formulas
from argand.timing.memory import MEANINGFUL, peak_bytes
from argand.timing.paired import LEAST_ROUNDS, Rounds
from argand.timing.timed import VALUE, Timed, prepare
from argand.timing.transfer import synchronise
from argand.trial.domain import window_of
from argand.trial.points.drawn import generic_points
from argand.trial.problems import problems

BASELINE = "auto"
CONTROL = "control"  # auto a second time: what two equal things differ by on this machine
VARIANTS = (BASELINE, "custom", "stable")
FLOORS = ("exp_copy", "stream")
STREAMED = 4  # arrays that ``stream`` reads or writes: two of each


@dataclass
class Cell:
    """What is known of a cell.

    ``rounds`` are taken of its right variants, of ``control`` (where ``auto`` is right) and of
    the floors; they are None where nothing can be timed. ``refused`` has the reason for each
    variant that is not timed. By variant there are: ``worth``, what its results are worth;
    ``trace`` and ``compile``, seconds; ``peak_bytes``, memory at the peak. The last three are NaN
    where there is no such thing. ``moved`` is the bytes of operands and results ÷ the bytes that
    ``stream`` moves.
    """

    rounds: Rounds | None = None
    refused: dict[str, str] = field(default_factory=dict)
    worth: dict[str, Worth] = field(default_factory=dict)
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
    """What a function is timed on: its inputs, shape (rows, *core) each, the ``upstream`` of its
    value, the ``second`` upstream, of its gradient, and a tensor (n,) of as many ``numbers``."""

    inputs: list[np.ndarray]
    upstream: np.ndarray
    second: np.ndarray
    numbers: np.ndarray


class Workload:
    """A subject in one dtype on one device, and which of its variants have a right formula.

    Raises TargetError where the subject's formula cannot be traced or followed exactly.
    """

    def __init__(self, subject: Subject, dtype: str, device: str = "CPU:0") -> None:
        self.subject, self.dtype, self.device = subject, dtype, device
        self._synchronise = partial(synchronise, device)
        self._known: dict[tuple[int, bool], tuple[Operands, Expected]] = {}
        self._left: dict[tuple[str, str], str] = {}
        found = {p.variant: p for p in problems(subject, [dtype], window_of(subject))[0]}
        self.problems = {v: found[v] for v in VARIANTS if v in found}
        self.plain = found[BASELINE]  # every variant's truth
        self.refused = wrong_formulas(self.problems.values())
        self.right = [v for v in self.problems if v not in self.refused]

    def operands(self, size: int) -> Operands:
        """Inputs of ``size`` numbers from the window, and upstreams of absolute value 1.

        Where a sample is a row, ``size`` counts the numbers of all rows. They are the same for all
        variants and commits.
        """
        rng, plain = np.random.default_rng(SEED), self.plain
        entries = max(math.prod(core) for core in plain.cores)
        rows = max(1, size // entries)
        inputs = generic_points(plain.input_dtypes, plain.domain, rows, rng, plain.cores)
        upstream = _units(rng, (rows, *plain.core), plain.output_dtype)
        return Operands(
            inputs, upstream, _units(rng, inputs[0].shape, inputs[0].dtype.name),
            _units(rng, (rows * entries,), plain.output_dtype),
        )  # fmt: skip

    def measure(self, mode: str, size: int, budget: float, timed: Timed = VALUE) -> Cell:
        """``prepare`` a cell, then ``visit`` it once for at most ``budget`` seconds."""
        cell = self.prepare(mode, size, timed)
        self.visit(cell, budget)
        return cell

    def visit(self, cell: Cell, budget: float, least: int = LEAST_ROUNDS) -> float:
        """Take rounds of ``cell`` for ``budget`` seconds at most, but at least ``least`` rounds.

        Returns the seconds that ``least`` rounds take.
        """
        if not cell.rounds:
            return 0.0
        with tf.device(self.device):
            return cell.rounds.visit(budget, least)

    def prepare(self, mode: str, size: int, timed: Timed = VALUE) -> Cell:
        """Check each variant at this size in this mode; those that are right can be timed."""
        on, expected = self.certified(size, timed == "second order")
        cell = Cell(refused=dict(self.refused), moved=_moved(on))
        callables: dict[str, Callable[[], Any]] = {}
        expected.results(timed)  # certified here, not on the device
        with tf.device(self.device):
            inputs, upstream = [tf.constant(x) for x in on.inputs], tf.constant(on.upstream)
            for name in self.right:
                fn = self.problems[name].fn
                try:
                    if why := self._elsewhere(name, mode, inputs):
                        cell.refused[name] = why
                        continue
                    made = prepare(
                        fn, timed, mode, inputs, upstream, expected.second, self._synchronise
                    )
                    worth = expected.worth(timed, made.results)
                except Exception as error:  # whatever the function under study raises
                    cell.refused[name] = describe(error)
                    continue
                if worth.why:
                    cell.refused[name] = worth.why
                    continue
                cell.worth[name] = worth
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
        """Why the device does not compute the variant itself, "" where it does, at any size."""
        if (name, mode) not in self._left:
            fn = self.problems[name].fn
            self._left[name, mode] = left_to_processor(fn, mode, inputs, self.device)
        return self._left[name, mode]

    def certified(self, size: int, second: bool = False) -> tuple[Operands, Expected]:
        """Operands of ``size`` numbers, and what is right at some of them; ``second`` for the
        gradient's own gradient as well. Both are kept: they serve all modes."""
        if (size, second) not in self._known:
            on = self.operands(size)
            rows = len(on.upstream)
            places = np.unique(np.linspace(0, rows - 1, min(POINTS, rows)).astype(np.int64))
            above = on.second if second else None
            of = Expected(self.plain, on.inputs, on.upstream, places, above)
            self._known[size, second] = on, of
        return self._known[size, second]


def _units(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    phase: np.ndarray = np.exp(2j * np.pi * rng.uniform(0, 1, shape))
    return (phase if dtype.startswith("complex") else np.sign(phase.real)).astype(dtype)


def _moved(on: Operands) -> float:
    """Bytes of a call ÷ bytes of ``stream``: inputs and upstream are read, gradients and value,
    which are as large, are written."""
    return 2 * (sum(x.nbytes for x in on.inputs) + on.upstream.nbytes) / stream_bytes(on.numbers)


def stream_bytes(numbers: np.ndarray) -> int:
    """Bytes that ``stream`` reads and writes."""
    return STREAMED * numbers.nbytes


def floors(numbers: np.ndarray, mode: str) -> dict[str, Callable[[], Any]]:
    """What bounds a subject's time from below, by name.

    ``stream`` reads and writes as much as value and gradient do, in two passes over memory;
    ``exp_copy`` has the one exponential that many subjects need.
    """
    z, u = tf.constant(np.conj(numbers)), tf.constant(numbers)
    return {name: partial(_floor(name, mode), z, u) for name in FLOORS}


@cache
def _floor(name: str, mode: str) -> Callable[..., Any]:
    first = tf.exp if name == "exp_copy" else tf.negative

    def floor(z: tf.Tensor, u: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return first(z), tf.negative(u)

    return in_mode(floor, mode)
