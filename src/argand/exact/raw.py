"""What balls say of a Program's value and derivatives, before anything is made of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb

from argand.exact.balls import Balls, to_balls, to_signed
from argand.exact.edges.zeros import Signed
from argand.exact.evaluate import evaluate_output
from argand.exact.series.bottleneck import shared
from argand.exact.series.mending import Mending, lost
from argand.program import Program

ZERO: Any = arb(0)
_filled = np.frompyfunc(lambda v: ZERO if v is None else v, 1, 1)


def raw_parts(
    program: Program,
    inputs: list[np.ndarray],
    careful: bool,
    order: int,
    in_vain: set[bytes] | None = None,
) -> list[np.ndarray]:
    """Value, ∂ by each input and ∂̄ by each input, as ``evaluate`` gives them. Of order 1 a zero
    derivative is a ball; of order 2 it is None.

    ``in_vain`` keeps the samples at which series have found no derivative, so that they are not
    asked again at higher precision.
    """
    given = [(to_signed if careful else to_balls)(x) for x in inputs]
    parts = _split(program, evaluate_output(program, given, careful, order), len(inputs[0]), order)
    if not careful or order == 2:
        return parts
    in_vain = set() if in_vain is None else in_vain
    keys = [b"".join(x[j].tobytes() for x in inputs) for j in range(len(inputs[0]))]
    lost = [j for j, key in enumerate(keys) if key not in in_vain and _lost(parts, j)]
    if lost:
        few, one = [x[lost] for x in given], shared(program)
        out = evaluate_output(one, few, careful, order, mending(one, few).mended)
        parts = [part.copy() for part in parts]
        for part, again in zip(parts, _split(program, out, len(lost), order), strict=True):
            part[lost] = again
        in_vain |= {keys[j] for j in lost if _lost(parts, j)}
    return parts


def _split(program: Program, out: Balls, samples: int, order: int) -> list[np.ndarray]:
    """Value, ∂ and ∂̄ of the result ``out``, an array for each input."""
    core = out.value.shape[2:]
    value = np.broadcast_to(out.value, (samples, 1, *core)).reshape(samples, *core)
    parts = [value]
    for derivatives in (out.dz, out.dzbar):
        first = 0
        for index in program.inputs:
            size = int(np.prod(program.shapes[index]))
            columns = [
                np.full((samples, *core), None, object) if d is None
                else np.broadcast_to(d, (samples, 1, *core)).reshape(samples, *core)
                for d in derivatives[first : first + size]
            ]  # fmt: skip
            first += size
            empty = np.empty((samples, *core, 0), object)
            stacked = np.stack(columns, axis=-1) if columns else empty
            parts.append(stacked.reshape(samples, *core, *program.shapes[index][1:]))
    if order == 1:
        parts[1:] = [zeros_filled(p) for p in parts[1:]]
    return parts


def zeros_filled(part: np.ndarray) -> np.ndarray:
    """The derivatives with ZERO for None."""
    return np.asarray(_filled(part), object)


def mending(program: Program, inputs: list[np.ndarray]) -> Mending:
    """What finds derivatives by series at these samples, of first order."""
    real = [
        not program.dtypes[i].startswith("complex")
        for i in program.inputs
        for _ in range(int(np.prod(program.shapes[i])))
    ]
    return Mending(program, inputs, real)


def _lost(parts: list[np.ndarray], j: int) -> bool:
    """Whether sample j has a value, but some derivative is no number."""
    values = parts[0][j : j + 1].ravel()
    if not all(isinstance(v, Signed) and v.ball.is_finite() for v in values):
        return False
    return any(lost(d) for part in parts[1:] for d in part[j : j + 1].ravel())
