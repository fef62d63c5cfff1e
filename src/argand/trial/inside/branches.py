"""Which branches of a Program's conditionals each sample takes, when it is alone in its batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import ctx

from argand.exact.edges.truth import Edge
from argand.program import Operation, Program
from argand.subject import TargetError
from argand.trial.inside.intermediates import intermediates

PRECISION = 128


def kindred(program: Program, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Indices of the samples that take the same branches, one array for each such group.

    A condition on the whole batch sends all of it the careful way for the sake of one sample:
    only kindred samples in a batch of their own show what the other way is worth. One group
    where ``program`` has no conditional, or balls cannot follow its condition.
    """
    samples = len(inputs[0])
    if not program.conditions or not samples:
        return [np.arange(samples)]
    try:
        rows = _truths(program, inputs)
    except TargetError:
        return [np.arange(samples)]
    _, group = np.unique(rows, axis=1, return_inverse=True)
    return [np.flatnonzero(group == k) for k in range(group.max() + 1)]


def origin(program: Program, value: int, inputs: Sequence[np.ndarray]) -> Operation | None:
    """The operation that makes ``value`` at ``inputs`` (one sample), in the branch that it takes;
    None where there is none."""
    op = program.maker(value)
    if op is None or not program.conditions:
        return op
    taken = dict(zip(program.conditions, _truths(program, inputs)[:, 0], strict=True))
    while op.type == "SelectV2" and taken.get(op.inputs[0], 2) != 2:
        _, then, other = op.inputs
        chosen = then if taken[op.inputs[0]] else other
        made = program.maker(chosen)
        if made is None:
            break
        op = made
    return op


def _truths(program: Program, inputs: Sequence[np.ndarray]) -> np.ndarray:
    """``truth`` of each condition (first axis) at each sample."""
    with ctx.workprec(PRECISION):
        found = intermediates(program, inputs, program.conditions)
    columns = [found[i].reshape(len(inputs[0]), -1)[:, 0] for i in program.conditions]
    return np.array([[truth(t) for t in column] for column in columns])


def truth(condition: Any) -> int:
    """1 where it holds, 0 where not, 2 where the balls do not tell."""
    if condition is None:
        return 2
    return int(condition.holds if isinstance(condition, Edge) else condition)
