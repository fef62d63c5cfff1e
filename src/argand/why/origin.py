"""From a value that went wrong back to the operation that makes it so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from argand.frontend.stepwise import run_alone
from argand.program import Operation
from argand.subject import TargetError
from argand.trial.inside.blame import GOOD, cause, error_of, share
from argand.why.values import Values


@dataclass(frozen=True)
class Origin:
    """The operation ``op`` that makes the error of a result by its output ``value``.

    ``kind`` is that of a blame's Cause, "undefined" where there is surely no exact result of its
    operands, "unknown" where that cannot be decided, or "branch" of a comparison; ``reason`` says
    it in words where both results are numbers. ``turned`` is a later operation that makes NaN of
    an infinity, or None.
    """

    op: Operation
    value: int
    kind: str
    reason: str
    turned: Operation | None


def origin(values: Values, wanted: int) -> Origin | None:
    """The operation that is to blame for ``wanted`` as computed; None where it is an input's or
    a constant's own, or was not computed. Of inputs that are infinite, infinities are right."""
    program = values.program
    way: list[int] = []
    while True:
        op = program.maker(wanted)
        if op is None or wanted not in values.computed:
            break
        way.append(wanted)
        before = _before(values, op, wanted)
        if before is None:
            break
        wanted = before
    if not way:
        return None
    found = way[-1]
    op = program.maker(found)
    assert op is not None  # each value on the way has one
    kind, reason = _cause(values, op, found)
    return Origin(op, found, kind, reason, _turned(values, way))


def _before(values: Values, op: Operation, wanted: int) -> int | None:
    """The operand by which the error came; None where it is of the operation's own making."""
    program, computed = values.program, values.computed
    made = [i for i in dict.fromkeys(op.inputs) if program.maker(i) and i in computed]
    for i in made:
        if values.decides_otherwise(i):
            return i
    floats = [i for i in made if computed[i].dtype.kind in "fc"]
    if computed[wanted].dtype.kind not in "fc":  # a comparison, of numbers that are not right
        return next((i for i in floats if values.compared(i).kind != "right"), None)
    lost = _not_finite if values.exact else _nan
    order = {o: k for k, one in enumerate(program.operations) for o in one.outputs}
    odd = sorted((i for i in floats if lost(computed[i])), key=order.__getitem__)
    for i in odd:
        if lost(computed[wanted]):
            others = {k for k in odd if k != i}
            if lost(_with_ones(values, op, wanted, others)):
                return i
        elif not np.array_equal(_with_ones(values, op, wanted, {i}), computed[wanted]):
            return i
    if not _known(values, wanted):
        return None
    total = error_of(computed[wanted], values.exact[wanted])
    shares = [
        (share(program, op, op.inputs.index(i), wanted, values.exact, computed), -k, i)
        for k, i in enumerate(floats)
        if not _not_finite(computed[i])
        and _known(values, i)
        and error_of(computed[i], values.exact[i]) > 0
    ]
    if not shares:
        return None
    most, _, culprit = max(shares)
    error = error_of(computed[culprit], values.exact[culprit])
    cap = 1 / float(np.finfo(computed[wanted].dtype).eps)  # all digits are lost
    carried = most >= min(total, cap) / 8 and error > GOOD and error >= math.sqrt(min(total, cap))
    return culprit if carried else None


def _with_ones(values: Values, op: Operation, wanted: int, places: set[int]) -> np.ndarray:
    """The result with 1 for what is not finite in the operands ``places``."""
    operands = [values.computed[i] for i in op.inputs]
    for k, i in enumerate(op.inputs):
        if i in places:
            x = operands[k]
            operands[k] = np.where(np.isfinite(x), x, np.ones_like(x))
    try:
        outs = run_alone(values.program, op, operands, values.compiled)
        return outs[op.outputs.index(wanted)]
    except TargetError:
        return values.computed[wanted]


def _cause(values: Values, op: Operation, wanted: int) -> tuple[str, str]:
    if values.computed[wanted].dtype.kind not in "fc":
        return "branch", f"{op.type} decides otherwise than in exact arithmetic"
    if wanted in values.undefined and values.compared(wanted).kind == "undefined":
        return "undefined", ""
    if not _known(values, wanted):
        return "unknown", ""
    why = cause(values.program, op, wanted, values.exact, values.computed)
    return why.kind, why.reason


def _turned(values: Values, way: Sequence[int]) -> Operation | None:
    """The first operation on the ``way`` (from the result back) that has NaN where the origin has
    none."""
    if np.any(np.isnan(values.computed[way[-1]])):
        return None
    for i in reversed(way):
        if np.any(np.isnan(values.computed[i])):
            return values.program.maker(i)
    return None


def _known(values: Values, i: int) -> bool:
    """Whether every entry's exact value is a number."""
    return i in values.exact and all(b.is_finite() for b in values.exact[i].flat)


def _not_finite(x: np.ndarray) -> bool:
    return not np.all(np.isfinite(x))


def _nan(x: np.ndarray) -> bool:
    return bool(np.any(np.isnan(x)))
