"""What is checked, and what is refused before anything runs."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import argand
from argand.subject import TargetError
from argand.targets import from_catalogue
from argand.trial.problems import problems


def test_a_subject_has_a_problem_for_each_variant_in_each_dtype():
    made, refused = problems(from_catalogue("complex_paraboloid"), None, None, None)
    assert refused == []
    assert len(made) == 8
    assert made[0].input_dtypes == ("float32", "float32")
    assert made[0].output_dtype == "complex64"
    assert made[0].domain is None


def test_a_dtype_that_a_function_cannot_take_is_told_and_no_defect():
    @tf.function
    def double_only(x):
        return x * tf.constant(2.0, tf.float64)

    report = argand.check(lambda x: double_only(x), modes=["eager"], samples=64)
    assert report.findings == []
    assert report.samples > 0
    (note,) = [n for n in report.notes if "float32" in n]
    assert note.startswith("float32 not checked: the value cannot be traced for float32")
    with pytest.raises(TargetError, match="cannot be traced for float32"):
        argand.check(lambda x: double_only(x), dtypes=["float32"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"domain": (1.0, 1.0)}, "is empty"),
        ({"domain": [(0.0, 1.0)] * 3}, "has 3"),
        ({"domain": 3}, "not made of"),
        ({"modes": ["jit"]}, "mode 'jit'"),
        ({"dtypes": ["float16"]}, "dtype 'float16'"),
        ({"reference": lambda x: tf.math.special.bessel_j0(x)}, "BesselJ0"),
    ],
)
def test_an_unusable_call_is_one_line(options, words):
    with pytest.raises(TargetError, match=words) as refusal:
        argand.check(lambda x: x * x, **{"dtypes": ["float64"], **options})
    assert "\n" not in str(refusal.value)


def test_a_domain_is_one_pair_for_each_real_component():
    made, _ = problems(lambda z: z * z, ["complex128"], ((-1, 1), (0, 2)), None)
    assert made[0].domain == ((-1.0, 1.0), (0.0, 2.0))


def test_a_backward_operation_without_a_rule_is_a_note_and_samples_still_judge():
    @tf.custom_gradient
    def odd(x):
        return x * x, lambda u: u * 2 * x * tf.math.special.bessel_j0(tf.zeros_like(x))

    report = argand.check(lambda x: odd(x), dtypes=["float64"], modes=["eager"], samples=128)
    assert report.unproved == {"<lambda>"}
    assert "BesselJ0" in report.notes[0]
    assert report.samples >= 256
    assert report.special > 0
    assert "the formula is not proved" in report.answer["<lambda>"].right.told


@pytest.fixture(scope="module")
def product():
    made, _ = problems(lambda r, z: tf.complex(r, r)[..., None] * z, core=(0, 1))
    return made[-1]


ENTRY = st.complex_numbers(max_magnitude=1e6)


@given(arrays(np.complex128, (4, 3), elements=ENTRY), arrays(np.complex128, 4, elements=ENTRY))
def test_entries_and_inputs_are_inverse(product, z, r):
    inputs = [r.real.copy(), z]
    back = product.inputs(product.entries(inputs))
    for a, b in zip(back, inputs, strict=True):
        np.testing.assert_array_equal(a, b)
    assert len(product.entries(inputs)) == len(product.entry_dtypes) == 4


def test_a_problem_traces_once_and_keeps_one_runner_a_mode():
    calls = []

    def told(x):
        calls.append(x.shape)
        return x * x

    ((problem,), _) = problems(told, ["float64"], reference=lambda x: x * x)
    calls.clear()
    assert problem.forward is problem.forward
    assert problem.backward is problem.backward
    assert len(calls) == 1  # the forward trace was made when the dtype was looked for
    assert problem.run("graph") is problem.run("graph")
    assert problem.run("graph") is not problem.run("eager")


def test_bounds_share_traces_and_runners_and_move_only_the_search():
    ((problem,), _) = problems(tf.exp, ["complex64"], domain=((-1, 1), (0, 2)))
    inside = dataclasses.replace(problem, bounds=((0.0, 0.5), (1.0, 1.0)))
    assert problem.entry_domain == ((-1.0, 1.0), (0.0, 2.0))
    assert inside.entry_domain == ((0.0, 0.5), (1.0, 1.0))
    assert inside.run("eager") is problem.run("eager")
    assert inside.forward is problem.forward


def test_a_finding_says_of_which_problem_it_is():
    ((problem,), _) = problems(tf.exp, ["float32"])
    found = problem.finding("shape", "eager", "gradient", "Why.", op="Exp")
    assert (found.variant, found.dtype, found.kind, found.op) == ("exp", "float32", "shape", "Exp")
    assert problem.by_input(0) == problem.in_entry(0, 2) == ""


def test_clauses_name_input_and_entry_where_there_are_several(product):
    assert product.by_input(1) == " (gradient by input 1)"
    assert product.in_entry(1, 2) == " in entry 2"
    assert product.in_entry(0, 0) == ""


def test_rows_of_another_length_are_traced_anew():
    ((problem,), _) = problems(tf.nn.softmax, ["float64"], core=1)
    longer = problem.of_entries(7)
    assert longer.core == longer.cores[0] == (7,)
    x = np.linspace(0, 1, 7)[None]
    np.testing.assert_allclose(longer.exact([x], x).value.sum(), 1)
    with pytest.raises(TargetError, match="several lengths"):
        problems(tf.exp, ["float64"])[0][0].of_entries(2)
