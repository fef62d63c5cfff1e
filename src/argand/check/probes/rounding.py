"""Which floating-point results fail, though the formula may be right? Judged by sampling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.asked import Asked
from argand.check.explain import Explainer
from argand.check.groups import grouped
from argand.check.report import LeftOpen
from argand.frontend.runner import RunError
from argand.trial.finding import Finding
from argand.trial.written import text

KINDS = {
    "wrong": "Rewrite the computation there: no digit is left.",
    "conjugated": "Conjugate the result, or avoid the operation named in this mode.",
    "spurious_nan": "Rearrange, so that no intermediate leaves the range.",
    "spurious_overflow": "Rearrange, so that no intermediate overflows before the result does.",
    "missed_overflow": "Do not clip: let the result overflow where the exact one does.",
    "spurious_underflow": "Rearrange, so that no intermediate vanishes before the result does.",
    "inaccurate": "Rearrange, so that no difference of near equals loses the digits.",
}


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each mode, quantity and failing verdict, with its worst witness; counts what
    is judged."""
    samples, report = asked.samples, asked.report
    if (open_ := samples.exact.undecided).any():
        first = int(np.argmax(open_))
        at = tuple(text(x[first]) for x in samples.inputs)
        report.left_open[asked.problem.dtype] = LeftOpen(int(open_.sum()), open_.size, at)
    explainer = Explainer(asked.problem, asked.rounds, rng, asked.all_searched, asked.scales)
    for mode in asked.ran():
        found = asked.judged(mode)
        report.samples += sum(part.codes.size for part in found.values())
        report.undecided += int(samples.exact.undecided.sum()) * len(found)
        report.undefined += int(samples.exact.undefined.sum()) * len(found)
        try:
            yield from explainer.findings(asked.trial(mode), grouped(found, samples, asked.scales))
        except RunError as error:
            yield asked.problem.finding("error", mode, "gradient", str(error))
