"""Functions along the last axis: what is checked, what is said of a row, and that it replays."""

import json

import numpy as np
import pytest
import tensorflow as tf
from probing import checked, found_by, of_kind
from typer.testing import CliRunner

import argand
from argand.cli import app
from argand.frontend.runner import MODES
from argand.frontend.trace import trace_value
from argand.replay import replay
from argand.subject import TargetError, plane, real, subject
from argand.testing import assert_gradient
from argand.trial.inside.condition import condition
from argand.trial.problems import problems
from argand.verdict import FAILING


def total(x):
    return tf.reduce_sum(x, -1, keepdims=True)


def softmax(x):
    e = tf.exp(x)
    return e / total(e)


def shares(x):
    return x / total(x)


def mirrored(x):
    y = tf.reverse(x, [-1])
    return y * y


def log_sum(x):
    return tf.math.log(tf.reduce_sum(tf.exp(x), -1))


def problem_of(fn, dtype="float64", **options):
    ((problem,), _) = problems(fn, [dtype], options.get("domain"), None, options.get("core"))
    return problem


# --- what is checked -------------------------------------------------------------------------


def test_a_case_knows_the_shape_of_a_sample_and_of_its_value():
    problem = problem_of(softmax, core=1)
    assert (problem.cores, problem.core, problem.rows) == (((3,),), (3,), True)
    problem = problem_of(log_sum)
    assert (problem.cores, problem.core, problem.rows) == (((3,),), (), True)
    problem = problem_of(tf.exp)
    assert (problem.cores, problem.core, problem.rows) == (((),), (), False)


def test_the_entries_of_a_sample_are_its_rows_and_numbers_in_order():
    problem = problem_of(lambda z, t: tf.reduce_sum(z, -1) * t, "complex128", core=(1, 0))
    z, t = np.arange(6.0).reshape(2, 3) * 1j, np.array([7.0 + 0j, 8.0])
    entries = problem.entries([z, t])
    assert [e.tolist() for e in entries] == [[0j, 3j], [1j, 4j], [2j, 5j], [7, 8]]
    for made, x in zip(problem.inputs(entries), (z, t), strict=True):
        assert np.array_equal(made, x)
    assert problem.entry_dtypes == ("complex128",) * 4


def test_every_entry_of_a_row_has_its_inputs_domain():
    problem = problem_of(
        lambda x, t: tf.reduce_sum(x, -1) * t, core=(1, 0), domain=((0, 1), (2, 3))
    )
    assert problem.entry_domain == ((0, 1),) * 3 + ((2, 3),)


def test_what_keeps_its_shape_and_couples_its_entries_is_told_of_core():
    (found,) = found_by("batch_coupling", softmax)
    assert (found.kind, found.quantity) == ("batch_coupling", "value")
    assert "give core=1" in found.message
    assert found_by("batch_coupling", softmax, core=1) == []


@pytest.mark.parametrize(
    ("fn", "core", "words"),
    [
        (lambda x: tf.reduce_sum(x), None, "maps tensors of shape"),
        (lambda x: tf.reduce_sum(x), 1, "without the axis of samples"),
        (tf.exp, 2, "neither 0 nor 1"),
        (lambda x, y: x * y, (1,), "neither 0 nor 1"),
        (lambda x: tf.linalg.inv(x), 1, "cannot be traced"),
    ],
)
def test_a_core_that_does_not_fit_is_one_line(fn, core, words):
    with pytest.raises(TargetError, match=words) as refusal:
        argand.check(fn, dtypes=["float64"], core=core)
    assert "\n" not in str(refusal.value)


# --- a subject's rows ------------------------------------------------------------------------


@subject(r"\sum_k w_k z_k", plane("z", (-2, 2), (-2, 2), entries=4), real("t", 0.5, 2))
def weighed(z, t):
    """A row of four beside a number."""
    w = tf.constant([1.0, 2.0, 3.0, 4.0], z.dtype)
    return tf.reduce_sum(w * z, -1) * tf.cast(t, z.dtype)


@weighed.variant
@tf.custom_gradient
def turned(z, t, /):
    value = weighed.plain(z, t)

    def grad(u):
        by_z = (u * tf.cast(t, u.dtype))[..., None] * tf.constant([1, 2, 3, 4], u.dtype) * 1j
        return by_z, tf.math.real(u * tf.math.conj(value)) / t

    return value, grad


def test_a_subjects_rows_have_the_entries_that_it_declares():
    report = argand.check(weighed, dtypes=["complex128"], modes=["eager"], samples=48)
    wrong = of_kind(report, "formula")
    assert {f.variant for f in wrong} == {"turned"}
    assert len(wrong[0].input) == 9
    assert "gradient by input 0" in wrong[0].message
    broken = {f.kind for f in report.findings if f.variant == "auto"} - FAILING
    assert broken <= {"keyword"}


