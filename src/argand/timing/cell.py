"""One cell of the suite: a subject in one dtype, mode, size and device, all variants at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np
import tensorflow as tf

from argand.check.samples import generic_points
from argand.probe import Probe
from argand.subject import Subject
from argand.timing.correct import POINTS, SEED, Reference, wrong_formulas
from argand.timing.paired import measure
from argand.trace import describe, trace_value

BASELINE = "auto"
CONTROL = "control"  # auto a second time: what two equal things differ by on this machine
VARIANTS = (BASELINE, "custom", "stable")
FLOORS = ("exp_copy", "stream")


@dataclass(frozen=True)
class Cell:
    """Seconds per call, (rounds,) each, by variant, ``control`` (where ``auto`` has any) and
    floor; variants ``refused`` with the reason; and the gradient's largest error in ulp at the
    checked points."""

    seconds: dict[str, np.ndarray]
    refused: dict[str, str] = field(default_factory=dict)
    gradient_ulp: dict[str, float] = field(default_factory=dict)


class Workload:
    """The inputs of one subject in one dtype, from its window, with upstreams of size 1.

    A cell of n points takes the first n, so that all sizes, variants and commits see the same.
    """

    def __init__(self, subject: Subject, dtype: str, largest: int, device: str = "CPU:0") -> None:
        self.subject, self.dtype, self.device = subject, dtype, device
        window = tuple(pair for i in subject.inputs for pair in i.window)
        rng = np.random.default_rng(SEED)
        input_dtypes = subject.input_dtypes(dtype)
        self.inputs = generic_points(input_dtypes, window, largest, rng)
        program = trace_value(subject.plain, input_dtypes)
        assert program.outputs[0] is not None
        output = program.dtypes[program.outputs[0]]
        phase = np.exp(2j * np.pi * rng.uniform(0, 1, largest))
        complex_output = output.startswith("complex")
        self.upstream = (phase if complex_output else np.sign(phase.real)).astype(output)
        present = [v for v in VARIANTS if v in subject.variants]
        self.refused = wrong_formulas(subject, dtype, present)
        self.probes = [v for v in present if v not in self.refused]

    def _synchronise(self) -> None:
        """On the processor TensorFlow returns when it is done; asking would cost 12 µs."""
        if not self.device.startswith("CPU"):
            tf.test.experimental.sync_devices()

    def measure(self, mode: str, size: int, budget: float) -> Cell:
        """Check each variant at this size in this mode, then time those that are right.

        ``budget`` is in seconds and for the timing alone.
        """
        inputs, upstream = [x[:size] for x in self.inputs], self.upstream[:size]
        places = np.unique(np.linspace(0, size - 1, min(POINTS, size)).astype(np.int64))
        reference = Reference(self.subject, self.dtype, inputs, upstream, places)
        refused, errors = dict(self.refused), {}
        callables: dict[str, Callable[[], Any]] = {}
        with tf.device(self.device):
            for name in self.probes:
                act = _probe(self.subject.variants[name].fn, mode, self.device).bound(
                    inputs, upstream
                )
                try:
                    why, errors[name] = reference.compare(*act())
                except Exception as error:  # whatever the function under study raises
                    why = describe(error)
                if why:
                    refused[name] = why
                else:
                    callables[name] = act
            if BASELINE in callables:
                callables[CONTROL] = callables[BASELINE]
            callables |= _floors(upstream, mode)
            timed = measure(
                callables,
                baseline=next(iter(callables)),
                budget=budget,
                synchronise=self._synchronise,
                seed=SEED,
            )
        return Cell(timed.seconds, refused, errors)


@cache
def _probe(fn: Callable[..., Any], mode: str, device: str) -> Probe:
    """One for all sizes: TensorFlow keeps a trace and a compilation for each shape."""
    return Probe(fn, mode, device)


def _floors(upstream: np.ndarray, mode: str) -> dict[str, Callable[[], Any]]:
    """What bounds a subject's time from below: ``stream`` is two passes over memory, as much as
    value and gradient read and write; ``exp_copy`` has the one exponential that many need."""
    z, u = tf.constant(np.conj(upstream)), tf.constant(upstream)
    return {name: partial(_floor(name, mode), z, u) for name in FLOORS}


@cache
def _floor(name: str, mode: str) -> Callable[..., Any]:
    first = tf.exp if name == "exp_copy" else tf.negative

    def floor(z: tf.Tensor, u: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return first(z), tf.negative(u)

    if mode == "eager":
        return floor
    return tf.function(floor, jit_compile=mode == "xla", autograph=False)
