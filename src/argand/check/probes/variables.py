"""Does the gradient reach the variables inside? Held to the truth with a variable as an input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from argand import watchdog
from argand.check.rounding import hexes, text
from argand.exact.reference import certify
from argand.frontend.trace import describe
from argand.program import Program
from argand.trial.finding import Finding
from argand.trial.ordinary import ordinary
from argand.trial.problem import Case

POINTS = 4


def by_variables(
    case: Case, forward: Program, mode: str, rng: np.random.Generator
) -> Iterator[Finding]:
    """Findings of kind ``variables``: the gradient by a trainable variable that the function reads
    raises, is None, has another shape, or has lost more than half of its digits.

    A variable of one element is held to the exact derivative, where the truth reads it too.
    """
    if not forward.reads:
        return
    inputs, u = ordinary(case, POINTS, rng)
    where = (case.variant, mode, case.dtype, "gradient", "variables")
    try:
        watched = _watched(case, inputs)
        got = _gradients(case, mode, watched, inputs, u)
    except Exception as error:
        yield Finding(*where, f"The gradient by a variable inside raises: {describe(error)}")
        return
    for variable, rows in zip(watched, got, strict=True):
        name = f"the variable {variable.name.partition(':')[0]!r}"
        program = _with_input(case.truth, variable)
        for k, gradient in enumerate(rows):
            point = [x[k : k + 1] for x in inputs]
            at = hexes(x[k] for x in inputs), text(u[k])
            if program is None:
                if gradient is None and _read_by(forward, variable):
                    yield Finding(*where, f"The gradient by {name} is None.", *at, "None")
                    break
            else:
                held = np.full(1, variable.numpy())
                true = certify(program, [*point, held], u[k : k + 1], case.output_dtype)
                assert true.vjp is not None
                exact = true.vjp[-1][0]
                if not true.certified[0] or not np.isfinite(exact):
                    continue
                if gradient is None and exact == 0:
                    continue
                right = repr(exact.item())
                if gradient is None:
                    yield Finding(*where, f"The gradient by {name} is None.", *at, "None", right)
                    break
                found = np.asarray(gradient).reshape(-1)
                limit = np.sqrt(np.finfo(exact.dtype).eps) * np.abs(exact)
                if found.size == 1 and not np.abs(found[0] - exact) <= limit:
                    yield Finding(
                        *where, f"The gradient by {name} is wrong.", *at, repr(found[0].item()),
                        right,
                    )  # fmt: skip
                    break
            if gradient is not None and gradient.shape != variable.shape:
                yield Finding(
                    *where, f"The gradient by {name} has shape {list(gradient.shape)}, not its "
                    f"own {list(variable.shape)}.", *at,
                )  # fmt: skip
                break


def _watched(case: Case, inputs: list[np.ndarray]) -> tuple[Any, ...]:
    with tf.GradientTape() as tape:
        case.fn(*(tf.constant(x) for x in inputs))
    return tape.watched_variables()


def _gradients(
    case: Case, mode: str, watched: tuple[Any, ...], inputs: list[np.ndarray], u: np.ndarray
) -> list[list[Any]]:
    """For each variable, its gradient for one sample after the other."""

    def gradient(upstream: Any, *samples: Any) -> Any:
        with tf.GradientTape() as tape:
            value = case.fn(*samples)
        return tape.gradient(value, watched, output_gradients=upstream)

    run = gradient
    if mode != "eager":
        run = tf.function(gradient, jit_compile=mode == "xla", autograph=False)
    with tf.device("CPU:0"), watchdog.call(f"the gradient by its variables in mode {mode}"):
        rows = [run(*(tf.constant(x[k : k + 1]) for x in (u, *inputs))) for k in range(len(u))]
    return [
        [None if g is None else _array(g) for g in column] for column in zip(*rows, strict=True)
    ]


def _array(gradient: Any) -> np.ndarray:
    return np.asarray(tf.convert_to_tensor(gradient).numpy())


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
