"""The exact values of a Program's intermediates: its floats, as balls, at given points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import Balls, as_array, to_balls
from argand.exact.evaluate import Evaluation, evaluate
from argand.program import Operation, Program


def intermediates(
    program: Program, inputs: Sequence[np.ndarray], wanted: Sequence[int]
) -> dict[int, np.ndarray]:
    """Balls of the values ``wanted`` at the current precision, arrays (samples, *shape)."""
    outs = evaluate(program.to(wanted), [to_balls(x) for x in inputs], derivatives=False)
    return {i: out.value for i, out in zip(wanted, outs, strict=True) if out is not None}


def one_operation(program: Program, op: Operation, operands: Sequence[Any]) -> list[np.ndarray]:
    """The exact results of one operation: ``operands`` are floats or balls, each with an axis of
    one sample in front, integers likewise: constants as they are, the bits of floats as balls."""
    given = []
    for i, x in zip(op.inputs, operands, strict=True):
        if x.dtype == object:
            given.append(Balls(x))
        elif x.dtype.kind in "fc":
            given.append(Balls(to_balls(x)))
        elif x.dtype.kind == "b":
            given.append(Balls(x.astype(object)))
        elif i in program.constants:
            given.append(x[0])
        else:
            given.append(Balls(as_array([arb(int(v)) for v in x.flat], x.shape)))
    run = Evaluation(program, derivatives=False, careful=False, order=1)
    return [out.value for out in run.operation(op, given)]


def parts_of(ball: Any) -> list[arb]:
    """The real components of a ball."""
    return [ball.real, ball.imag] if type(ball) is acb else [ball]
