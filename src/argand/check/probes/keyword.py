"""Is the custom gradient kept when inputs are given by name? tf.custom_gradient's often is not:
eagerly it drops the gradients of what comes by keyword, in a graph it raises."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from argand.check.rounding import by_input, hexes, text
from argand.frontend.runner import RunError, Runner
from argand.frontend.trace import trace_gradient
from argand.subject import TargetError
from argand.trial.finding import Finding
from argand.trial.ordinary import ordinary
from argand.trial.problem import Case

POINTS = 64


def by_keyword(case: Case, modes: Sequence[str], rng: np.random.Generator) -> Iterator[Finding]:
    """Findings of kind ``keyword`` where the inputs given by the names of the signature raise, or
    give other bits than in their places: the same operations would give the same."""
    names = _names(case.fn, len(case.input_dtypes))
    if names is None:
        return

    def named(*tensors: Any) -> Any:
        return case.fn(**dict(zip(names, tensors, strict=True)))

    call = f"Called as f({', '.join(f'{n}={n}' for n in names)})"
    if "eager" in modes:
        yield from _ignored(case, named, call, rng)
    traced = next((mode for mode in modes if mode != "eager"), None)  # they trace alike
    if traced:
        try:
            trace_gradient(named, case.input_dtypes, case.cores)
        except TargetError as error:
            yield Finding(
                case.variant,
                traced,
                case.dtype,
                "gradient",
                "keyword",
                f"{call} it raises: {error}",
            )


def _ignored(
    case: Case, named: Callable[..., Any], call: str, rng: np.random.Generator
) -> Iterator[Finding]:
    inputs, u = ordinary(case, POINTS, rng)
    where = (case.variant, "eager", case.dtype, "gradient", "keyword")
    try:
        placed = Runner(case.fn, "eager")(inputs, u)
    except RunError:
        return  # sampling reports what is raised
    try:
        got = Runner(named, "eager")(inputs, u)
    except RunError as error:
        yield Finding(*where, f"{call} it raises: {error}")
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
        yield Finding(
            *where, f"{call} it ignores the custom gradient{by_input(case, by)}: it gives "
            f"{instead}, not {kept}.",
            hexes(x[k] for x in inputs), text(u[k]), gave,
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
