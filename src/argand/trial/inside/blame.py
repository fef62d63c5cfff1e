"""Which operation loses the result: its float intermediates held against their balls.

The Program is run operation by operation on floats, and in balls. From the failing output the
search goes back, each time to the operand whose error makes most of the result's, until an
operation whose operands are good: there the error is born, because the exact result leaves the
range of the dtype, or the kernel itself is wrong, or what was rounding before is amplified.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import acb, arb, ctx

from argand.exact.balls import to_balls
from argand.frontend.source import TAPE
from argand.frontend.stepwise import Stepwise
from argand.program import Operation, Program
from argand.subject import TargetError
from argand.trial.inside.intermediates import intermediates, one_operation, parts_of

PRECISIONS = (256, 2300)  # bits; exp of the largest numbers needs the whole exponent range
RANGED = frozenset({"overflow", "underflow", "inside"})  # kinds of a Cause
GOOD = 8.0  # ulp: operands no worse than that are good, and what comes out worse is amplified


@dataclass(frozen=True)
class Blame:
    """The operation where the error is born, its source line, and why, in words; ``ranged`` says
    that its exact or computed result leaves the range of the dtype."""

    op: str
    source: str
    reason: str
    ranged: bool


@dataclass(frozen=True)
class Cause:
    """Why an error is born in an operation, in words. ``kind``: its exact result is "undefined"
    (or not known), its result leaves the range by "overflow" or "underflow", something "inside"
    the kernel does, the "kernel" is inaccurate, or it has "amplified" the rounding of operands."""

    kind: str
    reason: str


def blame(
    program: Program, output: int, inputs: Sequence[np.ndarray], mode: str, max_ulp: float
) -> Blame | None:
    """Who loses ``program.outputs[output]`` at ``inputs`` (one sample each, (1, *core)); None
    where the operations, run one by one, lose nothing or cannot be followed in balls."""
    wanted = program.outputs[output]
    if wanted is None or program.maker(wanted) is None:
        return None
    try:
        exact = _exact(program, inputs)
    except TargetError:
        return None
    for compiled in (False, True) if mode == "xla" else (False,):
        floats = Stepwise(program, inputs, compiled).values
        if wanted not in floats:
            return None
        if error_of(floats[wanted], exact[wanted]) > max_ulp / 2:  # an ulp is ε/2 to ε of the size
            return _followed(program, wanted, exact, floats)
    return None


def _exact(program: Program, inputs: Sequence[np.ndarray]) -> dict[int, np.ndarray]:
    """Balls of all floats, at the first precision at which they are narrow."""
    values = program.floats
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            found = intermediates(program, inputs, values)
        if all((p.is_finite() and p.rel_accuracy_bits() > 60) or p.is_zero()
               for part in found.values() for b in part.flat for p in parts_of(b)):  # fmt: skip
            break
    found.update(
        (i, to_balls(x).reshape(1, *program.shapes[i]))
        for i, x in zip(program.inputs, inputs, strict=True)
    )
    return found


def _followed(
    program: Program,
    wanted: int,
    exact: dict[int, np.ndarray],
    floats: dict[int, np.ndarray],
) -> Blame:
    while True:
        op = program.maker(wanted)
        assert op is not None  # it is the output's, or that of an operand which has one
        total = error_of(floats[wanted], exact[wanted])
        shares = [
            (share(program, op, k, wanted, exact, floats), -k, i)
            for k, i in enumerate(op.inputs)
            if program.maker(i) and i in floats and i in exact and error_of(floats[i], exact[i]) > 0
        ]
        most, _, culprit = max(shares, default=(0.0, 0, wanted))
        error = error_of(floats[culprit], exact[culprit]) if shares else 0.0
        carried = most >= total / 8 and error > GOOD and error >= math.sqrt(total)
        if not carried:
            why = cause(program, op, wanted, exact, floats)
            return Blame(op.type, source(program, op), why.reason, why.kind in RANGED)
        wanted = culprit


def share(
    program: Program,
    op: Operation,
    k: int,
    wanted: int,
    exact: dict[int, np.ndarray],
    floats: dict[int, np.ndarray],
) -> float:
    """The error of the result if operand ``k`` alone is the float, the rest exact. ``exact`` holds
    balls of float values, with an axis of one sample, ``floats`` what was computed."""
    if not np.all(np.isfinite(floats[op.inputs[k]])):
        return math.inf
    operands = [
        exact[i] if i in exact and j != k else _lifted(floats, i) for j, i in enumerate(op.inputs)
    ]
    try:
        with ctx.workprec(PRECISIONS[-1]):
            outs = one_operation(program, op, _with_constants(program, op, operands))
    except (TargetError, ValueError, ZeroDivisionError):
        return 0.0
    return _distance(outs[op.outputs.index(wanted)], exact[wanted], program.dtypes[wanted])


def _lifted(floats: dict[int, np.ndarray], i: int) -> np.ndarray | None:
    """The float value with the axis of samples that balls have."""
    return floats[i][None] if i in floats else None


def _with_constants(program: Program, op: Operation, operands: Sequence[Any]) -> list[Any]:
    return [
        program.constants[i][None] if o is None or i in program.constants else o
        for i, o in zip(op.inputs, operands, strict=True)
    ]


def cause(
    program: Program,
    op: Operation,
    wanted: int,
    exact: dict[int, np.ndarray],
    floats: dict[int, np.ndarray],
) -> Cause:
    """Why the error of the value ``wanted`` is born in ``op``, with both results of the worst
    entry; arguments as those of ``share``."""
    info = np.finfo(program.dtypes[wanted])
    balls, numbers = exact[wanted].reshape(-1), floats[wanted].reshape(-1)
    errors = [error_of(numbers[k : k + 1], balls[k : k + 1]) for k in range(len(numbers))]
    worst = int(np.argmax(errors))  # the entry of a row
    ball, computed = balls[worst], numbers[worst]
    size = _size(ball)
    shown = f"exactly {short(ball)}, computed {computed.item()!r}"
    if not ball.is_finite():
        return Cause("undefined", f"{op.type} has no finite value in exact arithmetic")
    if size > float(info.max):
        return Cause("overflow", f"{op.type} overflows: {shown}")
    if 0 < size < float(info.tiny) and np.isfinite(computed):
        return Cause("underflow", f"{op.type} underflows: {shown}")
    if not np.isfinite(computed):
        though = ", though its result does not" if size >= float(info.tiny) else ""
        told = f"{op.type} leaves the range inside{though}: {shown}"
        return Cause("inside", told)
    operands = [_lifted(floats, i) for i in op.inputs]
    try:
        with ctx.workprec(PRECISIONS[-1]):
            outs = one_operation(program, op, _with_constants(program, op, operands))
        local = error_of(floats[wanted], outs[op.outputs.index(wanted)])
    except (TargetError, ValueError, ZeroDivisionError):
        local = math.nan
    if local > GOOD or local > max(errors) / 2:
        return Cause("kernel", f"{op.type} itself is off by {local:.3g} ulp: {shown}")
    return Cause("amplified", f"{op.type} amplifies the rounding of its operands: {shown}")


def source(program: Program, op: Operation) -> str:
    """The user's line that made ``op``; of TensorFlow's own gradient also that of the operation
    whose gradient it is, where its name or its operands tell."""
    if op.source != TAPE:
        return op.source
    _, of_tape, rest = op.name.partition("gradient_tape/")
    if not of_tape:
        return "TensorFlow's own operation"
    parent = rest.rpartition("/")[0]
    operands = _makers(program, op)
    operands += [made for o in operands if o.type == "Conj" for made in _makers(program, o)]
    named = [o for o in program.operations if parent and o.name == parent]
    lines = [o.source for o in (*named, *operands) if o.source != TAPE]
    return f"{TAPE} of {lines[0]}" if lines else TAPE


def _makers(program: Program, op: Operation) -> list[Operation]:
    return [made for i in op.inputs if (made := program.maker(i))]


def error_of(computed: np.ndarray, exact: np.ndarray) -> float:
    """The largest error relative to the exact size, in units of the dtype's ε; infinite for
    what is not finite, unless both are."""
    if not np.all(np.isfinite(computed)):
        return math.inf
    return _distance(to_balls(computed), exact, computed.dtype)


def _distance(a: np.ndarray, b: np.ndarray, dtype: Any) -> float:
    eps = float(np.finfo(dtype).eps)
    worst = 0.0
    for x, y in zip(*(v.reshape(-1) for v in np.broadcast_arrays(a, b)), strict=True):
        gap, size = abs(x - y), abs(y)
        if not gap.is_finite():
            return math.inf
        if gap.contains(0):
            continue
        ratio = gap / size
        worst = max(worst, math.inf if size.contains(0) else float(ratio.mid()) / eps)
    return worst


def _size(ball: Any) -> arb:
    """The largest component's size."""
    sizes = [abs(p) for p in parts_of(ball)]
    return sizes[0].max(sizes[-1])


def short(ball: Any) -> str:
    """A short decimal of a ball whose exponent no float may have."""
    if type(ball) is acb:
        return f"{_decimal(ball.real)} + ({_decimal(ball.imag)})j"
    return _decimal(ball)


def _decimal(part: arb) -> str:
    digits, _, exponent = str(part.str(4, radius=False)).partition("e")
    if len(exponent) <= 8:
        return f"{digits}e{exponent}" if exponent else digits
    sign = "-" if digits.startswith("-") else ""
    return f"{sign}(less than 1e-999999)" if exponent[0] == "-" else f"{sign}(more than 1e+999999)"
