"""What is checked, and what is refused before anything runs."""

import pytest
import tensorflow as tf

import argand
from argand.subject import TargetError
from argand.targets import from_catalogue
from argand.trial.problems import problems


def test_a_subject_has_a_case_for_each_variant_in_each_dtype():
    made, refused = problems(from_catalogue("complex_paraboloid"), None, None, None)
    assert refused == []
    assert len(made) == 8
    assert made[0].input_dtypes == ("float32", "float32")
    assert made[0].output_dtype == "complex64"
    assert made[0].domain is None


def test_a_sibling_dtype_that_is_refused_is_a_finding():
    @tf.function
    def double_only(x):
        return x * tf.constant(2.0, tf.float64)

    report = argand.check(lambda x: double_only(x), modes=["eager"], samples=64)
    assert {(f.dtype, f.kind) for f in report.findings} == {
        ("float32", "error"),
        ("float32", "dtype"),
    }
    assert report.samples > 0
    assert report.table()[0][1] == "error, dtype"


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
        return x * x, lambda u: u * 2 * x * tf.exp(tf.math.special.bessel_j0(tf.ones_like(x)))

    report = argand.check(lambda x: odd(x), dtypes=["float64"], modes=["eager"], samples=128)
    assert report.unproved == {"<lambda>"}
    assert "BesselJ0" in report.notes[0]
    assert report.samples == 256
    assert report.table()[0][1] == "not proved"
