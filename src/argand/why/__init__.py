"""Why a result is what it is: each operation at one point, and the first that goes wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from argand.exact.reference import Exact
from argand.frontend.runner import Result
from argand.frontend.source import TAPE
from argand.program import Operation
from argand.subject import Target, TargetError
from argand.trial import written
from argand.trial.inside.fault import MOVES
from argand.trial.judged import quantities
from argand.verdict import MAX_ULP
from argand.why.outcomes import AtPoint, outcomes
from argand.why.pairing import Pairing
from argand.why.point import point
from argand.why.record import Step, Why
from argand.why.values import Values, gravity
from argand.why.wording import exact_text, number, numbers
from argand.why.wronged import harmless, wronged


def why(
    target: Target,
    at: Sequence[str],
    upstream: str | None = None,
    mode: str = "eager",
    dtype: str | None = None,
    core: int | Sequence[int] | None = None,
    max_ulp: float = MAX_ULP,
) -> Why:
    """Each operation of ``target`` at one point, value and gradient, exact and as computed, and
    which of them are to blame for what is wrong.

    ``at`` has a text for each input, ``upstream`` likewise, as ``argand.replay.replay`` reads them;
    ``core`` is that of ``argand.check``. Value and gradient are those of ``mode``, the steps those
    of single operations. An error of at most ``max_ulp`` is none.

    Raises TargetError for what cannot be read, does not fit, or raises.
    """
    problem, inputs, u = point(target, at, upstream, dtype, core)
    asked = AtPoint(problem, inputs, u, max_ulp)
    told = None if np.all(u == 1) else written.text(u[0])
    answer = Why(problem.variant, list(at), problem.input_dtypes, mode, told)
    truth = _truth(asked, answer)
    sides = _sides(asked, answer, compiled=False)
    result = asked.run(mode, sides.forward)
    plain = sides.forward
    if problem.plain is not problem.traced and truth is not None:
        plain = Values(problem.truth, inputs, max_ulp)
    answer.outcomes = outcomes(asked, plain, result, truth)
    if mode != "eager":
        sides = _of_mode(asked, sides, answer, result, plain, truth)
    nan = [
        name
        for name, x in zip([*problem.names, "the upstream"], [*inputs, u], strict=True)
        if np.any(np.isnan(x))
    ]
    if nan:
        answer.notes.append(f"{' and '.join(nan)} is NaN already: no operation is to blame")
    else:
        answer.wrong = wronged(sides, answer.outcomes, truth)
        _no_single_operation(answer)
        if not any(o.failing or o.verdict == "overflow" for o in answer.outcomes):
            answer.wrong = harmless(sides)
    answer.steps = list(_steps(sides, answer))
    return answer


def _truth(asked: AtPoint, answer: Why) -> Exact | None:
    """What is certified; None, with a note, where nothing can be."""
    try:
        truth = asked.problem.exact(asked.inputs, asked.upstream)
    except TargetError as error:
        answer.notes.append(f"nothing is certified of it: {error}")
        return None
    if any(np.any(np.isinf(x)) for x in (*asked.inputs, asked.upstream)):
        answer.notes.append("of infinite numbers argand certifies nothing")
    return truth


def _sides(asked: AtPoint, answer: Why, compiled: bool) -> Pairing:
    problem, inputs = asked.problem, asked.inputs
    forward = Values(problem.forward, inputs, asked.max_ulp, compiled)
    try:
        program = problem.backward
    except TargetError as error:
        answer.notes.append(str(error))
        return Pairing(forward, None)
    return Pairing(forward, Values(program, [asked.upstream, *inputs], asked.max_ulp, compiled))


def _of_mode(
    asked: AtPoint, sides: Pairing, answer: Why, result: Result, plain: Values, truth: Exact | None
) -> Pairing:
    """The steps that tell most of ``answer.mode``, with a note of each result that is another in
    eager: where eager is right and xla is not, each step is compiled."""
    eager = asked.run("eager", sides.forward)
    for (_, by, ours), (_, _, theirs) in zip(quantities(result), quantities(eager), strict=True):
        if not np.array_equal(ours, theirs, equal_nan=True):
            answer.notes.append(
                f"the {asked.named(by)} is {numbers(ours)} in {answer.mode}, and {numbers(theirs)} "
                "in eager"
            )
    right = not any(o.failing for o in outcomes(asked, plain, eager, truth))
    if answer.mode == "xla" and right and any(o.failing for o in answer.outcomes):
        answer.notes.append("the steps are those of single operations, each compiled by XLA")
        return _sides(asked, answer, compiled=True)
    return sides


def _no_single_operation(answer: Why) -> None:
    """A note of each result that goes wrong though no operation does."""
    told = {name for one in answer.wrong for name in one.results}
    for outcome in answer.outcomes:
        if outcome.failing and outcome.name not in told:
            answer.notes.append(
                f"operation by operation the {outcome.name} cannot be shown to go wrong: no single "
                "one is to blame"
            )


def _steps(sides: Pairing, answer: Why) -> Iterator[Step]:
    marked = {(w.where, w.name) for w in answer.wrong if w.results}
    for where, values in sides.both:
        for op in values.program.operations:
            if where == "backward" and sides.repeated(op) is not None:
                continue
            place = sides.place(op) if where == "backward" else op.source
            place = "" if place == TAPE else place
            yield _step(values, op, where, place, (where, op.name) in marked)


def _step(values: Values, op: Operation, where: str, place: str, marked: bool) -> Step:
    """The record of one operation, at the worst of its results."""
    dtypes = values.program.dtypes
    floats = [o for o in op.outputs if dtypes[o].startswith(("float", "complex"))]
    made = [o for o in floats if o in values.computed]
    if not made:
        x = next((values.computed[o] for o in op.outputs if o in values.computed), None)
        shown = "" if x is None else numbers(x) if x.dtype.kind == "b" else str(x.tolist())
        state = "undecided" if floats else ""
        return Step(where, op.type, op.name, place, -1, "", shown, None, state, marked, not floats)
    value = max(made, key=lambda o: gravity(values.compared(o)))
    found = values.compared(value)
    return Step(
        where, op.type, op.name, place, found.entry, exact_text(found, dtypes[value]),
        number(found.computed), None if math.isnan(found.ulp) else found.ulp,
        _state(values, op, found.kind), marked, op.type in MOVES,
    )  # fmt: skip


def _state(values: Values, op: Operation, kind: str) -> str:
    if kind in ("right", "undecided"):
        return kind
    for i in op.inputs:
        x = values.computed.get(i)
        if values.program.maker(i) is None or x is None or x.dtype.kind not in "fc":
            continue
        if values.compared(i).kind not in ("right", "undecided"):
            return "follows"
    return {"undefined": "no value", "overflow": "out of range", "underflow": "out of range"}.get(
        kind, "wrong"
    )
