"""One operation alone, at floats or at the integers that are a float's bits."""

import numpy as np
from flint import arb

from argand.catalogue._numerics.scaling import power
from argand.frontend.operation import run_operation
from argand.frontend.trace import trace_value
from argand.trial.inside.intermediates import one_operation


def test_what_acts_on_bits_takes_integers():
    program = trace_value(power, ["float64"])
    values = {**program.constants, program.inputs[0]: np.array([3.0])}
    seen = []
    for op in program.operations:
        operands = [values[i] for i in op.inputs]
        values.update(zip(op.outputs, run_operation(op, operands), strict=True))
        exact = one_operation(program, op, [x[None] for x in operands])
        assert exact[0].item() == arb(values[op.outputs[0]].item())
        seen.append(op.type)
    assert "LeftShift" in seen
    assert values[program.outputs[0]] == 8
