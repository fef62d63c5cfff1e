"""Is this gradient right? Every probe is asked of every Problem of a target."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from argand.check.answer.from_results import facts
from argand.check.asked import Asked
from argand.check.baseline import compared
from argand.check.options import Options
from argand.check.probes import SEED, advised, generator, probes
from argand.check.repeatable import refuse_unrepeatable
from argand.check.report import Report
from argand.check.samples import draw
from argand.check.than_auto import against_auto
from argand.subject import Target, TargetError
from argand.trial.finding import Finding
from argand.trial.problem import Problem
from argand.trial.problems import problems, refusal
from argand.verdict import MAX_ULP

__all__ = ["Finding", "Report", "check"]


def check(
    target: Target,
    *,
    dtypes: Sequence[str] | None = None,
    modes: Sequence[str] | None = None,
    domain: Any = None,
    reference: Callable[..., Any] | None = None,
    surrogate: Callable[..., Any] | None = None,
    core: int | Sequence[int] | None = None,
    max_ulp: float = MAX_ULP,
    samples: int | None = None,
    thorough: bool = False,
    quick: bool = False,
    strict: bool = False,
    baseline: str | Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Report:
    """What is wrong with the value and gradient of ``target``, gravest first.

    ``domain``: (low, high) for each real component, or one pair for all; the whole float line
    without it.
    ``reference``: the plain formula, where the target's forward pass is an approximation, or
    cannot be followed.
    ``surrogate``: the function whose gradient is meant, or a backward (u, *inputs) -> gradients.
    ``core``: 1 for a function along the last axis that keeps its shape, such as a softmax (0 or 1
    for each input); it is found where [n, k] goes to [n].
    ``modes``: eager, graph and xla without it. ``thorough`` takes 16 times the samples and rounds
    of search, and searches limits too; ``quick`` takes 256 samples, eagerly, and no search;
    ``samples`` overrides their number; ``strict`` makes every finding a defect.
    ``baseline``: a file that is written when absent; then what is new or worse than it says is not
    ok. ``progress`` is told each step. What is not said is taken from ``argand.declare``. Raises
    TargetError for what cannot be checked.
    """
    options = Options(dtypes, modes, domain, reference, surrogate, core, max_ulp, samples, thorough,
                      quick, strict, baseline, progress)  # fmt: skip
    return ask(list(probes()), target, options)


def ask(names: Sequence[str], target: Target, options: Options) -> Report:
    """``check`` with the probes ``names`` alone."""
    start, options = time.monotonic(), options.of(target)
    name = str(getattr(target, "name", None) or getattr(target, "__name__", type(target).__name__))
    notes: list[str] = []
    found, refused = problems(
        target,
        options.dtypes,
        options.domain,
        options.reference,
        options.core,
        notes.append,
        options.surrogate,
    )
    report = Report(name, list(advised("", refused)), notes=notes, modes=options.in_modes)
    report.variants += dict.fromkeys([*(p.variant for p in found), *(f.variant for f in refused)])
    if options.surrogate is not None:
        meant = getattr(options.surrogate, "__name__", type(options.surrogate).__name__)
        notes.append(f"the gradient is held to that of the surrogate {meant}")
    rows = any(p.rows for p in found)
    for dtype in dict.fromkeys(p.dtype for p in found):
        options.progress(f"{name}: {dtype}")
        able = [p for p in found if p.dtype == dtype and not _refused(p, report)]
        if not able:
            continue
        report.dtypes.append(dtype)
        report.names, report.where = able[0].names, _where(able[0])
        drawn = draw(able, options.drawn(rows), np.random.default_rng(SEED))
        report.special += drawn.points.count
        if drawn.points.left_out:
            known = drawn.points.count + drawn.points.left_out
            report.notes.append(
                f"{dtype}: {drawn.points.count} of {known} special points are tried"
            )
        for problem in able:
            options.progress(f"{name}: {problem.variant}, {dtype}")
            modes = options.in_modes
            asked = Asked(
                problem, modes, drawn, options.max_ulp, options.rounds, options.thorough, report
            )
            for probe in names:
                asked.found += advised(probe, probes()[probe].probe(asked, generator(probe)))
            report.findings += asked.found
            if "rounding" in names and not options.quick:
                records, worse = against_auto(asked)
                report.findings += worse
                if records:
                    report.auto.setdefault(problem.variant, []).extend(records)
            if "rounding" in names:
                own = facts(asked, generator("answer"), walk=not options.quick)
                report.facts.setdefault(problem.variant, {})[dtype] = own
    if options.strict:
        report.findings = [replace(f, severity="defect") for f in report.findings]
    report.findings.sort(key=lambda f: f.gravity)
    if options.baseline is not None:
        report.changes = compared(Path(options.baseline), report, options.max_ulp)
    report.seconds = time.monotonic() - start
    return report


def _where(problem: Problem) -> str:
    """Where it is judged, in words."""
    if problem.domain is None:
        return "whole plane" if problem.dtype.startswith("complex") else "whole line"
    return " ".join(f"[{low:g}, {high:g}]" for low, high in problem.domain)


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
