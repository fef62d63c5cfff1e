"""Is this gradient right? Proof in balls, probes of every contract, verdicts by sampling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from argand.check import contract
from argand.check.case import Case, cases, refusal
from argand.check.finding import Finding, Report
from argand.check.formula import POINTS, refute
from argand.check.keyword import by_keyword
from argand.check.length import by_length
from argand.check.modes import between_modes
from argand.check.repeatable import refuse_unrepeatable
from argand.check.rounding import Samples, by_input, hexes, judged, run
from argand.check.samples import draw_inputs, draw_upstreams
from argand.check.second_order import second_order
from argand.check.upstream import not_linear, proved_not_linear
from argand.check.variables import by_variables
from argand.exact.evaluate import refuse_unsupported
from argand.probe import MODES
from argand.subject import Subject, TargetError, Variant
from argand.trace import trace_gradient, trace_value
from argand.verdict import MAX_ULP

__all__ = ["Finding", "Report", "check"]

SAMPLES = 2048
SEED = 20


def check(
    target: Subject | Variant | Callable[..., Any],
    *,
    dtypes: Sequence[str] | None = None,
    modes: Sequence[str] = MODES,
    domain: Any = None,
    reference: Callable[..., Any] | None = None,
    max_ulp: float = MAX_ULP,
    samples: int = SAMPLES,
    progress: Callable[[str], None] = lambda step: None,
) -> Report:
    """What is wrong with the value and gradient of ``target``, gravest first.

    ``domain``: (low, high) for each real component; the whole float line without it.
    ``reference``: the plain formula, where the target's forward pass is an approximation.
    ``progress`` is told each step. Raises TargetError for what cannot be checked.
    """
    for mode in modes:
        if mode not in MODES:
            raise TargetError(f"mode {mode!r} is not one of {', '.join(MODES)}")
    name = str(getattr(target, "name", None) or getattr(target, "__name__", type(target).__name__))
    report = Report(name)
    found, refused = cases(target, dtypes, domain, reference)
    report.findings += refused
    report.variants += dict.fromkeys([*(c.variant for c in found), *(f.variant for f in refused)])
    drawn: dict[str, Samples] = {}
    for case in found:
        if case.dtype not in drawn:
            drawn[case.dtype] = _draw(case, samples)
        progress(f"{name}: {case.variant}, {case.dtype}")
        report.findings += _check_case(case, modes, drawn[case.dtype], max_ulp, report)
    report.findings.sort(key=lambda f: f.gravity)
    return report


def _draw(case: Case, samples: int) -> Samples:
    rng = np.random.default_rng(SEED)
    inputs = draw_inputs(case.input_dtypes, case.domain, samples, rng)
    return Samples(case, inputs, draw_upstreams(case.output_dtype, samples, rng))


def _check_case(
    case: Case, modes: Sequence[str], samples: Samples, max_ulp: float, report: Report
) -> Iterator[Finding]:
    rng = np.random.default_rng(SEED)
    refuse_unrepeatable(case, rng)
    try:
        forward = trace_value(case.fn, case.input_dtypes)
    except TargetError as error:
        yield from refusal(case.variant, case.dtype, "value", str(error))
        return
    try:
        backward = trace_gradient(case.fn, case.input_dtypes)
    except TargetError as error:
        inside = bool(forward.reads)
        yield from refusal(case.variant, case.dtype, "gradient", str(error), inside)
        return
    yield from contract.dtypes_and_presence(case, backward, rng)
    yield from contract.broadcasting(case, rng)
    try:
        refuse_unsupported(backward)
    except TargetError as error:
        report.notes.append(f"{case.variant}, {case.dtype}: the formula is not proved: {error}")
        report.unproved.add(case.variant)
        yield from not_linear(case, modes[0], rng)
    else:
        yield from _wrong_formula(case, backward, max_ulp, rng, report)
        yield from proved_not_linear(case, backward, max_ulp, rng)
    yield from by_keyword(case, modes, rng)
    results = {}
    for mode in modes:
        result = run(case, mode, samples)
        if isinstance(result, Finding):
            yield result
            continue
        results[mode] = result
        coupled = list(contract.independence(case, mode, max_ulp, rng))
        every = mode == modes[0]
        yield from coupled or by_length(case, mode, samples, result, max_ulp, rng, every)
        yield from second_order(case, mode, max_ulp, rng)
        yield from by_variables(case, forward, mode, rng)
        findings, count = judged(case, mode, result, samples, max_ulp)
        report.samples += count
        report.judged.add(case.variant)
        times = count // len(samples.upstream)
        report.undecided += samples.undecided * times
        report.undefined += samples.undefined * times
        yield from findings
    yield from between_modes(case, results, samples, max_ulp)


def _wrong_formula(
    case: Case, backward: Any, max_ulp: float, rng: np.random.Generator, report: Report
) -> Iterator[Finding]:
    source = {op.outputs[0]: op for op in backward.operations}
    witnesses, open_points = refute(case, backward, max_ulp, rng)
    if 2 * open_points > POINTS:
        report.notes.append(
            f"{case.variant}, {case.dtype}: the formula is not proved: at {open_points} of "
            f"{POINTS} points the balls do not decide"
        )
        report.unproved.add(case.variant)
    for w in witnesses:
        last = source.get(backward.outputs[w.by])
        yield Finding(
            case.variant,
            "graph",
            case.dtype,
            "gradient",
            "formula",
            f"The formula of the gradient is wrong in exact arithmetic{by_input(case, w.by)}: "
            f"{w.diagnosis} (relative difference {w.relative:.3g}).",
            hexes(w.inputs),
            repr(w.upstream),
            repr(w.computed),
            repr(w.exact),
            last.type if last else "",
            last.source if last else "",
        )
