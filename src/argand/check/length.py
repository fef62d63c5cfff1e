"""Does an entry's result hang on how long its batch is? Vector and tail paths are other code."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.case import Case
from argand.check.finding import Finding
from argand.check.ordinary import apart, far, moderate, ordinary
from argand.check.rounding import Samples, by_input, hexes
from argand.check.trial import quantities
from argand.exact.reference import Exact, certify
from argand.probe import Probe, ProbeError, Result
from argand.verdict import CODE, VERDICTS, judge

LENGTHS = (1, 2, 3, 4, 5, 8, 17)
TRACED = (1, 17)  # in modes that trace or compile each anew: one entry, and vectors with a tail
FAILED, DRAWN, ORDINARY = 4, 2, 2
FAILING = np.array([v.failing for v in VERDICTS])  # by code
NAMES = {v.code: v.name for v in VERDICTS}


def by_length(
    case: Case,
    mode: str,
    samples: Samples,
    result: Result,
    max_ulp: float,
    rng: np.random.Generator,
    all_lengths: bool,
) -> Iterator[Finding]:
    """Findings of kind ``length_dependent``: one point, repeated, gives what is accurate in a
    batch of one length, and what fails in one of another length, or elsewhere in the batch.

    Tried where ``result`` fails, at other samples and at ordinary points.
    """
    inputs, u = _points(case, samples, result, max_ulp, rng)
    exact = certify(case.truth, inputs, u, case.output_dtype)
    plain = moderate(case, inputs)
    probe = Probe(case.fn, mode)
    lengths = LENGTHS if all_lengths else TRACED
    found: set[int] = set()
    for k in np.flatnonzero(exact.certified):
        try:
            rows = [probe([np.full(n, x[k]) for x in inputs], np.full(n, u[k])) for n in lengths]
        except ProbeError:
            return  # sampling reports what is raised
        for by in range(-1, len(inputs)):
            parts = [r.value if by < 0 else r.gradients[by] for r in rows]
            quantity = "value" if by < 0 else "gradient"
            truth = _truth(exact, by)[k : k + 1]
            if by in found or not np.abs(truth[0]) < np.finfo(truth.dtype).max / 4:
                continue  # what overflows, or nearly, does so in many ways: verdicts tell
            told = _told(parts, lengths, truth, max_ulp, bool(plain[k]))
            if told:
                found.add(by)
                words, gave = told
                yield Finding(
                    case.variant, mode, case.dtype, quantity, "length_dependent",
                    f"The result for one point hangs on the length of its batch: {words}"
                    f"{by_input(case, by)}.",
                    hexes([x[k].item() for x in inputs]), repr(u[k].item()), repr(gave),
                    repr(truth[0].item()),
                )  # fmt: skip


def _told(
    parts: list[np.ndarray | None],
    lengths: tuple[int, ...],
    truth: np.ndarray,
    max_ulp: float,
    plain: bool,
) -> tuple[str, complex] | None:
    """Which lengths are right and which fail, and what one that fails gives. At a point that is
    not ``plain`` only what is not finite fails: the rest may be rounding."""
    right, wrong, gave = [], [], None
    for n, row in zip(lengths, parts, strict=True):
        if row is None or row.shape != (n,) or row.dtype != truth.dtype:
            return None  # a finding of its own
        codes, _ = judge(row, np.full(n, truth[0]), np.ones(n, bool), max_ulp)
        fails = FAILING[codes] & apart(row, truth, far(truth.dtype))
        fails &= plain | ~np.isfinite(row)
        if fails.any():
            j = int(np.flatnonzero(fails)[0])
            wrong.append(f"{NAMES[int(codes[j])]} in entry {j} of {n}")
            gave = row[j].item() if gave is None else gave
        elif (codes == CODE["accurate"]).all():
            right.append(str(n))
    partly = wrong and any(not w.endswith("entry 0 of 1") for w in wrong)
    if gave is None or not partly or not right:
        return None
    return f"accurate at length {', '.join(right)}; {', '.join(wrong)}", gave


def _points(
    case: Case, samples: Samples, result: Result, max_ulp: float, rng: np.random.Generator
) -> tuple[list[np.ndarray], np.ndarray]:
    exact = samples.exact
    failed = np.zeros(len(samples.upstream), bool)
    for _, by, computed in quantities(case, result, exact):
        truth = _truth(exact, by)
        codes, _ = judge(computed, truth, exact.certified, max_ulp, exact.undefined)
        failed |= FAILING[codes] & np.isfinite(truth)
    kinds = ((failed, FAILED), (exact.certified & ~failed, DRAWN))
    chosen = [
        rng.choice(np.flatnonzero(where), min(n, int(where.sum())), replace=False)
        for where, n in kinds
        if where.any()
    ]
    k = np.concatenate([*chosen, np.empty(0, int)]).astype(int)
    plain, u = ordinary(case, ORDINARY, rng)
    inputs = [np.concatenate([x[k], y]) for x, y in zip(samples.inputs, plain, strict=True)]
    return inputs, np.concatenate([samples.upstream[k], u])


def _truth(exact: Exact, by: int) -> np.ndarray:
    assert exact.vjp is not None
    return exact.value if by < 0 else exact.vjp[by]
