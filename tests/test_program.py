"""Questions asked of a Program: what makes a value, what values need, what the output is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argand.program import Operation, Program, needed

TYPES = ["Add", "Exp", "Mul", "Neg"]


def program(operations, outputs, inputs=(0, 1)):
    values = 1 + max([*inputs, *(o for op in operations for o in op.outputs)])
    return Program(
        inputs, tuple(outputs), tuple(operations), {}, ("float64",) * values, ((1,),) * values
    )


@st.composite
def programs(draw):
    """Two inputs, and up to 12 operations that take earlier values and make one or two."""
    operations, made = [], 2
    for k in range(draw(st.integers(1, 12))):
        inputs = draw(st.lists(st.integers(0, made - 1), min_size=1, max_size=2))
        outputs = tuple(range(made, made + draw(st.integers(1, 2))))
        op_type = draw(st.sampled_from(TYPES))
        operations.append(Operation(op_type, f"op{k}", tuple(inputs), outputs, {}, ""))
        made = outputs[-1] + 1
    asked = draw(st.lists(st.none() | st.integers(0, made - 1), min_size=1, max_size=3))
    return program(operations, asked)


def used(operations, values):
    """By another route: the values reached from ``values``, again and again until none is new."""
    reached = {v for v in values if v is not None}
    while True:
        more = {i for op in operations if reached & {*op.outputs} for i in op.inputs} - reached
        if not more:
            return [op for op in operations if reached & {*op.outputs}]
        reached |= more


@given(programs())
def test_needed_are_the_operations_that_values_depend_on_in_their_order(p):
    kept = needed(p.operations, p.outputs)
    assert [*kept] == used(p.operations, p.outputs)
    assert needed(kept, p.outputs) == kept


@given(programs(), st.data())
def test_to_other_outputs_keeps_what_these_need(p, data):
    last = p.operations[-1].outputs[-1]
    values = data.draw(st.lists(st.integers(0, last), min_size=1, max_size=3))
    q = p.to(values)
    assert q.outputs == tuple(values)
    assert q.operations == needed(p.operations, values)
    assert (q.inputs, q.dtypes, q.shapes) == (p.inputs, p.dtypes, p.shapes)
    assert q.to(values) == q
    assert q.output == values[0]


@given(programs())
def test_every_value_has_the_maker_that_lists_it(p):
    for op in p.operations:
        for value in op.outputs:
            assert p.maker(value) is op
            assert p.maker(value, op.type) is op
            assert p.maker(value, *TYPES) is op
            assert p.maker(value, *(t for t in TYPES if t != op.type)) is None
    assert p.maker(p.inputs[0]) is None
    assert p.maker(None, "Exp") is None


def test_a_program_without_output_says_so():
    exp = Operation("Exp", "exp", (0,), (2,), {}, "")
    assert program([exp], [2]).output == 2
    with pytest.raises(ValueError, match="no output"):
        _ = program([exp], [None]).output


def test_shapes_of_samples_leave_out_the_axis_of_samples():
    softmax = Operation("Softmax", "softmax", (0,), (1,), {}, "")
    p = Program((0,), (1,), (softmax,), {}, ("float32", "float32"), ((1, 3), (1, 3)))
    assert (p.output_dtype, p.output_shape, p.core, p.cores) == ("float32", (1, 3), (3,), ((3,),))
    assert p.floats == [1]
