"""Does an entry's result hang on how long its batch is? Vector and tail paths are other code."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.rounding import Samples, by_input, hexes, text
from argand.exact.parts import any_of_sample
from argand.exact.reference import Exact
from argand.frontend.runner import Result, RunError, Runner
from argand.trial.finding import Finding
from argand.trial.judged import quantities
from argand.trial.ordinary import apart, far, moderate, ordinary
from argand.trial.problem import Case
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
    """Findings of kind ``length_dependent``: one sample, repeated, gives what is accurate in a
    batch of one length, and what fails in one of another length, or elsewhere in the batch.

    Tried where ``result`` fails, at other samples and at ordinary points.
    """
    inputs, u = _points(case, samples, result, max_ulp, rng)
    exact = case.exact(inputs, u)
    plain = moderate(case, inputs)
    probe = Runner(case.fn, mode)
    lengths = LENGTHS if all_lengths else TRACED
    found: set[int] = set()
    for k in np.flatnonzero(exact.certified):
        try:
            results = [
                probe([np.repeat(x[k : k + 1], n, axis=0) for x in inputs],
                      np.repeat(u[k : k + 1], n, axis=0))
                for n in lengths
            ]  # fmt: skip
        except RunError:
            return  # sampling reports what is raised
        for by in range(-1, len(inputs)):
            parts = [r.value if by < 0 else r.gradients[by] for r in results]
            quantity = "value" if by < 0 else "gradient"
            truth = _truth(exact, by)[k : k + 1]
            if by in found or not np.all(np.abs(truth) < np.finfo(truth.dtype).max / 4):
                continue  # what overflows, or nearly, does so in many ways: verdicts tell
            told = _told(parts, lengths, truth, max_ulp, bool(plain[k]))
            if told:
                found.add(by)
                words, gave = told
                yield Finding(
                    case.variant, mode, case.dtype, quantity, "length_dependent",
                    f"The result for one point hangs on the length of its batch: {words}"
                    f"{by_input(case, by)}.",
                    hexes(x[k] for x in inputs), text(u[k]), text(gave), text(truth[0]),
                )  # fmt: skip


def _told(
    parts: list[np.ndarray | None],
    lengths: tuple[int, ...],
    truth: np.ndarray,
    max_ulp: float,
    plain: bool,
) -> tuple[str, np.ndarray] | None:
    """Which lengths are right and which fail, and what one that fails gives. At a point that is
    not ``plain`` only what is not finite fails: the rest may be rounding."""
    right, wrong, gave = [], [], None
    one = "sample" if truth.ndim > 1 else "entry"
    for n, part in zip(lengths, parts, strict=True):
        if part is None or part.shape != (n, *truth.shape[1:]) or part.dtype != truth.dtype:
            return None  # a finding of its own
        codes, _ = judge(part, np.repeat(truth, n, axis=0), np.ones(n, bool), max_ulp)
        fails = FAILING[codes] & apart(part, truth, far(truth.dtype))
        fails &= plain | ~np.isfinite(part)
        if fails.any():
            at = tuple(np.argwhere(fails)[0])
            wrong.append(f"{NAMES[int(codes[at])]} in {one} {at[0]} of {n}")
            gave = part[at[0]] if gave is None else gave
        elif (codes == CODE["accurate"]).all():
            right.append(str(n))
    partly = wrong and any(not w.endswith(f"{one} 0 of 1") for w in wrong)
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
        failed |= any_of_sample(FAILING[codes] & np.isfinite(truth))
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
