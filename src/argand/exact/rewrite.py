"""A Program with the same values whose evaluation loses fewer digits, in balls and in lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from argand.program import Operation, Program, needed

Found = tuple[str, int] | None  # the type of the one operation that does it all, and its operand


def rewritten(program: Program) -> Program:
    """log(1 + v), log(1 + exp(v)), exp(v) − 1, 1/(1 + exp(−v)) and |exp(v)| as one operation
    each: it keeps the digits of a small v, of a small derivative, and what is surely real.

    The new operations are not Log1p, Softplus, Expm1 and Sigmoid: zeros have the signs, and cuts
    the sides, of what was written (log(1 + −0) is +0, but log1p(−0) is −0; 1 + (x − 0i) has the
    imaginary part +0).
    """
    operations = [_joined(program, op) for op in program.operations]
    return replace(program, operations=needed(operations, program.outputs))


def _joined(program: Program, op: Operation) -> Operation:
    pattern = _PATTERNS.get(op.type)
    found = pattern(program, op) if pattern else None
    if found is None:
        return op
    name, operand = found
    if program.shapes[operand] != program.shapes[op.outputs[0]]:
        return op  # a constant of more axes broadcasts the operand
    return replace(op, type=name, inputs=(operand,))


def _logarithm(program: Program, op: Operation) -> Found:
    v = _one_plus(program, op.inputs[0])
    if v is None:
        return None
    e = _operand(program, v, "Exp")
    return ("LogOnePlus", v) if e is None else ("LogOnePlusExp", e)


def _modulus(program: Program, op: Operation) -> Found:
    e = _operand(program, op.inputs[0], "Exp")
    return None if e is None else ("AbsOfExp", e)


def _difference(program: Program, op: Operation) -> Found:
    e = _operand(program, op.inputs[0], "Exp") if _is_one(program, op.inputs[1]) else None
    return None if e is None else ("ExpMinusOne", e)


def _quotient(program: Program, op: Operation) -> Found:
    return _reciprocal(program, op) if _is_one(program, op.inputs[0]) else None


def _reciprocal(program: Program, op: Operation) -> Found:
    e = _operand(program, _one_plus(program, op.inputs[-1]), "Exp")
    v = _operand(program, e, "Neg")
    return None if v is None else ("OneOverOnePlusExp", v)


_PATTERNS: dict[str, Callable[[Program, Operation], Found]] = {
    "ComplexAbs": _modulus,
    "Inv": _reciprocal,
    "Log": _logarithm,
    "RealDiv": _quotient,
    "Reciprocal": _reciprocal,
    "Sub": _difference,
}


def _operand(program: Program, value: int | None, op_type: str) -> int | None:
    """v if ``value`` is made of v by an operation of this type."""
    op = program.maker(value, op_type)
    return None if op is None else op.inputs[0]


def _one_plus(program: Program, value: int) -> int | None:
    """v if ``value`` is 1 + v or v + 1."""
    op = program.maker(value, "Add", "AddV2")
    if op is None:
        return None
    a, b = op.inputs
    if _is_one(program, a):
        return b
    return a if _is_one(program, b) else None


def _is_one(program: Program, value: int) -> bool:
    """Whether ``value`` is a constant of one element: 1, or 1 + 0i with a positive zero."""
    c = program.constants.get(value)
    if c is None or c.size != 1 or c.dtype.kind not in "fc":
        return False
    return bool(c.real == 1 and c.imag == 0 and not np.signbit(c.imag))
