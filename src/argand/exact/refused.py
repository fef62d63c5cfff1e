"""Which operations balls cannot follow, and what to do instead."""

from __future__ import annotations

from argand.exact.rules.composed import ALIASES, COMPOSED
from argand.exact.rules.shaped import BITS, SHAPED
from argand.exact.rules.structural import STRUCTURAL
from argand.exact.rules.table import RULES
from argand.frontend.flattening import STOP
from argand.program import Operation, Program

_CONTROL_FLOW = {
    "Case", "Enter", "Exit", "For", "If", "Merge", "StatelessCase", "StatelessIf",
    "StatelessWhile", "Switch", "While",
}  # fmt: skip
_RANDOM = ("Random", "StatelessRandom", "Multinomial", "TruncatedNormal", "ParameterizedTruncated")
_REAL_ONLY = {"Round"}


def refusal(program: Program, op: Operation) -> str:
    """Why balls cannot follow ``op`` of ``program``, with its source line; empty where they can."""
    return (
        _refused_type(op)
        or _refused_operands(program, op)
        or _refused_integer(program, op)
        or _without_rule(op)
    )


def _refused_type(op: Operation) -> str:
    if op.type in _CONTROL_FLOW:
        return (
            f"the control flow {op.type} ({op.name}, {op.source}) is not followed: write the "
            "branches out with tf.where, and loops over a fixed number of steps in Python"
        )
    if op.type.startswith(_RANDOM):
        return (
            f"the function draws random numbers ({op.type}, {op.source}): give them as an "
            "input, or fix them, so that it has one value at each input"
        )
    if op.type.startswith("Assign") and op.type.endswith("VariableOp"):
        return (
            f"the function changes a variable ({op.type}, {op.source}): its value depends on "
            "earlier calls; give what it keeps as an input"
        )
    return ""


def _refused_operands(program: Program, op: Operation) -> str:
    shapes = {program.shapes[i] for i in op.inputs}
    if op.type in COMPOSED and op.type.endswith("Grad") and len(shapes) > 1:
        return (
            f"the operation {op.type} ({op.name}, {op.source}) takes operands of one shape, not of "
            f"{' and '.join(str(list(s)) for s in sorted(shapes, key=str))}"
        )
    if op.type in _REAL_ONLY and program.dtypes[op.inputs[0]].startswith("complex"):
        return (
            f"the operation {op.type} ({op.name}, {op.source}) takes real tensors only, though "
            "TensorFlow lets it be traced for complex ones"
        )
    return ""


def _refused_integer(program: Program, op: Operation) -> str:
    def whole(value: int) -> bool:
        return program.dtypes[value].startswith(("int", "uint"))

    if op.type not in BITS and op.outputs and all(map(whole, op.outputs)):
        return (
            f"the operation {op.type} ({op.name}, {op.source}) makes an integer out of an "
            "input: nothing is differentiable through it; keep it a float"
        )
    moving = (i for i in op.inputs if i not in program.constants)
    if op.type not in BITS | STRUCTURAL | {"Cast"} and any(map(whole, moving)):
        return (
            f"the operation {op.type} ({op.name}, {op.source}) computes with integers made out "
            "of an input: cast them to a float first"
        )
    return ""


def _without_rule(op: Operation) -> str:
    name = ALIASES.get(op.type, op.type)
    if any(name in table for table in (RULES, COMPOSED, SHAPED, STRUCTURAL, {STOP})):
        return ""
    return (
        f"the operation {op.type} ({op.name}, {op.source}) has no rule on balls; rewrite it with "
        "elementwise operations, or add a line as argand/exact/rules/table.py shows"
    )
