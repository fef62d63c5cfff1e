"""Is this gradient right? Every probe is asked of every Problem of a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from argand.check.asked import Asked
from argand.check.probes import SEED, advised, generator, probes
from argand.check.repeatable import refuse_unrepeatable
from argand.check.report import Report
from argand.check.samples import draw
from argand.subject import MODES, Subject, TargetError, Variant
from argand.trial.finding import Finding
from argand.trial.problem import Problem
from argand.trial.problems import problems, refusal
from argand.verdict import MAX_ULP

__all__ = ["Finding", "Report", "check"]

SAMPLES = 4096
SAMPLES_OF_ROWS = 768  # each has several numbers, and none is certified by the vectorised path
ROUNDS = 4  # of the local search
THOROUGH = 16  # times as many of both


def check(
    target: Subject | Variant | Callable[..., Any],
    *,
    dtypes: Sequence[str] | None = None,
    modes: Sequence[str] = MODES,
    domain: Any = None,
    reference: Callable[..., Any] | None = None,
    core: int | Sequence[int] | None = None,
    max_ulp: float = MAX_ULP,
    samples: int | None = None,
    thorough: bool = False,
    strict: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Report:
    """What is wrong with the value and gradient of ``target``, gravest first.

    ``domain``: (low, high) for each real component; the whole float line without it.
    ``reference``: the plain formula, where the target's forward pass is an approximation.
    ``core``: 1 for a function along the last axis that keeps its shape, such as a softmax (0 or 1
    for each input); it is found where [n, k] goes to [n].
    ``thorough`` takes 16 times the samples and rounds of search; ``samples`` overrides their
    number; ``strict`` makes every finding a defect. ``progress`` is told each step. Raises
    TargetError for what cannot be checked.
    """
    return ask(list(probes()), target, dtypes, modes, domain, reference, core, max_ulp, samples,
               thorough, strict, progress)  # fmt: skip


def ask(
    names: Sequence[str],
    target: Subject | Variant | Callable[..., Any],
    dtypes: Sequence[str] | None = None,
    modes: Sequence[str] = MODES,
    domain: Any = None,
    reference: Callable[..., Any] | None = None,
    core: int | Sequence[int] | None = None,
    max_ulp: float = MAX_ULP,
    samples: int | None = None,
    thorough: bool = False,
    strict: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Report:
    """``check`` with the probes ``names`` alone."""
    for mode in modes:
        if mode not in MODES:
            raise TargetError(f"mode {mode!r} is not one of {', '.join(MODES)}")
    name = str(getattr(target, "name", None) or getattr(target, "__name__", type(target).__name__))
    notes: list[str] = []
    found, refused = problems(target, dtypes, domain, reference, core, notes.append)
    report = Report(name, list(advised("", refused)), notes=notes)
    report.variants += dict.fromkeys([*(p.variant for p in found), *(f.variant for f in refused)])
    times = THOROUGH if thorough else 1
    usual = SAMPLES_OF_ROWS if any(p.rows for p in found) else SAMPLES
    for dtype in dict.fromkeys(p.dtype for p in found):
        progress(f"{name}: {dtype}")
        able = [p for p in found if p.dtype == dtype and not _refused(p, report)]
        if not able:
            continue
        report.dtypes.append(dtype)
        drawn = draw(able, samples or usual * times, np.random.default_rng(SEED))
        report.special += drawn.points.count
        if drawn.points.left_out:
            known = drawn.points.count + drawn.points.left_out
            report.notes.append(
                f"{dtype}: {drawn.points.count} of {known} special points are tried"
            )
        for problem in able:
            progress(f"{name}: {problem.variant}, {dtype}")
            asked = Asked(problem, tuple(modes), drawn, max_ulp, ROUNDS * times, report)
            for probe in names:
                asked.found += advised(probe, probes()[probe].probe(asked, generator(probe)))
            report.findings += asked.found
    if strict:
        report.findings = [replace(f, severity="defect") for f in report.findings]
    report.findings.sort(key=lambda f: f.gravity)
    return report


def _refused(problem: Problem, report: Report) -> bool:
    """Whether value or gradient cannot be traced, which ``report`` then tells.

    Raises TargetError where two calls at the same point differ.
    """
    refuse_unrepeatable(problem, generator("repeatable"))
    reads = False
    try:
        reads = bool(problem.forward.reads)
        problem.backward  # noqa: B018  # traced here, where a refusal can be told
    except TargetError as error:
        report.findings += advised("", refusal(problem.variant, problem.dtype, error, reads))
        return True
    return False
