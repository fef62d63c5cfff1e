"""Value and gradient at the point, as computed, against what is true there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from argand.exact.reference import CERTIFIED, UNDEFINED, Exact
from argand.frontend.runner import Result, RunError
from argand.frontend.stepwise import LANES
from argand.subject import TargetError
from argand.trial.judged import Judged, quantities
from argand.trial.problem import Problem
from argand.verdict import FAILING, VERDICTS
from argand.why.record import Obtained
from argand.why.values import Values
from argand.why.wording import exact_text, numbers

_SENTENCES = {v.name: v.sentence for v in VERDICTS} | {
    "accurate": "Right.",
    "undecided": "What is exact is not decided here.",
}


@dataclass(frozen=True)
class AtPoint:
    """The function, its inputs (1, *core) and upstream, and the error in ulp that is none."""

    problem: Problem
    inputs: list[np.ndarray]
    upstream: np.ndarray
    max_ulp: float

    def run(self, mode: str, forward: Values) -> Result:
        """Value and gradients in ``mode``: of an array of samples that are alike, where that is
        what single operations give, ``forward``, for these go the way that they go in people's
        arrays. Raises TargetError for what it raises."""
        run = self.problem.run(mode)
        *inputs, u = (np.repeat(x, LANES, axis=0) for x in (*self.inputs, self.upstream))
        try:
            found = run(inputs, u)
            steps = forward.computed.get(forward.program.output)
            if steps is not None and np.array_equal(found.value[:1], steps, equal_nan=True):
                first = (None if g is None else g[:1] for g in found.gradients)
                return Result(found.value[:1], tuple(first))
        except RunError:
            pass  # it may take one sample only
        try:
            return run(self.inputs, self.upstream)
        except RunError as error:
            raise TargetError(f"in mode {mode} the function raises {error}") from error

    def named(self, by: int) -> str:
        """The value, or the gradient by an input, in words."""
        return "value" if by < 0 else f"gradient by {self.problem.names[by]}"


def outcomes(
    asked: AtPoint, forward: Values, result: Result, truth: Exact | None
) -> list[Obtained]:
    """The value and each gradient as ``result`` has them; ``truth`` is None where nothing can be
    certified, and ``forward`` has the steps of the plain formula's value."""
    return list(_outcomes(asked, forward, result, truth))


def _outcomes(
    asked: AtPoint, forward: Values, result: Result, truth: Exact | None
) -> Iterator[Obtained]:
    state = None if truth is None else truth.state[0]
    for _, by, computed in quantities(result):
        name, shown = asked.named(by), numbers(computed)
        lost = bool(np.any(np.isnan(computed)) or (forward.exact and np.any(np.isinf(computed))))
        if by < 0 and state != CERTIFIED:
            yield _value_alone(forward, computed, lost)
        elif truth is None or state != CERTIFIED:
            verdict = "undefined" if state == UNDEFINED else "undecided"
            told = _returned("derivative", computed) if state == UNDEFINED else _SENTENCES[verdict]
            yield Obtained(name, by, None, shown, None, verdict, told, lost)
        elif truth.quantity(by).shape != computed.shape:
            exact = truth.quantity(by)
            told = f"It has the shape {list(computed.shape[1:])}, not {list(exact.shape[1:])}."
            yield Obtained(name, by, numbers(exact), shown, None, "wrong", told, False)
        else:
            exact = truth.quantity(by)
            judged = Judged.of(computed, exact, truth, asked.max_ulp)
            verdict = next(v.name for v in VERDICTS if v.code == judged.codes[0])
            ulp, told = float(judged.error[0]), _SENTENCES[verdict]
            error = None if math.isnan(ulp) else ulp
            fails = verdict in FAILING
            yield Obtained(name, by, numbers(exact), shown, error, verdict, told, fails)
    for by in [i for i, g in enumerate(result.gradients) if g is None]:
        told = "TensorFlow gives none."
        yield Obtained(asked.named(by), by, None, None, None, "undecided", told, False)


def _returned(what: str, computed: np.ndarray) -> str:
    number = "infinity" if np.any(np.isinf(computed)) else "a number"
    given = "NaN" if np.any(np.isnan(computed)) else number
    return f"The function has no {what} here, and TensorFlow returns {given}."


def _value_alone(forward: Values, computed: np.ndarray, lost: bool) -> Obtained:
    """The value where the derivatives are not certified, as it may be itself."""
    output, shown = forward.program.output, numbers(computed)
    found = forward.compared(output)
    verdict = {"right": "accurate", "underflow": "flushed"}.get(found.kind, found.kind)
    if verdict in ("undefined", "undecided"):
        told = _returned("value", computed) if verdict == "undefined" else _SENTENCES[verdict]
        return Obtained("value", -1, None, shown, None, verdict, told, lost)
    exact = exact_text(found, forward.program.dtypes[output])
    if found.entry >= 0:
        exact += f" in entry {found.entry}"
    ulp = None if math.isnan(found.ulp) else found.ulp
    told, fails = _SENTENCES[verdict], verdict in FAILING
    return Obtained("value", -1, exact, shown, ulp, verdict, told, fails)
