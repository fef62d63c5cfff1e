"""Which floating-point results fail: value and gradient in each mode, judged by sampling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from argand.check.case import Case
from argand.check.components import split
from argand.check.finding import Finding
from argand.check.search import CLIMBED, badness
from argand.check.trial import Judged, Part
from argand.exact.reference import Exact, certify
from argand.floats import hexadecimal
from argand.probe import Result
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
        return certify(self.case.truth, self.inputs, self.upstream, self.case.output_dtype)

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
    """The samples of one quantity that have one failing verdict, ``key``, and the worst of them."""

    key: tuple[str, int, str]
    count: int
    of: int
    components: list[float]
    upstream: complex | float
    computed: complex | float
    exact: complex | float
    error: float


def sentence(verdict: str) -> str:
    """What the verdict means."""
    return _SENTENCES[verdict]


def grouped(judged: dict[Part, Judged], samples: Samples) -> list[Group]:
    """A group for each quantity and failing verdict among ``judged``."""
    components = split(samples.inputs)
    groups = []
    for (quantity, by), part in judged.items():
        for verdict in VERDICTS:
            where = np.flatnonzero(part.codes == CODE[verdict.name])
            if verdict.failing and where.size:
                k = _worst(verdict.name, part, samples, where)
                groups.append(
                    Group(
                        (quantity, by, verdict.name),
                        int(where.size),
                        part.codes.size,
                        [float(c[k]) for c in components],
                        samples.upstream[k].item(),
                        part.computed[k].item(),
                        part.exact[k].item(),
                        float(part.error[k]),
                    )
                )
    return groups


def _worst(verdict: str, part: Judged, samples: Samples, where: np.ndarray) -> int:
    """The worst sample where that means something, else the plainest; of upstream 1 if any is."""
    plain = where[samples.upstream[where] == 1]
    if plain.size:
        where = plain
    if verdict in CLIMBED:
        measure = badness(verdict, part.error[where], part.exact[where])
        if np.isfinite(measure).any():
            return int(where[np.argmax(measure)])
    return plainest(samples, where)


def misfits(case: Case, mode: str, result: Result, samples: Samples) -> Iterator[Finding]:
    """Findings for results that cannot be judged, because they are not what was asked for."""
    shape, dtype = list(samples.upstream.shape), case.output_dtype
    parts = [("value", -1, result.value)]
    parts += [("gradient", i, g) for i, g in enumerate(result.gradients) if g is not None]
    for quantity, by, array in parts:
        where = (case.variant, mode, case.dtype, quantity)
        if list(array.shape) != shape:
            yield Finding(
                *where, "shape",
                f"With inputs of shape {shape} the {quantity} has shape {list(array.shape)}"
                f"{by_input(case, by)}.",
            )  # fmt: skip
        elif by < 0 and array.dtype != dtype:
            yield Finding(*where, "dtype", f"The value is {array.dtype}; the exact one is {dtype}.")


def witness(samples: Samples, k: int, computed: complex, exact: complex) -> dict:
    """The fields of a finding that say where it was seen, and what was and should be there."""
    return {
        "input": hexes([x[k].item() for x in samples.inputs]),
        "upstream": repr(samples.upstream[k].item()),
        "computed": repr(np.asarray(computed).item()),
        "exact": repr(np.asarray(exact).item()),
    }


def hexes(values: Sequence[complex | float]) -> tuple[str, ...]:
    """The components of all inputs, in order, as hexadecimal floats."""
    return tuple(h for v in values for h in hexadecimal(v))


def by_input(case: Case, by: int) -> str:
    """Which input's gradient is meant, where there are several."""
    return f" (gradient by input {by})" if by >= 0 and len(case.input_dtypes) > 1 else ""


def plainest(samples: Samples, where: np.ndarray) -> int:
    """The sample among ``where`` that a person would choose: upstream 1, components near 1."""
    oddity = (samples.upstream[where] != 1) * 1e6
    for x in samples.inputs:
        for part in (x[where].real, x[where].imag):
            with np.errstate(divide="ignore"):
                size = np.abs(np.log2(np.abs(part.astype(np.float64))))
            oddity = oddity + np.where(part == 0, 0.0, size)
    return int(where[np.argmin(oddity)])
