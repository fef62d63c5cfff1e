"""Values through which all that a later value knows of the inputs passes: tanh(r)/r knows r."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from argand.program import Program

_NEVER_NEGATIVE = frozenset({
    "Abs", "AbsOfExp", "ComplexAbs", "Cosh", "Exp", "Relu", "Relu6", "Sigmoid", "Softplus", "Sqrt",
    "Square", "SquaredDifference",
})  # fmt: skip
_IF_OPERANDS_ARE = frozenset({"AddN", "AddV2", "Mul", "RealDiv"})
_IF_THE_FIRST_IS = frozenset({
    "BroadcastTo", "ExpandDims", "Max", "Mean", "Min", "Prod", "Reshape", "Squeeze", "StridedSlice",
    "Sum", "Transpose",
})  # fmt: skip
_IF_ANY_IS = frozenset({"Maximum"})


def shared(program: Program) -> Program:
    """The same Program, where what is computed twice from the same is one value."""
    same: dict[int, int] = {}
    seen: dict[object, tuple[int, ...]] = {}
    for i, c in program.constants.items():
        same[i] = seen.setdefault((c.dtype.str, c.shape, c.tobytes()), (i,))[0]
    kept = []
    for op in program.operations:
        inputs = tuple(same.get(i, i) for i in op.inputs)
        first = seen.setdefault((op.type, inputs, repr(sorted(op.attributes.items()))), op.outputs)
        same.update(zip(op.outputs, first, strict=True))
        if first == op.outputs:
            kept.append(replace(op, inputs=inputs))
    outputs = tuple(None if o is None else same.get(o, o) for o in program.outputs)
    return replace(program, operations=tuple(kept), outputs=outputs)


def cut_at(program: Program, value: int) -> Program:
    """The Program with ``value`` as its last input."""
    left = tuple(op for op in program.operations if value not in op.outputs)
    return replace(program, inputs=(*program.inputs, value), operations=left)


def candidates(program: Program) -> Iterator[int]:
    """The floats that operations of one result make, in the order of evaluation."""
    floats = {*program.floats}
    return (op.outputs[0] for op in program.operations
            if len(op.outputs) == 1 and op.outputs[0] in floats)  # fmt: skip


def never_negative(program: Program, value: int) -> bool:
    """Whether the operation that makes this real value shows that it is at least 0 everywhere."""
    if value in program.constants:
        return bool((program.constants[value] >= 0).all())
    op = program.maker(value)
    if op is None or program.dtypes[value].startswith("complex"):
        return False
    if op.type in _NEVER_NEGATIVE or (op.type == "Mul" and len({*op.inputs}) == 1):
        return True  # of real operands, but for |z| and |exp z|, as the value is real
    operands = (never_negative(program, i) for i in op.inputs)
    if op.type in _IF_OPERANDS_ARE:
        return all(operands)
    if op.type in _IF_ANY_IS:
        return any(operands)
    return op.type in _IF_THE_FIRST_IS and next(operands)
