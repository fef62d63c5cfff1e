"""Lines through a point on which the slope is another than the partial derivatives make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import as_array, conj
from argand.exact.edges.kinks import no_derivative, sides
from argand.exact.evaluate import Evaluation, values_of
from argand.program import Program

_LINES = 8
_LARGEST = 4  # of the steps: whole numbers, so that what is on a kink stays on it exactly


def bent(
    program: Program, inputs: Sequence[np.ndarray], dz: np.ndarray, dzbar: np.ndarray
) -> np.ndarray:
    """Samples (n,) that surely have no derivative: along some line there is none, or its slope on
    a side is another than the partial derivatives make it.

    ``inputs``: Signed balls, (n, *core). ``dz`` and ``dzbar``: the partial derivatives, of shape
    (n, *core of the value, elements of all inputs).
    """
    n, shape = len(inputs[0]), dz.shape[:-1]
    found = np.zeros(n, bool)
    for steps in _steps(program):
        out = values_of(program, inputs, _Line(program, steps))[program.output]
        if out.dz[0] is None:
            slopes = np.full(shape, None, object)
        else:
            slopes = np.broadcast_to(out.dz[0], out.value.shape).reshape(shape)
        for j in np.flatnonzero(~found):
            found[j] = any(
                _other(slopes[j, *at], dz[j, *at], dzbar[j, *at], steps)
                for at in np.ndindex(*shape[1:])
            )
        if found.all():
            break
    return found


def _other(slope: Any, dz: np.ndarray, dzbar: np.ndarray, steps: list[Any]) -> bool:
    """Whether the slope of an element is surely not the one that its partial derivatives make."""
    if no_derivative(slope):
        return True
    expected: Any = arb(0)
    for d, dbar, step in zip(dz, dzbar, steps, strict=True):
        expected = (
            expected + getattr(d, "ball", d) * step + getattr(dbar, "ball", dbar) * conj(step)
        )
    return any(_differ(s, expected) for s in sides(slope))


def _steps(program: Program) -> Iterator[list[Any]]:
    """A step for each element of the inputs: first the same for all, which keeps ties."""
    whole = [
        program.dtypes[i].startswith("complex")
        for i in program.inputs
        for _ in range(int(np.prod(program.shapes[i])))
    ]
    rng = np.random.default_rng(len(whole))
    yield [acb(1) if w else arb(1) for w in whole]
    for _ in range(_LINES):
        sizes = rng.integers(1, _LARGEST + 1, (len(whole), 2)) * rng.choice(
            [-1, 1], (len(whole), 2)
        )
        yield [acb(a, b) if w else arb(a) for w, (a, b) in zip(whole, sizes.tolist(), strict=True)]


class _Line(Evaluation):
    """A careful pass with one derivative: along the line of the ``steps``, one an element."""

    def __init__(self, program: Program, steps: list[Any]) -> None:
        super().__init__(program, derivatives=False, careful=True, order=1)
        self._taken = steps
        self.real, self.none = [True], (None,)

    def seeds(self, balls: np.ndarray, first: int) -> tuple[np.ndarray | None, ...]:
        """The steps of the input whose elements are counted from ``first``."""
        size = int(np.prod(balls.shape[1:]))
        return (as_array(self._taken[first : first + size] * len(balls), balls.shape),)


def _differ(a: Any, b: Any) -> bool:
    difference = a - b
    return bool(difference.is_finite() and not difference.contains(0))
