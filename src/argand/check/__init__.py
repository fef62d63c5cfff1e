"""Is this gradient right? Proof in balls, probes of every contract, verdicts by sampling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from argand.check.explain import Explainer
from argand.check.formula import POINTS, refute
from argand.check.probes import contract
from argand.check.probes.entries import by_entries
from argand.check.probes.keyword import by_keyword
from argand.check.probes.length import by_length
from argand.check.probes.modes import between_modes
from argand.check.probes.second_order import second_order
from argand.check.probes.upstream import not_linear, proved_not_linear
from argand.check.probes.variables import by_variables
from argand.check.repeatable import refuse_unrepeatable
from argand.check.rounding import Samples, by_input, grouped, hexes, misfits, text
from argand.exact.evaluate import refuse_unsupported
from argand.frontend.runner import MODES, RunError
from argand.frontend.trace import trace_gradient, trace_value
from argand.program import Program
from argand.subject import Subject, TargetError, Variant
from argand.trial.branches import origin
from argand.trial.crossings import crossing_points
from argand.trial.finding import Finding, Report
from argand.trial.judged import Trial
from argand.trial.points import draw_inputs, draw_upstreams
from argand.trial.problem import Case, cases, refusal
from argand.verdict import MAX_ULP

__all__ = ["Finding", "Report", "check"]

SAMPLES = 4096
SAMPLES_OF_ROWS = 768  # each has several numbers, and none is certified by the vectorised path
ROUNDS = 4  # of the local search
THOROUGH = 16  # times as many of both
SEED = 20


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
    progress: Callable[[str], None] = lambda step: None,
) -> Report:
    """What is wrong with the value and gradient of ``target``, gravest first.

    ``domain``: (low, high) for each real component; the whole float line without it.
    ``reference``: the plain formula, where the target's forward pass is an approximation.
    ``core``: 1 for a function along the last axis that keeps its shape, such as a softmax (0 or 1
    for each input); it is found where [n, k] goes to [n].
    ``thorough`` takes 16 times the samples and rounds of search; ``samples`` overrides their
    number. ``progress`` is told each step. Raises TargetError for what cannot be checked.
    """
    for mode in modes:
        if mode not in MODES:
            raise TargetError(f"mode {mode!r} is not one of {', '.join(MODES)}")
    name = str(getattr(target, "name", None) or getattr(target, "__name__", type(target).__name__))
    report = Report(name)
    found, refused = cases(target, dtypes, domain, reference, core)
    report.findings += refused
    report.variants += dict.fromkeys([*(c.variant for c in found), *(f.variant for f in refused)])
    rounds = ROUNDS * (THOROUGH if thorough else 1)
    usual = SAMPLES_OF_ROWS if any(case.rows for case in found) else SAMPLES
    count = samples or usual * (THOROUGH if thorough else 1)
    for dtype in dict.fromkeys(case.dtype for case in found):
        progress(f"{name}: {dtype}")
        traced = []
        for case in found:
            if case.dtype == dtype:
                programs = _traced(case)
                if isinstance(programs, list):
                    report.findings += programs
                else:
                    traced.append((case, *programs))
        if not traced:
            continue
        drawn = _draw(traced, count)
        for case, forward, backward in traced:
            step = f"{name}: {case.variant}, {dtype}"
            progress(step)
            explainer = Explainer(case, forward, backward, rounds, SEED)
            findings = _check_case(explainer, modes, drawn, max_ulp, report)
            report.findings += findings
    report.findings.sort(key=lambda f: f.gravity)
    return report


Traced = tuple[Case, Program, Program]


def _traced(case: Case) -> tuple[Program, Program] | list[Finding]:
    refuse_unrepeatable(case, np.random.default_rng(SEED))
    try:
        forward = trace_value(case.fn, case.input_dtypes, case.cores)
    except TargetError as error:
        return refusal(case.variant, case.dtype, "value", str(error))
    try:
        return forward, trace_gradient(case.fn, case.input_dtypes, case.cores)
    except TargetError as error:
        return refusal(case.variant, case.dtype, "gradient", str(error), bool(forward.reads))


def _draw(traced: Sequence[Traced], samples: int) -> Samples:
    """``samples`` of one dtype: a third where intermediates of any variant, forward or backward,
    cross the float range, if there are any; the rest over the line or domain."""
    case = traced[0][0]
    rng = np.random.default_rng(SEED)
    parts = []
    for each, forward, backward in traced:
        for program in (backward, forward):
            try:
                refuse_unsupported(program)
            except TargetError:
                continue
            share = samples // (3 * len(traced))
            parts.append(crossing_points(program, each, share, rng))
            break
    rest = samples - sum(len(part[0]) for part in parts)
    parts.insert(0, draw_inputs(case.input_dtypes, case.domain, rest, rng, case.cores))
    inputs = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    return Samples(case, inputs, draw_upstreams(case.output_dtype, samples, rng, case.core))


def _check_case(
    explainer: Explainer,
    modes: Sequence[str],
    samples: Samples,
    max_ulp: float,
    report: Report,
) -> Iterator[Finding]:
    case, backward = explainer.case, explainer.backward
    rng = np.random.default_rng(SEED)
    yield from contract.dtypes_and_presence(case, backward, rng)
    yield from contract.broadcasting(case, rng)
    try:
        refuse_unsupported(backward)
    except TargetError as error:
        report.notes.append(f"{case.variant}, {case.dtype}: the formula is not proved: {error}")
        report.unproved.add(case.variant)
        yield from not_linear(case, modes[0], rng)
    else:
        wrong = list(_wrong_formula(case, backward, max_ulp, rng, report))
        explainer.formula_wrong = bool(wrong)
        yield from wrong
        yield from proved_not_linear(case, backward, max_ulp, rng)
    yield from by_keyword(case, modes, rng)
    results = {}
    for mode in modes:
        trial = Trial(case, mode, len(samples.upstream), max_ulp, backward)
        try:
            result = trial.result(samples.inputs, samples.upstream)
        except RunError as error:
            yield Finding(case.variant, mode, case.dtype, "gradient", "error", str(error))
            continue
        results[mode] = result
        coupled = list(contract.independence(case, mode, max_ulp, rng))
        every = mode == modes[0]
        yield from coupled or by_length(case, mode, samples, result, max_ulp, rng, every)
        if every and not coupled and not explainer.formula_wrong:
            yield from by_entries(case, mode, rng)
        yield from second_order(case, mode, max_ulp, rng)
        yield from by_variables(case, explainer.forward, mode, rng)
        yield from misfits(case, mode, result, samples)
        judged = trial.judge(result, samples.exact)
        report.samples += sum(part.codes.size for part in judged.values())
        report.judged.add(case.variant)
        report.undecided += samples.undecided * len(judged)
        report.undefined += samples.undefined * len(judged)
        try:
            yield from explainer.findings(trial, grouped(judged, samples))
        except RunError as error:
            yield Finding(case.variant, mode, case.dtype, "gradient", "error", str(error))
    yield from between_modes(case, results, samples, max_ulp)


def _wrong_formula(
    case: Case, backward: Any, max_ulp: float, rng: np.random.Generator, report: Report
) -> Iterator[Finding]:
    witnesses, open_points = refute(case, backward, max_ulp, rng)
    if 2 * open_points > POINTS:
        report.notes.append(
            f"{case.variant}, {case.dtype}: the formula is not proved: at {open_points} of "
            f"{POINTS} points the balls do not decide"
        )
        report.unproved.add(case.variant)
    for w in witnesses:
        value = backward.outputs[w.by]
        dtypes = (case.output_dtype, *case.input_dtypes)
        point = [np.array([x], d) for x, d in zip((w.upstream, *w.inputs), dtypes, strict=True)]
        last = None if value is None else origin(backward, value, point)
        yield Finding(
            case.variant,
            "graph",
            case.dtype,
            "gradient",
            "formula",
            f"The formula of the gradient is wrong in exact arithmetic{by_input(case, w.by)}: "
            f"{w.diagnosis} (relative difference {w.relative:.3g}).",
            hexes(w.inputs),
            text(w.upstream),
            text(w.computed),
            text(w.exact),
            last.type if last else "",
            last.source if last else "",
        )
