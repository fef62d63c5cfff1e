"""What balls say of a Program's value and derivatives, before anything is made of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb

from argand.exact.balls import Balls, no_number, to_balls, to_signed
from argand.exact.bends.meeting import Watched
from argand.exact.bends.sideways import bent
from argand.exact.bends.total import linear
from argand.exact.edges.kinks import NOWHERE, Token, no_derivative
from argand.exact.edges.zeros import Signed
from argand.exact.evaluate import evaluate_output, values_of
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
    given, samples = [(to_signed if careful else to_balls)(x) for x in inputs], len(inputs[0])
    if not careful or order == 2:
        out = evaluate_output(program, given, careful, order)
        return _split(program, out, samples, order)
    run = Watched(program, samples)
    parts = _split(program, values_of(program, given, run)[program.output], samples, order)
    in_vain = set() if in_vain is None else in_vain
    keys = [b"".join(x[j].tobytes() for x in inputs) for j in range(samples)]
    lost = [j for j, key in enumerate(keys) if key not in in_vain and _lost(parts, j)]
    if lost:
        few, one = [x[lost] for x in given], shared(program)
        out = evaluate_output(one, few, careful, order, mending(one, few).mended)
        parts = [part.copy() for part in parts]
        for part, again in zip(parts, _split(program, out, len(lost), order), strict=True):
            part[lost] = again
        in_vain |= {keys[j] for j in lost if _lost(parts, j)}
    meeting = [j for j in np.flatnonzero(run.several).tolist() if not _told(parts, j)]
    if meeting:
        room = int(run.kinks[meeting].max()) + len(run.real)
        parts = [part.copy() for part in parts]
        _prove(program, given, room, parts, meeting)
    return parts


def _prove(
    program: Program, inputs: list[np.ndarray], room: int, parts: list[np.ndarray], at: list[int]
) -> None:
    """Leave in ``parts`` what is proved of the derivatives of the samples ``at``, where several
    numbers meet at kinks; a Token where there is surely none."""
    rows = [part.reshape(*parts[0].shape, -1) for part in parts[1:]]
    half = len(rows) // 2
    partials = [np.concatenate(d, axis=-1) for d in (rows[:half], rows[half:])]
    known = [j for j in at if not _lost(parts, j)]
    if known:
        out = linear(program, [x[known] for x in inputs], room)
        for part, proved in zip(parts[1:], _split(program, out, len(known), 1)[1:], strict=True):
            part[known] = proved
    unknown = np.any([any_of_sample(_unknown(part).astype(bool)) for part in parts[1:]], axis=0)
    left = [j for j in at if unknown[j]]
    if left:
        nowhere = bent(program, [x[left] for x in inputs], *(d[left] for d in partials))
        for part in parts[1:]:
            part[np.array(left)[nowhere]] = NOWHERE


_unknown = np.frompyfunc(lambda v: isinstance(v, Token) or not v.is_finite(), 1, 1)


def any_of_sample(flags: np.ndarray) -> np.ndarray:
    """Whether any flag of a sample is set; samples count along the first axis."""
    return np.asarray(flags.any(axis=tuple(range(1, flags.ndim))))


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


def _told(parts: list[np.ndarray], j: int) -> bool:
    """Whether a partial derivative of sample j shows that there is no derivative."""
    return any(no_derivative(d) for part in parts[1:] for d in part[j : j + 1].ravel())


def _lost(parts: list[np.ndarray], j: int) -> bool:
    """Whether sample j has a value, but some derivative is no number. A value that is itself too
    wide needs more precision first."""
    values = parts[0][j : j + 1].ravel()
    if not all(isinstance(v, Signed) and not no_number(v.ball) for v in values):
        return False
    return any(lost(d) for part in parts[1:] for d in part[j : j + 1].ravel())
