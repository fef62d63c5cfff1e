"""Is the custom gradient kept when inputs are given by name?

tf.custom_gradient's often is not: eagerly it drops the gradients of what comes by keyword, in a
graph it raises.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from argand.check.asked import Asked
from argand.frontend.runner import RunError, Runner
from argand.frontend.trace import traced
from argand.subject import TargetError
from argand.trial.finding import Finding
from argand.trial.points.ordinary import ordinary
from argand.trial.problem import Problem
from argand.trial.written import hexes, text

KINDS = {
    "keyword": "TensorFlow drops this gradient when an input comes by keyword: make the inputs "
    "positional-only, def f(x, /)."
}
POINTS = 64


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """Findings where the inputs given by the names of the signature raise, or give other bits
    than in their places: the same operations would give the same."""
    problem = asked.problem
    names = _names(problem.fn, len(problem.input_dtypes))
    if names is None:
        return

    def named(*tensors: Any) -> Any:
        return problem.fn(**dict(zip(names, tensors, strict=True)))

    call = f"Called as f({', '.join(f'{n}={n}' for n in names)})"
    if "eager" in asked.modes:
        yield from _ignored(problem, named, call, rng)
    compiled = next((mode for mode in asked.modes if mode != "eager"), None)  # they trace alike
    if compiled:
        try:
            traced(named, problem.input_dtypes, problem.cores).backward  # noqa: B018
        except TargetError as error:
            told = f"{call} it raises: {error}"
            yield problem.finding("keyword", compiled, "gradient", told)


def _ignored(
    problem: Problem, named: Callable[..., Any], call: str, rng: np.random.Generator
) -> Iterator[Finding]:
    inputs, u = ordinary(problem, POINTS, rng)
    where = ("keyword", "eager", "gradient")
    try:
        placed = problem.run("eager")(inputs, u)
    except RunError:
        return  # the probe ``error`` tells
    try:
        got = Runner(named, "eager")(inputs, u)
    except RunError as error:
        yield problem.finding(*where, f"{call} it raises: {error}")
        return
    for by, (a, b) in enumerate(zip(placed.gradients, got.gradients, strict=True)):
        if a is None or (b is not None and np.array_equal(a, b, equal_nan=True)):
            continue
        k = 0
        if b is not None and b.shape == a.shape == inputs[by].shape:
            k = int(np.argwhere(a != b)[0, 0])
            gave, kept = text(b[k]), text(a[k])
        else:
            gave, kept = (text(None if g is None else np.ravel(g)[0]) for g in (b, a))
        instead = "None" if b is None else "what TensorFlow derives from the forward operations"
        yield problem.finding(
            *where, f"{call} it ignores the custom gradient{problem.by_input(by)}: it gives "
            f"{instead}, not {kept}.",
            input=hexes(x[k] for x in inputs), upstream=text(u[k]), computed=gave,
        )  # fmt: skip
        return


def _names(fn: Callable[..., Any], arity: int) -> tuple[str, ...] | None:
    """The names of the inputs, or None where the signature takes them by place only."""
    try:
        parameters = list(inspect.signature(fn).parameters.values())[:arity]
    except (TypeError, ValueError):
        return None
    if len(parameters) < arity or any(p.kind is not p.POSITIONAL_OR_KEYWORD for p in parameters):
        return None
    return tuple(p.name for p in parameters)
