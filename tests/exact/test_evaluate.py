"""One pass over a Program: what it refuses, its directions, and its kinds of constants."""

import numpy as np
import pytest
import tensorflow as tf
from flint import acb, arb

import argand
from argand.exact.balls import to_balls, to_signed
from argand.exact.edges.zeros import Signed
from argand.exact.evaluate import Evaluation, evaluate, evaluate_output, refuse_unsupported
from argand.frontend.trace import trace_value
from argand.program import Operation, Program
from argand.subject import TargetError


def one(op_type, into="float64"):
    op = Operation(op_type, "it", (0,), (1,), {}, "mine.py:3")
    of = "int32" if into == "float64" and op_type == "Neg" else "float64"
    return Program((0,), (1,), (op,), {}, (of, into), ((1,), (1,)))


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (one("While"), "control flow While (it, mine.py:3)"),
        (one("RandomUniform"), "draws random numbers (RandomUniform, mine.py:3)"),
        (one("AssignAddVariableOp"), "changes a variable"),
        (one("Argmax", "int64"), "makes an integer out of an input"),
        (one("Neg"), "computes with integers made out of an input"),
        (one("BesselJ0"), "argand/exact/rules/table.py"),
    ],
)
def test_what_balls_cannot_follow_is_refused_with_its_line(program, words):
    with pytest.raises(TargetError) as refused:
        refuse_unsupported(program)
    assert words in str(refused.value)
    assert "mine.py:3" in str(refused.value)


def test_what_has_a_rule_under_any_of_its_names_is_taken():
    for name in ("Exp", "Inv", "TanhGrad", "Sum", "Reshape"):
        refuse_unsupported(one(name))


def test_every_scalar_that_goes_in_is_a_direction():
    program = trace_value(lambda x, z: z * tf.complex(x[:, 0], x[:, 1]), ["float64", "complex128"],
                          [(2,), ()])  # fmt: skip
    x, z = to_balls(np.array([[2.0, 3.0]])), to_balls(np.array([1j]))
    out = evaluate_output(program, [x, z], careful=False, order=1)
    assert out.value[0, 0] == acb(-3, 2)
    assert [d[0, 0] for d in out.dz] == [acb(0, 1), acb(-1), acb(2, 3)]
    assert out.dzbar == (None, None, None)
    (plain,) = evaluate(program, [x, z], derivatives=False)
    assert (plain.dz, plain.dzbar) == ((), ())


def test_the_careful_pass_takes_and_gives_signs():
    program = trace_value(tf.negative, ["float64"])
    out = evaluate_output(program, [to_signed(np.zeros(1))], careful=True, order=1)
    (value,) = out.value.flat
    assert isinstance(value, Signed)
    assert value.re == -1


def test_a_missing_output_is_none_among_others_and_an_error_alone():
    program = trace_value(tf.exp, ["float64"])
    none = program.to([None, program.output])
    first, second = evaluate(none, [to_balls(np.zeros(1))], derivatives=False)
    assert first is None
    assert second.value[0, 0] == 1
    with pytest.raises(ValueError, match="no output"):
        evaluate_output(none, [to_balls(np.zeros(1))], careful=False, order=1)


@pytest.mark.parametrize(("number", "kind"), [(1.5, arb), (1.5 + 0j, acb)])
def test_constants_have_the_kind_of_their_company(number, kind):
    run = Evaluation(trace_value(tf.exp, ["float64"]), True, False, 1)
    like = run.given(np.array(number))
    assert type(run.constant(like, 2.0).value.item()) is kind
    assert run.given(np.array([True])).value.tolist() == [[True]]
    assert run.given(np.array([3])).tolist() == [3]


def test_zeros_of_complex_numbers_without_a_value_are_complex():
    nan = tf.constant([np.nan], tf.complex128)
    fn = lambda z: tf.math.angle(tf.raw_ops.ZerosLike(x=nan)) + tf.math.real(z)  # noqa: E731
    assert argand.exact(fn, np.array([1 + 1j])).certified.all()
