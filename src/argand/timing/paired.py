"""Times of several callables, taken in one process, round by round, in shuffled order."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from argand.timing.statistics import ratio_interval

SHORTEST = 1e-3  # seconds of a try: a clock's step and a call's overhead vanish in it
TRIES = 3  # of a sample, while they take no longer than as many of the shortest
NARROW = 0.01  # half the relative width at which an interval is narrow enough
LEAST_ROUNDS = 15  # the fewest whose interval forgives one outlier on either side
MOST_ROUNDS = 1001


@dataclass(frozen=True)
class Paired:
    """Seconds per call, shape (rounds,), by name; entries of one index are from one round.

    A sample is the least of ``tries``, each the mean of ``calls``: one number of both for all
    names, so that what a sample costs beside its calls is the same share everywhere.
    """

    seconds: dict[str, np.ndarray]
    calls: int
    tries: int


def measure(
    callables: Mapping[str, Callable[[], Any]],
    *,
    baseline: str,
    budget: float,
    synchronise: Callable[[], None] = lambda: None,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> Paired:
    """Time every callable once a round, in an order drawn anew each round.

    Stops when every ratio to ``baseline`` is known within ±1 %, or ``budget`` seconds are spent
    (but not before the rounds that an interval needs). The first calls, in which TensorFlow
    traces and compiles, are not counted. ``synchronise`` returns when all that was started is
    finished; it is inside the sample.
    """
    rng = np.random.default_rng(seed)
    for act in callables.values():
        for _ in range(2):  # XLA and allocators settle on the second call
            _try(act, 1, synchronise, clock)
    calls, tries = _repeats(callables[baseline], synchronise, clock)
    samples: dict[str, list[float]] = {name: [] for name in callables}
    names = list(callables)
    next_look = LEAST_ROUNDS
    with _no_collection():
        start = clock()
        for done in range(1, MOST_ROUNDS + 1):
            for i in rng.permutation(len(names)):
                name = names[i]
                act = callables[name]
                samples[name].append(
                    min(_try(act, calls, synchronise, clock) for _ in range(tries))
                )
            if done < LEAST_ROUNDS:
                continue
            if clock() - start >= budget:
                break
            if done >= next_look:
                if _narrow(samples, baseline):
                    break
                next_look = done + done // 2
    return Paired({name: np.array(s) for name, s in samples.items()}, calls, tries)


def _repeats(
    act: Callable[[], Any], synchronise: Callable[[], None], clock: Any
) -> tuple[int, int]:
    """How many calls fill the shortest try, and how many tries a sample is the least of.

    In a call of a millisecond the system may wake a second thread late, and that call is half as
    long again: it happens to all callables, but not to all equally often in one run.
    """
    calls = 1
    while True:
        seconds = _try(act, calls, synchronise, clock)
        if calls * seconds >= SHORTEST / 2:
            calls = max(1, round(SHORTEST / seconds))
            return calls, max(1, min(TRIES, round(TRIES * SHORTEST / (calls * seconds))))
        calls *= 4


def _try(
    act: Callable[[], Any], calls: int, synchronise: Callable[[], None], clock: Callable[[], float]
) -> float:
    start = clock()
    for _ in range(calls):
        act()
    synchronise()
    return (clock() - start) / calls


def _narrow(samples: Mapping[str, list[float]], baseline: str) -> bool:
    base = np.array(samples[baseline])
    widths = [ratio_interval(np.array(s), base).width for s in samples.values()]
    return all(w <= NARROW for w in widths)  # NaN is not narrow


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python's garbage collector would strike at random samples."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
