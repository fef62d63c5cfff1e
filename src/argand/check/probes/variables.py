"""Does the gradient reach the variables inside? Held to the truth with a variable as an input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from argand.check.asked import Asked
from argand.exact.reference import certify
from argand.frontend.trace import describe
from argand.frontend.variables import gradients, watched
from argand.program import Program
from argand.trial.finding import Finding
from argand.trial.points.ordinary import ordinary
from argand.trial.problem import Problem
from argand.trial.written import hexes, text

KINDS = {"variables": "Accept and return gradients for variables, as tf.custom_gradient asks."}
POINTS = 4


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """Findings where the gradient by a trainable variable that the function reads raises, is None,
    has another shape, or has lost more than half of its digits.

    A variable of one element is held to the exact derivative, where the truth reads it too.
    """
    problem = asked.problem
    for mode in asked.ran() if problem.forward.reads else ():
        inputs, u = ordinary(problem, POINTS, rng)
        try:
            variables = watched(problem.fn, inputs)
            got = gradients(problem.fn, mode, variables, inputs, u)
        except Exception as error:
            told = f"The gradient by a variable inside raises: {describe(error)}"
            yield problem.finding("variables", mode, "gradient", told)
            continue
        for variable, rows in zip(variables, got, strict=True):
            truth = _exact(problem, variable, inputs, u)
            for k, gradient in enumerate(rows):
                exact = None if truth is None else truth[k]
                wrong = _wrong(problem, variable, gradient, exact)
                if wrong:
                    told = f"The gradient by {_name(variable)} {wrong}."
                    yield problem.finding(
                        "variables", mode, "gradient", told,
                        input=hexes(x[k] for x in inputs), upstream=text(u[k]),
                        computed="None" if gradient is None else text(gradient),
                        exact="" if exact is None else repr(exact.item()),
                    )  # fmt: skip
                    break


def _name(variable: Any) -> str:
    return f"the variable {variable.name.partition(':')[0]!r}"


def _exact(
    problem: Problem, variable: Any, inputs: list[np.ndarray], u: np.ndarray
) -> list[Any] | None:
    """The exact gradient by ``variable`` at each sample, None where it is not known; None for all
    where the truth does not read the variable."""
    slope = problem.meant.slope
    program = None if slope is None else _with_input(slope, variable)
    if program is None:
        return None
    held = np.full(len(u), variable.numpy())
    true = certify(program, [*inputs, held], u, problem.output_dtype)
    known = true.certified & np.isfinite(true.quantity(len(inputs)))
    return [g if k else None for g, k in zip(true.quantity(len(inputs)), known, strict=True)]


def _wrong(problem: Problem, variable: Any, gradient: Any, exact: Any) -> str:
    """What is wrong with one sample's ``gradient``, in words; empty where nothing is, or where
    nothing is known of it."""
    if gradient is None:
        depends = exact is not None and exact != 0
        unread = not problem.surrogate and _with_input(problem.truth, variable) is None
        return "is None" if depends or (unread and _read_by(problem.forward, variable)) else ""
    if exact is not None:
        limit = np.sqrt(np.finfo(exact.dtype).eps) * np.abs(exact)
        if gradient.size == 1 and not np.abs(gradient.reshape(-1)[0] - exact) <= limit:
            return "is wrong"
    if gradient.shape != tuple(variable.shape):
        return f"has shape {list(gradient.shape)}, not its own {list(variable.shape)}"
    return ""


def _read_by(program: Program, variable: Any) -> list[int]:
    return [index for index, handle in program.reads if handle is variable.handle]


def _with_input(truth: Program, variable: Any) -> Program | None:
    """``truth`` with the variable as its last input, one element for each sample; None where it
    does not read it, or reads more elements than one."""
    read = _read_by(truth, variable)
    if not read or variable.shape.num_elements() != 1 or variable.shape.rank > 1:
        return None
    first = read[0]
    shapes = list(truth.shapes)
    shapes[first] = (1,)
    same = dict.fromkeys(read, first)
    operations = tuple(
        replace(op, inputs=tuple(same.get(i, i) for i in op.inputs)) for op in truth.operations
    )
    constants = {i: c for i, c in truth.constants.items() if i not in same}
    outputs = tuple(None if o is None else same.get(o, o) for o in truth.outputs)
    return replace(
        truth, inputs=(*truth.inputs, first), outputs=outputs, operations=operations,
        constants=constants, shapes=tuple(shapes), reads=(),
    )  # fmt: skip
