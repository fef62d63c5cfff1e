"""Which floating-point results fail: value and gradient in each mode, judged by sampling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from argand.check.case import Case
from argand.check.finding import Finding
from argand.exact.reference import Exact, certify
from argand.floats import hexadecimal
from argand.probe import Probe, ProbeError, Result
from argand.verdict import CODE, VERDICTS, judge

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


def run(case: Case, mode: str, samples: Samples) -> Result | Finding:
    """Value and gradients in ``mode``, or the finding that says how it raised."""
    try:
        return Probe(case.fn, mode)(samples.inputs, samples.upstream)
    except ProbeError as error:
        return Finding(case.variant, mode, case.dtype, "gradient", "error", str(error))


def quantities(case: Case, result: Result, exact: Exact) -> Iterator[tuple[str, int, np.ndarray]]:
    """(quantity, input by which, computed) for each array that can be judged."""
    if result.value.shape == exact.value.shape and result.value.dtype == case.output_dtype:
        yield "value", -1, result.value
    for i, gradient in enumerate(result.gradients):
        if gradient is None or gradient.shape != exact.value.shape:
            continue
        if gradient.dtype == case.input_dtypes[i]:
            yield "gradient", i, gradient


def judged(
    case: Case, mode: str, result: Result, samples: Samples, max_ulp: float
) -> tuple[list[Finding], int]:
    """One finding for each quantity and failing verdict, with the plainest or worst witness,
    and the number of results that were judged."""
    findings, count = list(_misfits(case, mode, result, samples)), 0
    exact = samples.exact
    for quantity, by, computed in quantities(case, result, exact):
        assert exact.vjp is not None
        truth = exact.value if by < 0 else exact.vjp[by]
        codes, error = judge(computed, truth, exact.certified, max_ulp, exact.undefined)
        count += codes.size
        for verdict in VERDICTS:
            if not verdict.failing:
                continue
            where = np.flatnonzero(codes == CODE[verdict.name])
            if where.size:
                worst = verdict.name == "inaccurate"
                k = where[np.argmax(error[where])] if worst else plainest(samples, where)
                words = f"{_SENTENCES[verdict.name]} {where.size} of {codes.size} samples"
                if worst:
                    words += f", up to {error[k]:.3g} ulp"
                findings.append(
                    Finding(
                        case.variant,
                        mode,
                        case.dtype,
                        quantity,
                        verdict.name,
                        f"{words}{by_input(case, by)}.",
                        **witness(samples, k, computed[k], truth[k]),
                    )
                )
    return findings, count


def _misfits(case: Case, mode: str, result: Result, samples: Samples) -> Iterator[Finding]:
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
