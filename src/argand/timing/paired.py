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
TRIES = 3  # of a sample; fewer where they take longer than three of the shortest
NARROW = 0.01  # half the relative width at which an interval is narrow enough
LEAST_ROUNDS = 15  # the fewest whose interval forgives one outlier on either side
MOST_ROUNDS = 1001


@dataclass(frozen=True)
class Paired:
    """Seconds per call, shape (rounds,), by name; entries of one index are from one round.

    A sample is the least of ``tries``, and a try is the mean of ``calls``. All names have the same
    ``tries`` and ``calls``, so that what a sample costs beside its calls is the same share
    everywhere.
    """

    seconds: dict[str, np.ndarray]
    calls: int
    tries: int


class Rounds:
    """Rounds of several callables, each timed once a round, in an order that is drawn anew.

    Rounds can be taken in several visits, with other work between: a machine whose memory is slower
    for some seconds then decides no ratio. ``synchronise`` returns when all that was started is
    finished; a sample's time includes it.
    """

    def __init__(
        self,
        callables: Mapping[str, Callable[[], Any]],
        *,
        baseline: str,
        synchronise: Callable[[], None] = lambda: None,
        seed: int = 0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._callables, self._names, self._baseline = callables, list(callables), baseline
        self._synchronise, self._clock = synchronise, clock
        self._rng = np.random.default_rng(seed)
        self._samples: dict[str, list[float]] = {name: [] for name in callables}
        self._calls, self._tries, self._first = 0, 0, 0

    @property
    def taken(self) -> Paired:
        """The rounds of all visits."""
        seconds = {name: np.array(s) for name, s in self._samples.items()}
        return Paired(seconds, self._calls, self._tries)

    def visit(self, budget: float, least: int = LEAST_ROUNDS) -> float:
        """Take rounds for ``budget`` seconds, or until every ratio to the baseline is known within
        ±1 %.

        There are at least ``least`` rounds; where the ratios are known, at least as many as in the
        first visit. Returns the seconds that ``least`` rounds take. The first calls, in which
        TensorFlow traces and compiles, do not count.
        """
        if not self._first:
            for act in self._callables.values():
                for _ in range(2):  # XLA and allocators settle on the second call
                    self._try(act, 1)
            self._calls, self._tries = self._repeats(self._callables[self._baseline])
            gc.collect()
        wanted, next_look = max(least, self._first), 0
        with _no_collection():
            start = self._clock()
            for here in range(1, MOST_ROUNDS + 1):
                self._round()
                if here < least:
                    continue
                if self._clock() - start >= budget:
                    break
                if here >= max(wanted, next_look):
                    if self._narrow():
                        break
                    next_look = here + here // 2
            spent = self._clock() - start
        self._first = self._first or here
        return spent * least / here

    def _round(self) -> None:
        for i in self._rng.permutation(len(self._names)):
            name = self._names[i]
            act = self._callables[name]
            self._samples[name].append(min(self._try(act, self._calls) for _ in range(self._tries)))

    def _repeats(self, act: Callable[[], Any]) -> tuple[int, int]:
        """How many calls a try has, so that it is not too short; and how many tries a sample has.

        A call of a millisecond takes half as long again if the system wakes a second thread late.
        That happens to all callables, but not to all equally often: hence the least of several
        tries.
        """
        calls = 1
        while True:
            seconds = self._try(act, calls)
            if calls * seconds >= SHORTEST / 2:
                calls = max(1, round(SHORTEST / seconds))
                return calls, max(1, min(TRIES, round(TRIES * SHORTEST / (calls * seconds))))
            calls *= 4

    def _try(self, act: Callable[[], Any], calls: int) -> float:
        start = self._clock()
        for _ in range(calls):
            act()
        self._synchronise()
        return (self._clock() - start) / calls

    def _narrow(self) -> bool:
        base = np.array(self._samples[self._baseline])
        widths = [ratio_interval(np.array(s), base).width for s in self._samples.values()]
        return all(w <= NARROW for w in widths)  # NaN is not narrow


def measure(
    callables: Mapping[str, Callable[[], Any]],
    *,
    baseline: str,
    budget: float,
    synchronise: Callable[[], None] = lambda: None,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> Paired:
    """Time every callable in one visit, as Rounds has it."""
    rounds = Rounds(callables, baseline=baseline, synchronise=synchronise, seed=seed, clock=clock)
    rounds.visit(budget)
    return rounds.taken


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python's garbage collector would strike at random samples."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