def test_a_subject_says_its_entries_itself():
    with pytest.raises(TargetError, match="a subject's inputs say their entries"):
        argand.check(weighed, core=1)
    with pytest.raises(TargetError, match="a subject's inputs say their entries"):
        replay(weighed, ["1"], None, None, core=1)


# --- what is said ----------------------------------------------------------------------------


def test_a_failing_row_is_told_with_its_entry_and_replays():
    report = checked(softmax, "float64", samples=96, core=1)
    (found, *_) = (f for f in report.findings if f.kind == "spurious_nan" and f.quantity == "value")
    assert "samples in entry" in found.message
    assert len(found.input) == 3
    assert found.op in ("Exp", "RealDiv")
    assert found.source.startswith(__file__)
    (row,) = replay(softmax, [",".join(found.input)], found.upstream, "float64", core=1)
    assert row["value"] == found.exact
    assert row["certified"]


def test_a_wrong_formula_replays_too():
    @tf.custom_gradient
    def halved(z, /):
        return shares(z), lambda u: tf.math.conj(1 / total(z)) * u

    (found,) = of_kind(checked(halved, "complex128", samples=32, core=1), "formula")
    (row,) = replay(halved, [",".join(found.input)], found.upstream, "complex128", core=1)
    assert row["vjp"] == [found.exact]
    assert len(eval(found.computed)) == 3


def test_an_edge_names_the_entry():
    report = checked(log_sum, "float64", samples=96, domain=(-1000, 1000))
    told = [f.message for f in report.findings if f.kind == "spurious_overflow"]
    assert any("along entry" in message for message in told)


def test_the_condition_of_a_row_is_that_of_the_entry():
    program = trace_value(lambda x: x - tf.reverse(x, [-1]) / 2, ["float64"], [(2,)])
    x, u = np.array([[4.0, 1.0]]), np.ones((1, 2))
    assert condition(program, [x], u, -1, 0) == pytest.approx((4 + 0.5) / 3.5)
    assert condition(program, [x], u, -1, 1) == pytest.approx((1 + 2) / 1)


# --- neighbours ------------------------------------------------------------------------------


def test_a_gradient_that_only_other_upstreams_change_is_coupled():
    @tf.custom_gradient
    def by_norm(x, /):
        return x * x, lambda u: u * 2 * x / tf.maximum(tf.reduce_max(tf.abs(u)), 1.0)

    assert {f.quantity for f in of_kind(checked(by_norm), "batch_coupling")} == {"gradient"}
    assert of_kind(checked(by_norm, core=1, samples=32), "batch_coupling")


# --- contracts -------------------------------------------------------------------------------


def test_a_right_row_has_no_finding_in_any_mode():
    report = checked(mirrored, modes=MODES, samples=32, core=1)
    assert report.findings == []
    assert report.undecided == 0


@pytest.mark.parametrize(("gradient", "wrong"), [(1.0, False), (2.0, True)])
def test_a_variable_in_a_row_is_held_to_the_truth(gradient, wrong):
    gain = tf.Variable(1.5, dtype=tf.float64)

    @tf.custom_gradient
    def layer(x, /):
        def grad(u, variables=None):
            return u[..., None] * 2 * gain * x, [gradient * tf.reduce_sum(u[..., None] * x * x)]

        return gain * tf.reduce_sum(x * x, -1), grad

    assert bool(of_kind(checked(layer, samples=32), "variables")) is wrong


def test_assert_gradient_takes_rows():
    assert_gradient(mirrored, core=1, domain=(0.5, 4), dtypes=["float64"], modes=["eager"])
    with pytest.raises(AssertionError, match="batch_coupling"):
        assert_gradient(mirrored, domain=(0.5, 4), dtypes=["float64"], modes=["eager"])


def test_the_command_takes_rows(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "import tensorflow as tf\n\n\n@tf.custom_gradient\ndef f(x, /):\n"
        "    return x * tf.reduce_sum(x, -1, keepdims=True), lambda u: u * x\n"
    )
    monkeypatch.chdir(tmp_path)
    command = ["check", "mine.py:f", "--core", "1", "--dtype", "float64", "--mode", "eager"]
    out = CliRunner().invoke(app, [*command, "--format", "json"])
    assert out.exit_code == 1
    found = json.loads(out.stdout)["findings"][0]
    assert (found["kind"], len(found["input"])) == ("formula", 3)
