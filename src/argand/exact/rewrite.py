"""A Program with the same values whose evaluation loses fewer digits, in balls and in lanes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from argand.program import Operation, Program


def rewritten(program: Program) -> Program:
    """log(1 + v), log(1 + exp(v)), exp(v) − 1, 1/(1 + exp(−v)) and |exp(v)| as one operation
    each: it keeps the digits of a small v, of a small derivative, and what is surely real.

    They are not Log1p, Softplus, Expm1 and Sigmoid: zeros have the signs, and cuts the sides, of
    what was written (log(1 + −0) is +0, log1p(−0) is −0; 1 + (x − 0i) has the imaginary part +0).
    """
    made_by = {op.outputs[0]: op for op in program.operations}
    ones = {i for i, c in program.constants.items() if _is_one(c)}

    def maker(value: int, *types: str) -> Operation | None:
        op = made_by.get(value)
        return op if op is not None and op.type in types else None

    def one_plus(value: int) -> int | None:
        """v if this value is 1 + v."""
        op = maker(value, "Add", "AddV2")
        if op is None or not ones & {*op.inputs}:
            return None
        return op.inputs[1] if op.inputs[0] in ones else op.inputs[0]

    def joined(op: Operation) -> Operation:
        new = candidate(op)
        if new is op:
            return op
        # a constant of more axes than v broadcasts it
        same = program.shapes[new.inputs[0]] == program.shapes[op.outputs[0]]
        return new if same else op

    def candidate(op: Operation) -> Operation:
        if op.type == "Log" and (v := one_plus(op.inputs[0])) is not None:
            e = maker(v, "Exp")
            if e is not None:
                return replace(op, type="LogOnePlusExp", inputs=e.inputs)
            return replace(op, type="LogOnePlus", inputs=(v,))
        if op.type == "ComplexAbs" and (e := maker(op.inputs[0], "Exp")):
            return replace(op, type="AbsOfExp", inputs=e.inputs)
        if op.type == "Sub" and op.inputs[1] in ones and (e := maker(op.inputs[0], "Exp")):
            return replace(op, type="ExpMinusOne", inputs=e.inputs)
        if op.type in ("RealDiv", "Reciprocal", "Inv"):
            unit = op.type != "RealDiv" or op.inputs[0] in ones
            v = one_plus(op.inputs[-1]) if unit else None
            e = None if v is None else maker(v, "Exp")
            n = None if e is None else maker(e.inputs[0], "Neg")
            if n is not None:
                return replace(op, type="OneOverOnePlusExp", inputs=n.inputs)
        return op

    operations = [joined(op) for op in program.operations]
    return replace(program, operations=_needed(operations, program.outputs))


def _is_one(c: np.ndarray) -> bool:
    """1, or 1 + 0i with a positive zero, in one element."""
    if c.size != 1 or c.dtype.kind not in "fc":
        return False
    return bool(c.real == 1 and c.imag == 0 and not np.signbit(c.imag))


def _needed(operations: list[Operation], outputs: tuple[int | None, ...]) -> tuple[Operation, ...]:
    wanted: set[int | None] = {*outputs}
    kept = []
    for op in reversed(operations):
        if wanted & {*op.outputs}:
            kept.append(op)
            wanted |= {*op.inputs}
    return tuple(kept[::-1])
