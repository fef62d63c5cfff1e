"""Has each gradient its input's shape, also where inputs broadcast?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.asked import Asked
from argand.frontend.runner import RunError
from argand.trial.finding import Finding
from argand.trial.judged import quantities
from argand.trial.points.drawn import generic_points
from argand.trial.problem import Problem

KINDS = {"shape": "Sum the gradient over the broadcast axes, so that it has its input's shape."}
_Shape = tuple[int, ...]


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """Findings where inputs broadcast, and where a result has not the shape that was asked for."""
    yield from _broadcast(asked.problem, rng)
    for mode in asked.ran():
        yield from _misfits(asked, mode)


def _broadcast(problem: Problem, rng: np.random.Generator) -> Iterator[Finding]:
    """One sample, a matrix of them, and inputs of different shapes, each followed by the shape of
    a sample."""
    for batches in _batches(len(problem.input_dtypes)):
        points = generic_points(problem.input_dtypes, problem.domain, 6, rng, problem.cores)
        shapes = [(*b, *core) for b, core in zip(batches, problem.cores, strict=True)]
        inputs = [np.resize(x, s) for x, s in zip(points, shapes, strict=True)]
        try:
            result = problem.run("eager")(inputs)
        except RunError:
            continue  # it does not broadcast these, which is no defect of the gradient
        if result.value.shape != np.broadcast_shapes(*batches) + problem.core:
            continue
        for i, gradient in enumerate(result.gradients):
            if gradient is not None and gradient.shape != shapes[i]:
                given = ", ".join(str(list(s)) for s in shapes)
                yield problem.finding(
                    "shape", "eager", "gradient",
                    f"With inputs of shapes {given} the gradient by input {i} has shape "
                    f"{list(gradient.shape)}, not its input's.",
                )  # fmt: skip
                return


def _batches(inputs: int) -> list[tuple[_Shape, ...]]:
    """The shapes of the batches that are tried together, one for each input."""
    found: list[tuple[_Shape, ...]] = [((),) * inputs, ((2, 3),) * inputs]
    if inputs > 1:
        for one, rest in (((1,), (5,)), ((2, 3), (3,))):
            found += [tuple(one if i == k else rest for i in range(inputs)) for k in range(inputs)]
    return found


def _misfits(asked: Asked, mode: str) -> Iterator[Finding]:
    problem, samples = asked.problem, asked.samples
    given = ", ".join(str(list(x.shape)) for x in samples.inputs)
    for quantity, by, array in quantities(asked.result(mode)):
        shape = (samples.upstream if by < 0 else samples.inputs[by]).shape
        if array.shape != shape:
            yield problem.finding(
                "shape", mode, quantity,
                f"With inputs of shape {given} the {quantity} has shape {list(array.shape)}, not "
                f"{list(shape)}{problem.by_input(by)}.",
            )  # fmt: skip
