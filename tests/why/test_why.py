"""Where a NaN, an infinity or a lost digit comes from: operation, line, and what mends it."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

from argand.subject import TargetError
from argand.targets import resolve
from argand.why import why


def log_where(x):
    grown = tf.math.log(x)
    return tf.where(x > 0, grown, tf.zeros_like(x))


def quotient_where(x):
    raised = tf.pow(x, 0.5)
    return tf.where(x > 0, raised, tf.zeros_like(x))


def exp_where(x):
    large = tf.exp(x)
    return tf.where(x < 700, large, x)


def norm(x):
    return tf.norm(x, axis=-1)


def angle(y, x):
    return tf.atan2(y, x)


def versine(x):
    near = tf.cos(x)
    return 1 - near


def softplus(x):
    grown = tf.exp(x)
    return tf.math.log(1 + grown)


def softmax(x):
    e = tf.exp(x)
    return e / tf.reduce_sum(e, axis=-1, keepdims=True)


def entropy(p):
    logs = tf.math.log(p)
    return -tf.reduce_sum(p * logs, axis=-1)


def sinc(x):
    up = tf.sin(x)
    return up / x


def hypotenuse(x, y):
    first = x * x
    return tf.sqrt(first + y * y)


def small_log(x):
    beside = 1 + x
    return tf.math.log(beside)


def root(x):
    return tf.sqrt(x)


def both(x):
    """The Log is thrown away, and the difference is what goes wrong."""
    thrown = tf.where(x > 0, tf.math.log(x), tf.zeros_like(x))
    near = tf.cos(x * 1e-9)
    return thrown + (1 - near)


def bessel(x):
    return tf.math.special.bessel_j0(x) * tf.math.log(x)


def rows_where(x):
    logs = tf.math.log(x)
    return tf.reduce_sum(tf.where(x > 0, logs, tf.zeros_like(x)), axis=-1)


CULPRITS = [  # function, point, core, where, operation, its line, the reason, the repair, of what
    (norm, ["0,0"], 1, "backward", "SqrtGrad", 1, "no value at (0, 1)", "s > 0", ["x"]),
    (norm, ["0"], None, "backward", "SqrtGrad", 1, "makes NaN", "eps", ["x"]),
    (angle, ["0", "0"], None, "backward", "RealDiv", 1, "gradient of Atan2", "atan2(y", ["y", "x"]),
    (exp_where, ["1000"], None, "forward", "Exp", 1, "overflows", "guard the operand", ["x"]),
    (versine, ["1e-9"], None, "forward", "Sub", 2, "amplifies", "tf.sin(x / 2)", ["value"]),
    (softplus, ["1000"], None, "forward", "Exp", 1, "overflows", "softplus", ["value", "x"]),
    (softmax, ["1000,0"], 1, "forward", "Exp", 1, "overflows", "tf.nn.softmax", ["value", "x"]),
    (softmax, ["1000"], None, "forward", "Exp", 1, "overflows", "tf.nn.softmax", ["value", "x"]),
    (entropy, ["0,1"], 1, "forward", "Log", 1, "no value at (0)", "xlogy", ["value", "p"]),
    (sinc, ["0"], None, "forward", "RealDiv", 2, "no value at (0, 0)", "divisor", ["value", "x"]),
    (small_log, ["1e-17"], None, "forward", "Log", 2, "amplifies", "log1p", ["value"]),
    (root, ["0"], None, "backward", "SqrtGrad", 1, "gradient of Sqrt", "slope", ["x"]),
    (root, ["-1"], None, "forward", "Sqrt", 1, "no value at (-1)", "x >= 0", ["value", "x"]),
    (both, ["-1"], None, "forward", "Sub", 4, "amplifies", "tf.sin(x / 2)", ["value"]),
    (bessel, ["0"], None, "forward", "Log", 1, "no value at (0)", "x > 0", ["value", "x"]),
    (
        hypotenuse, ["1e200", "1"], None, "forward", "Mul", 1, "overflows",
        "scale before squaring", ["value", "x", "y"],
    ),
    (
        hypotenuse, ["1e-200", "1e-200"], None, "forward", "Mul", 1, "underflows",
        "scale before squaring", ["value", "x", "y"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fn", "at", "core", "where", "op", "line", "reason", "repair", "of"), CULPRITS
)
def test_the_first_that_goes_wrong(fn, at, core, where, op, line, reason, repair, of):
    answer = why(fn, at, core=core)
    first = answer.wrong[0]
    assert (first.where, first.op) == (where, op)
    assert first.source == f"{__file__}:{inspect.getsourcelines(fn)[1] + line}"
    assert reason in first.reason
    assert repair in first.repair
    assert [name.removeprefix("gradient by ") for name in first.results] == of
    assert len(answer.wrong) == 1
    assert [(s.where, s.op) for s in answer.steps if s.marked] == [(where, op)]


def outcome(answer, name):
    return next(o for o in answer.outcomes if o.name == name)


def test_a_nan_that_where_throws_away_does_no_harm_and_is_named():
    answer = why(log_where, ["-1"])
    assert not any(o.failing for o in answer.outcomes)
    (one,) = answer.wrong
    assert (one.op, one.where, one.results) == ("Log", "forward", ())
    assert "no value at (-1)" in one.reason
    assert "guard the operand, not the result" in one.repair
    assert not any(s.marked for s in answer.steps)


def test_a_value_that_where_throws_away_poisons_the_gradient():
    answer = why(quotient_where, ["-1"])
    assert not outcome(answer, "value").failing
    gradient = outcome(answer, "gradient by x")
    assert (gradient.exact, gradient.computed, gradient.verdict) == ("0", "nan", "spurious_nan")
    (one,) = answer.wrong
    assert (one.op, one.where) == ("Pow", "forward")
    assert "guard the operand, not the result" in one.repair


def test_of_rows_an_entry_that_where_throws_away():
    answer = why(rows_where, ["-1,2"], core=1)
    assert not any(o.failing for o in answer.outcomes)
    (one,) = answer.wrong
    assert (one.op, one.results) == ("Log", ())
    assert "guard the operand" in one.repair


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: tf.where(x > 0, tf.math.log(tf.where(x > 0, x, tf.ones_like(x))), x * 0),
        lambda x: x * x,
        tf.sin,
    ],
)
def test_where_nothing_goes_wrong_it_says_so(fn):
    answer = why(fn, ["-1"])
    assert answer.wrong == []
    assert answer.notes == []
    assert {o.verdict for o in answer.outcomes} == {"accurate"}
    assert {s.state for s in answer.steps} <= {"right", ""}


def test_an_exact_result_out_of_range_is_nobodys_fault():
    answer = why(tf.exp, ["1000"])
    assert [o.verdict for o in answer.outcomes] == ["overflow", "overflow"]
    assert answer.wrong == []


def test_an_input_that_is_nan_already_is_to_blame_itself():
    answer = why(softplus, ["nan"])
    assert answer.wrong == []
    assert answer.notes == ["x is NaN already: no operation is to blame"]


def test_an_upstream_that_is_nan_already_is_to_blame_itself():
    answer = why(softplus, ["1"], upstream="nan")
    assert answer.notes == ["the upstream is NaN already: no operation is to blame"]
    assert answer.wrong == []


def test_of_an_infinite_input_the_operation_that_makes_nan_is_named_without_a_repair():
    answer = why(softmax, ["inf,0"], core=1)
    first = answer.wrong[0]
    assert (first.op, first.where, first.repair) == ("RealDiv", "forward", "")
    assert "makes nan of (inf, inf)" in first.reason


def test_an_infinite_input_that_gives_infinity_is_no_fault():
    answer = why(tf.exp, ["inf"])
    assert answer.wrong == []
    assert not any(o.failing for o in answer.outcomes)


def test_a_kink_where_tensorflow_returns_a_number_is_no_fault():
    answer = why(tf.nn.relu, ["0"])
    gradient = outcome(answer, "gradient by features")
    assert gradient.verdict == "undefined"
    assert "no derivative here, and TensorFlow returns a number" in gradient.sentence
    assert answer.wrong == []


def test_no_derivative_and_nan_is_said_of_a_norm():
    sentence = outcome(why(norm, ["0,0"], core=1), "gradient by x").sentence
    assert sentence == "The function has no derivative here, and TensorFlow returns NaN."


def test_the_conjugate_of_a_custom_gradient_is_a_formula():
    @tf.custom_gradient
    def f(z, /):
        w = tf.exp(z)
        return w, lambda u: u * w

    (one,) = why(f, ["1+2j"]).wrong
    assert (one.op, one.results) == ("formula", ("gradient by z",))
    assert "tf.math.conj" in one.repair


def test_a_wrong_factor_is_a_formula_of_one_input():
    @tf.custom_gradient
    def f(x, y, /):
        return x * y, lambda u: (u * y, 2 * u * x)

    (one,) = why(f, ["3", "5"]).wrong
    assert (one.op, one.results) == ("formula", ("gradient by y",))
    assert "gives 6 in exact arithmetic, but the derivative is 3" in one.reason


def test_a_right_formula_that_loses_digits_is_an_operation_of_the_backward_pass():
    @tf.custom_gradient
    def f(x, /):
        def grad(u):
            near = tf.cos(x)
            return u * (1 - near)

        return x - tf.sin(x), grad

    answer = why(f, ["1e-5"])
    gradient = next(w for w in answer.wrong if "gradient by x" in w.results)
    assert (gradient.op, gradient.where) == ("Sub", "backward")
    assert "tf.sin(x / 2)" in gradient.repair


def test_a_gradient_that_tensorflow_does_not_give():
    answer = why(tf.stop_gradient, ["2"])
    assert outcome(answer, "gradient by input").sentence == "TensorFlow gives none."
    assert answer.wrong == []


def test_tensorflows_kernel_in_one_mode():
    answer = why(tf.sqrt, ["1+2j"], mode="xla")
    (one,) = answer.wrong
    assert (one.op, one.where) == ("SqrtGrad", "backward")
    assert "itself is off" in one.reason
    assert any("in xla" in note and "in eager" in note for note in answer.notes)
    assert why(tf.sqrt, ["1+2j"]).wrong == []


def test_a_subject_and_its_variants():
    subject = resolve("z_exp_z")
    assert why(subject, ["0.5+1j"]).wrong == []
    (one,) = why(subject.published, ["0.5+1j"]).wrong
    assert one.op == "formula"
    assert why(subject.stable, ["-800+1j"]).wrong == []
    assert why(subject, ["-713+1j"]).wrong[0].op == "Exp"


def test_real_numbers_are_taken_for_real_tensors_first():
    assert why(root, ["-1"]).dtypes == ("float64",)
    assert why(root, ["-1+0j"]).dtypes == ("complex128",)
    assert why(root, ["-1"], dtype="complex64").dtypes == ("complex64",)
    assert why(root, ["4"], dtype="float32").outcomes[0].exact == "2"


def test_the_upstream_is_used():
    answer = why(tf.sin, ["0"], upstream="-3")
    assert outcome(answer, "gradient by x").computed == "-3"
    assert answer.upstream == "-3.0"
    row = why(softmax, ["1,2"], upstream="1,0", core=1)
    assert not any(o.failing for o in row.outcomes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((angle, ["1"]), "takes 2 input"),
        ((root, ["one"]), "not a number"),
        ((root, ["1"], "1j"), "the upstream is complex"),
        ((root, ["1"], None, "fast"), "mode 'fast'"),
        ((root, ["1"], None, "eager", "int8"), "dtype 'int8'"),
        ((lambda x: (x, x), ["1"]), "not one tensor"),
        ((softmax, ["1,2"], "1,2,3", "eager", None, 1), "3 entries"),
    ],
)
def test_what_cannot_be_read_is_refused(arguments, message):
    with pytest.raises(TargetError, match=message):
        why(*arguments)


def test_the_records_are_plain_data():
    answer = why(softmax, ["1000,0"], core=1).to_json()
    assert answer["wrong"][0]["op"] == "Exp"
    assert [s["computed"] for s in answer["steps"] if s["marked"]] == ["inf"]
    assert {type(v) for s in answer["steps"] for v in s.values()} <= {
        str,
        int,
        float,
        bool,
        type(None),
    }


def test_errors_are_in_units_of_the_last_place():
    step = next(s for s in why(tf.math.log, ["3"], dtype="float32").steps if s.op == "Log")
    exact, computed = np.log(np.float64(np.float32(3))), tf.math.log(tf.constant(3, tf.float32))
    assert step.ulp == pytest.approx(abs(float(computed) - exact) / 2.0**-23, abs=1e-6)


def test_a_guard_that_decides_otherwise_than_in_exact_arithmetic_is_not_to_blame_itself():
    def f(x):
        squared = x * x
        return tf.where(squared < 1e305, tf.sqrt(squared + 1), tf.zeros_like(x) * x)

    def guarded(x):
        near = 1 + x
        return tf.where(near > 1, x, x * 2)

    assert [w.results for w in why(f, ["1e200"]).wrong] == [()]  # x * x overflows, and no harm
    (one,) = why(guarded, ["1e-30"]).wrong
    assert (one.op, one.kind) == ("Greater", "branch")
    assert "decides otherwise than in exact arithmetic" in one.reason


def test_a_kernel_that_is_off_at_an_exact_operand_is_off_itself():
    (one,) = why(tf.math.erfinv, ["1e-300"]).wrong
    assert (one.op, one.kind) == ("Erfinv", "kernel")
    digamma = why(tf.math.digamma, ["1"], max_ulp=1).wrong[0]
    assert digamma.kind == "kernel"


def test_what_a_kernel_loses_inside_has_not_overflowed():
    (one,) = why(tf.math.log, ["1e300+0.001j"]).wrong
    assert one.kind == "inside"
    assert "leaves the range inside, though its result does not" in one.reason


def test_the_operand_of_a_complex_quotient_that_has_overflowed_is_to_blame():
    answer = why(lambda z: tf.math.log(1 + tf.exp(z)), ["1000+0.001j"])
    assert {w.op for w in answer.wrong} == {"Exp"}


def test_a_function_of_the_whole_batch_is_asked_for_its_one_sample():
    answer = why(tf.nn.l2_normalize, ["1000,0,-1000"], core=1)
    assert answer.outcomes[0].verdict == "accurate"
    assert answer.wrong == []


def test_an_operation_without_a_rule_is_the_first_that_is_not_finite():
    (one, *_) = why(tf.math.special.expint, ["0"]).wrong
    assert (one.kind, one.repair) == ("unknown", "")
    assert one.reason == "Expint makes -inf of (0)"


@pytest.mark.parametrize(
    ("fn", "at"), [(tf.norm, ["0,0"]), (lambda x: x / tf.norm(x), ["0,0"]), (tf.norm, ["0"])]
)
def test_a_function_of_a_whole_tensor_is_asked_for_one(fn, at):
    answer = why(fn, at)
    assert outcome(answer, f"gradient by {'tensor' if fn is tf.norm else 'x'}").failing
    assert answer.wrong[0].op in ("SqrtGrad", "RealDiv")


def test_a_loss_of_a_whole_tensor_has_its_lines():
    def loss(x):
        logs = tf.math.log(x)
        return tf.reduce_mean(logs)

    answer = why(loss, ["0,1,2"])
    (one,) = answer.wrong
    assert one.source == f"{__file__}:{inspect.getsourcelines(loss)[1] + 1}"
    assert (one.op, one.kind) == ("Log", "undefined")
    assert why(loss, ["1,2,4"]).wrong == []
