"""Does an entry's result change with the length of its batch?

Vector and tail paths of a kernel are other code.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.asked import Asked
from argand.exact.raw import any_of_sample
from argand.exact.reference import Exact
from argand.frontend.runner import Result, RunError
from argand.trial.finding import Finding
from argand.trial.judged import fitting, quantities
from argand.trial.place import places_of
from argand.trial.points.ordinary import apart, far, moderate, ordinary
from argand.trial.written import witness
from argand.verdict import CODE, VERDICTS, fails, judge

KINDS = {
    "length_dependent": "Avoid the operation named, or report it: its vector path differs.",
}
LENGTHS = (1, 2, 3, 4, 5, 8, 17)
TRACED = (1, 17)  # in modes that trace or compile each anew: one entry, and vectors with a tail
FAILED, DRAWN, ORDINARY = 4, 2, 2


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """Findings where one sample, repeated, gives what is accurate in a batch of one length, and
    what fails in one of another length, or elsewhere in the batch.

    Tried where the results fail, at other samples and at ordinary points; in the first mode at
    all LENGTHS.
    """
    for mode in asked.ran():
        if not asked.has("batch_coupling", mode):
            lengths = LENGTHS if mode == asked.modes[0] else TRACED
            yield from _in_mode(asked, mode, lengths, rng)


def _in_mode(
    asked: Asked, mode: str, lengths: tuple[int, ...], rng: np.random.Generator
) -> Iterator[Finding]:
    problem = asked.problem
    inputs, u, special = _points(asked, mode, rng)
    exact = problem.exact(inputs, u)
    places = places_of(problem, inputs, u, [exact.value, *exact.gradients], special)
    plain, allowance = moderate(problem, inputs), asked.samples.allowance(asked.max_ulp)
    found: set[tuple[int, str]] = set()
    for k in np.flatnonzero(exact.certified):
        try:
            results = [
                dict(_by_input(problem.run(mode)(
                    [np.repeat(x[k : k + 1], n, axis=0) for x in inputs],
                    np.repeat(u[k : k + 1], n, axis=0),
                )))
                for n in lengths
            ]  # fmt: skip
        except RunError:
            return  # the probe ``error`` tells
        for by in range(-1, len(inputs)):
            parts = [r.get(by) for r in results]
            truth = exact.quantity(by)[k : k + 1]
            if (by, "defect") in found or not np.all(np.abs(truth) < np.finfo(truth.dtype).max / 4):
                continue  # what overflows, or nearly, does so in many ways: verdicts tell
            told = _told(parts, lengths, truth, asked.max_ulp, bool(plain[k]))
            if told:
                words, gave, entry = told
                one = [x[k : k + 1] for x in inputs], u[k : k + 1], np.array([entry])
                explained = (by < 0 or not asked.has("formula")) and bool(
                    allowance.explains(by, gave[None], truth, *one)[0]
                )
                finding = problem.finding(
                    "length_dependent", mode, "value" if by < 0 else "gradient",
                    f"The result for one point changes with the length of its batch: {words}"
                    f"{problem.by_input(by)}.", place=str(places[k]), explained=explained,
                    **witness(inputs, u, int(k), gave, truth[0]),
                )  # fmt: skip
                if (by, finding.severity) not in found:
                    found.add((by, finding.severity))
                    yield finding


def _by_input(result: Result) -> Iterator[tuple[int, np.ndarray]]:
    return ((by, array) for _, by, array in quantities(result))


def _told(
    parts: list[np.ndarray | None],
    lengths: tuple[int, ...],
    truth: np.ndarray,
    max_ulp: float,
    plain: bool,
) -> tuple[str, np.ndarray, int] | None:
    """Which lengths are right and which fail, what one that fails gives, and in which entry.

    At a point that is not ``plain`` only what is not finite fails: the rest may be rounding.
    """
    right, wrong, gave, entry = [], [], None, 0
    one = "sample" if truth.ndim > 1 else "entry"
    for n, part in zip(lengths, parts, strict=True):
        if part is None or part.shape != (n, *truth.shape[1:]) or part.dtype != truth.dtype:
            return None  # a finding of its own
        codes, _ = judge(part, np.repeat(truth, n, axis=0), np.ones(n, bool), max_ulp)
        bad = fails(codes) & apart(part, truth, far(truth.dtype))
        bad &= plain | ~np.isfinite(part)
        if bad.any():
            at = tuple(np.argwhere(bad)[0])
            wrong.append(f"{VERDICTS[codes[at]].name} in {one} {at[0]} of {n}")
            if gave is None:
                gave, entry = part[at[0]], int(np.flatnonzero(bad[at[0]])[0])
        elif (codes == CODE["accurate"]).all():
            right.append(str(n))
    partly = wrong and any(not w.endswith(f"{one} 0 of 1") for w in wrong)
    if gave is None or not partly or not right:
        return None
    return f"accurate at length {', '.join(right)}; {', '.join(wrong)}", gave, entry


def _points(
    asked: Asked, mode: str, rng: np.random.Generator
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Samples that fail in ``mode``, samples that do not, and ordinary ones; and which of them
    are special points."""
    problem, samples = asked.problem, asked.samples
    exact = samples.exact
    failed = _failed(asked, mode, exact)
    kinds = ((failed, FAILED), (exact.certified & ~failed, DRAWN))
    chosen = [
        rng.choice(np.flatnonzero(where), min(n, int(where.sum())), replace=False)
        for where, n in kinds
        if where.any()
    ]
    k = np.concatenate([*chosen, np.empty(0, int)]).astype(int)
    plain, u = ordinary(problem, ORDINARY, rng)
    inputs = [np.concatenate([x[k], y]) for x, y in zip(samples.inputs, plain, strict=True)]
    special = np.concatenate([samples.special[k], np.zeros(len(u), bool)])
    return inputs, np.concatenate([samples.upstream[k], u]), special


def _failed(asked: Asked, mode: str, exact: Exact) -> np.ndarray:
    failed = np.zeros(len(asked.samples.upstream), bool)
    for _, _, computed, truth in fitting(asked.problem, asked.result(mode), exact):
        codes, _ = judge(computed, truth, exact.certified, asked.max_ulp, exact.undefined)
        failed |= any_of_sample(fails(codes) & np.isfinite(truth))
    return failed
