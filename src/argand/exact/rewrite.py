"""A Program with the same values whose evaluation loses fewer digits, in balls and in lanes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from argand.trace import Operation, Program


def rewritten(program: Program) -> Program:
    """log(1 + v) as log1p(v), log(1 + exp(v)) as softplus(v), exp(v) − 1 as expm1(v), and
    1/(1 + exp(−v)) as sigmoid(v): they keep the digits of a small v, of a small derivative.

    Off the zeros, where the sign of zero would differ (log(1 + −0) is +0, log1p(−0) is not).
    """
    made_by = {op.outputs[0]: op for op in program.operations}
    ones = {i for i, c in program.constants.items() if c.dtype.kind in "fc" and np.all(c == 1)}

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
        if op.type == "Log" and (v := one_plus(op.inputs[0])) is not None:
            e = maker(v, "Exp")
            if e is not None:
                return replace(op, type="Softplus", inputs=e.inputs)
            return replace(op, type="Log1p", inputs=(v,))
        if op.type == "Sub" and op.inputs[1] in ones and (e := maker(op.inputs[0], "Exp")):
            return replace(op, type="Expm1", inputs=e.inputs)
        if op.type in ("RealDiv", "Reciprocal", "Inv"):
            unit = op.type != "RealDiv" or op.inputs[0] in ones
            v = one_plus(op.inputs[-1]) if unit else None
            e = None if v is None else maker(v, "Exp")
            n = None if e is None else maker(e.inputs[0], "Neg")
            if n is not None:
                return replace(op, type="Sigmoid", inputs=n.inputs)
        return op

    operations = [joined(op) for op in program.operations]
    return replace(program, operations=_needed(operations, program.outputs))


def _needed(operations: list[Operation], outputs: tuple[int | None, ...]) -> tuple[Operation, ...]:
    wanted: set[int | None] = {*outputs}
    kept = []
    for op in reversed(operations):
        if wanted & {*op.outputs}:
            kept.append(op)
            wanted |= {*op.inputs}
    return tuple(kept[::-1])
