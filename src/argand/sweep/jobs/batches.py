"""A Problem in one mode at given samples, held against the exact results there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from argand.exact.reference import Exact
from argand.frontend.runner import RunError, Runner
from argand.trial.judged import Judged
from argand.trial.problem import Problem
from argand.verdict import MAX_ULP

# Calls are of one of two lengths, filled up with the last sample: XLA compiles for each length,
# which takes longer than the samples do.
FEW, MANY = 2048, 65_536


@dataclass(frozen=True)
class Map:
    """One result that is judged; ``by`` is the input of a gradient, else empty."""

    variant: str
    mode: str
    quantity: str
    by: str


@dataclass(frozen=True)
class Batches:
    """How samples are handed to TensorFlow: on ``device``, ``length`` at once (0: as many as there
    are, up to MANY). ``inputs``: the names of the subject's inputs."""

    inputs: tuple[str, ...]
    device: str
    length: int = 0

    def judged(
        self,
        problem: Problem,
        mode: str,
        inputs: Sequence[np.ndarray],
        upstream: np.ndarray,
        exact: Exact,
    ) -> Iterator[tuple[Map, Judged | str]]:
        """The value and each gradient at samples (n, *core), judged; or in words how it raised or
        why it does not fit."""
        results = self._results(problem.run(mode, self.device), inputs, upstream)
        for quantity, by, computed in results:
            truth = exact.quantity(by)
            place = Map(problem.variant, mode, quantity, self.inputs[by] if by >= 0 else "")
            if not isinstance(computed, str):
                computed = _misfit(computed, truth) or computed
            if isinstance(computed, str):
                yield place, computed
            else:
                yield place, Judged.of(computed, truth, exact, MAX_ULP)

    def _results(
        self, runner: Runner, inputs: Sequence[np.ndarray], upstream: np.ndarray
    ) -> Iterator[tuple[str, int, np.ndarray | str]]:
        """(quantity, input by which, what was computed or how it raised)."""

        def both(parts: list[np.ndarray]) -> list[np.ndarray | None]:
            result = runner(parts[1:], parts[0])
            return [result.value, *result.gradients]

        try:
            value, *gradients = self._in_batches(both, [upstream, *inputs])
        except RunError as error:
            try:
                yield "value", -1, self._in_batches(lambda parts: [runner.value(parts)], inputs)[0]
            except RunError as value_error:
                yield "value", -1, str(value_error)
            gradients = [str(error)] * len(inputs)
        else:
            yield "value", -1, value
        for i, gradient in enumerate(gradients):
            yield "gradient", i, gradient

    def _in_batches(
        self,
        run: Callable[[list[np.ndarray]], Sequence[np.ndarray | None]],
        arrays: Sequence[np.ndarray],
    ) -> list[np.ndarray | str]:
        """What ``run`` returns for all samples, or in words what does not fit together."""
        n = len(arrays[0])
        length = self.length or (FEW if n <= FEW else MANY)
        found: list[list[np.ndarray | str]] = []
        for start in range(0, n, length):
            parts = [_filled(x[start : start + length], length) for x in arrays]
            found.append([_cut(x, length, min(length, n - start)) for x in run(parts)])
        return [_joined(pieces) for pieces in zip(*found, strict=True)]


def _filled(x: np.ndarray, length: int) -> np.ndarray:
    """The samples, the last of them repeated up to ``length``."""
    return np.concatenate([x, np.repeat(x[-1:], length - len(x), 0)]) if len(x) < length else x


def _cut(x: np.ndarray | None, length: int, n: int) -> np.ndarray | str:
    if x is None:
        return "no gradient (None)"
    if x.shape[:1] != (length,):
        return f"it has shape {list(x.shape)} where the inputs have the length {length}"
    return x[:n]


def _joined(pieces: Sequence[np.ndarray | str]) -> np.ndarray | str:
    words = [piece for piece in pieces if isinstance(piece, str)]
    arrays = [piece for piece in pieces if not isinstance(piece, str)]
    return words[0] if words else arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _misfit(computed: np.ndarray, exact: np.ndarray) -> str | None:
    if computed.dtype != exact.dtype:
        return f"it is {computed.dtype}, not {exact.dtype}"
    if computed.shape != exact.shape:
        return f"it has shape {list(computed.shape)}, not {list(exact.shape)}"
    return None
