"""Which floating-point results fail: value and gradient in each mode, judged by sampling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from argand.exact.reference import Exact
from argand.floats import hexadecimal
from argand.frontend.runner import Result
from argand.trial.components import split
from argand.trial.finding import Finding
from argand.trial.judged import Judged, Part
from argand.trial.problem import Case
from argand.trial.search import CLIMBED, Witness, badness
from argand.verdict import CODE, VERDICTS

_SENTENCES = {v.name: v.sentence for v in VERDICTS}


@dataclass(frozen=True)
class Samples:
    """Inputs and upstreams of one truth in one dtype, shared by all variants and modes."""

    case: Case
    inputs: list[np.ndarray]
    upstream: np.ndarray

    @cached_property
    def exact(self) -> Exact:
        """The certified reference at these samples."""
        return self.case.exact(self.inputs, self.upstream)

    @property
    def undecided(self) -> int:
        """Samples at which the reference could not be certified, nor shown to be undefined."""
        return int((~self.exact.certified & ~self.exact.undefined).sum())

    @property
    def undefined(self) -> int:
        """Samples at which the function or its derivative is undefined."""
        return int(self.exact.undefined.sum())


@dataclass(frozen=True)
class Group:
    """The samples of one quantity that have one failing verdict, and the worst of them."""

    count: int
    of: int
    witness: Witness

    @property
    def key(self) -> tuple[str, int, str]:
        """The quantity, by which input, and the verdict."""
        return (*self.witness.part, self.witness.verdict)


def sentence(verdict: str) -> str:
    """What the verdict means."""
    return _SENTENCES[verdict]


def grouped(judged: dict[Part, Judged], samples: Samples) -> list[Group]:
    """A group for each quantity and failing verdict among ``judged``."""
    components = split(samples.case.entries(samples.inputs))
    groups = []
    for (quantity, by), part in judged.items():
        for verdict in VERDICTS:
            where = np.flatnonzero(part.codes == CODE[verdict.name])
            if verdict.failing and where.size:
                k = _worst(verdict.name, part, samples, where)
                at = [float(c[k]) for c in components]
                seen = Witness.seen((quantity, by), verdict.name, at, samples.upstream[k], part, k)
                groups.append(Group(int(where.size), part.codes.size, seen))
    return groups


def _worst(verdict: str, part: Judged, samples: Samples, where: np.ndarray) -> int:
    """The worst sample where that means something, else the plainest; of upstream 1 if any is."""
    plain = where[_plain(samples.upstream[where])]
    if plain.size:
        where = plain
    if verdict in CLIMBED:
        measure = badness(verdict, part)[where]
        if np.isfinite(measure).any():
            return int(where[np.argmax(measure)])
    return plainest(samples, where)


def misfits(case: Case, mode: str, result: Result, samples: Samples) -> Iterator[Finding]:
    """Findings for results that cannot be judged, because they are not what was asked for."""
    dtype = case.output_dtype
    given = ", ".join(str(list(x.shape)) for x in samples.inputs)
    parts = [("value", -1, result.value)]
    parts += [("gradient", i, g) for i, g in enumerate(result.gradients) if g is not None]
    for quantity, by, array in parts:
        where = (case.variant, mode, case.dtype, quantity)
        shape = (samples.upstream if by < 0 else samples.inputs[by]).shape
        if array.shape != shape:
            yield Finding(
                *where, "shape",
                f"With inputs of shape {given} the {quantity} has shape {list(array.shape)}, not "
                f"{list(shape)}{by_input(case, by)}.",
            )  # fmt: skip
        elif by < 0 and array.dtype != dtype:
            yield Finding(*where, "dtype", f"The value is {array.dtype}; the exact one is {dtype}.")


def witness(
    inputs: Sequence[np.ndarray], upstream: np.ndarray, k: int, computed: Any, exact: Any
) -> dict[str, Any]:
    """The fields of a finding that say where it was seen, and what was and should be there."""
    return {
        "input": hexes(x[k] for x in inputs),
        "upstream": text(upstream[k]),
        "computed": text(computed),
        "exact": text(exact),
    }


def hexes(values: Iterable[Any]) -> tuple[str, ...]:
    """The components of the inputs at one sample (numbers or rows), in order, in hexadecimal."""
    return tuple(h for v in values for entry in np.ravel(v).tolist() for h in hexadecimal(entry))


def text(result: Any) -> str:
    """A result or upstream of one sample as Python reads it back: a number, or a list of them."""
    return repr(np.asarray(result).tolist())


def by_input(case: Case, by: int) -> str:
    """Which input's gradient is meant, where there are several."""
    return f" (gradient by input {by})" if by >= 0 and len(case.input_dtypes) > 1 else ""


def by_entry(case: Case, by: int, entry: int) -> str:
    """Which entry of the value (``by`` −1) or gradient is meant, where a sample has several."""
    return f" in entry {entry}" if (case.core if by < 0 else case.cores[by]) else ""


def plainest(samples: Samples, where: np.ndarray) -> int:
    """The sample among ``where`` that a person would choose: upstream 1, components near 1."""
    oddity = ~_plain(samples.upstream[where]) * 1e6
    for x in samples.case.entries(samples.inputs):
        for part in (x[where].real, x[where].imag):
            with np.errstate(divide="ignore"):
                size = np.abs(np.log2(np.abs(part.astype(np.float64))))
            oddity = oddity + np.where(part == 0, 0.0, size)
    return int(where[np.argmin(oddity)])


def _plain(upstream: np.ndarray) -> np.ndarray:
    """Samples with upstream 1; of rows, with zeros and ones."""
    rows = upstream.reshape(len(upstream), -1)
    return ((rows == 1) | (rows == 0)).all(1) & (rows == 1).any(1)
