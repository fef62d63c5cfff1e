"""The certified reference, held against mpmath and against what must be refused."""

import mpmath
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import argand
from argand.subject import TargetError
from argand.targets import catalogue


def z_exp_z(z):
    return z * tf.exp(z)


def rounded(x):
    """An mpmath number as the nearest float64 (mpmath rounds to nearest, ties to even)."""
    return float(x)


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=150, deadline=None)
@given(finite, finite)
def test_z_exp_z_and_its_derivative_are_correctly_rounded(x, y):
    got = argand.exact(z_exp_z, complex(x, y), upstream=1.0)
    assert got.certified.all()
    with mpmath.workprec(3000):
        z = mpmath.mpc(x, y)
        for mine, theirs in [(got.value, z * mpmath.exp(z)), (got.dz[0], (1 + z) * mpmath.exp(z))]:
            assert mine.real == rounded(theirs.real)
            assert mine.imag == rounded(theirs.imag)
    assert got.dzbar[0] == 0
    np.testing.assert_array_equal(got.vjp[0], np.conj(got.dz[0]))


def test_single_precision_is_rounded_once_not_twice():
    # 1 + 2⁻²⁴ + 2⁻⁶⁰ lies just above a tie of float32; through float64 it would round down.
    just_above = argand.exact(
        lambda x: x + tf.constant(2.0**-60, tf.float64), np.float64(1 + 2.0**-24), dtype="float32"
    )
    tie = argand.exact(lambda x: x, np.float64(1 + 2.0**-24), dtype="float32")
    assert just_above.value == np.float32(1 + 2.0**-23)
    assert tie.value == np.float32(1)


@pytest.mark.parametrize(
    ("x", "expected"),
    [(1e300, np.inf), (-1e300, 0.0), (710.0, np.inf), (-740.0, 4.2e-322), (-746.0, 0.0)],
)
def test_results_out_of_range_round_to_infinity_zero_or_subnormals(x, expected):
    got = argand.exact(tf.exp, x)
    assert got.certified
    assert got.value == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("x", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_never_certified(x):
    assert not argand.exact(tf.exp, x).certified
    assert not argand.exact(tf.exp, 0.0, upstream=x).certified


def test_a_pole_is_not_certified():
    assert not argand.exact(lambda z: 1 / z, 0j).certified


def test_a_real_function_of_a_complex_input_has_both_derivatives():
    z = 0.3 - 1.7j
    got = argand.exact(lambda z: tf.math.real(z * tf.math.conj(z)), z, upstream=1.0)
    assert (got.dz[0], got.dzbar[0]) == (np.conj(z), z)
    assert got.vjp[0] == 2 * z


def test_conjugate_and_real_parts_agree_with_tensorflow_where_rounding_is_absent():
    def f(x, y):
        w = tf.complex(x * x - y, x * y)
        return tf.math.conj(w) * w + tf.complex(tf.math.imag(w), tf.math.real(w))

    x, y, u = np.float64(3.0), np.float64(-2.0), np.complex128(2 - 1j)
    got = argand.exact(f, x, y, upstream=u)
    with tf.GradientTape() as tape:
        inputs = [tf.constant([x]), tf.constant([y])]
        tape.watch(inputs)
        value = f(*inputs)
    gradients = tape.gradient(value, inputs, output_gradients=tf.constant([u]))
    assert got.value == value.numpy()[0]
    assert [v.item() for v in got.vjp] == [g.numpy()[0] for g in gradients]
    assert got.vjp[0].dtype == np.float64


def test_the_forward_graph_of_every_variant_has_the_exact_value_of_the_plain_formula():
    rng = np.random.default_rng(1)
    for subject in catalogue():
        dtypes = subject.input_dtypes(subject.dtypes[1])
        shapes = [(20, *core) for core in subject.cores]
        inputs = [
            (rng.normal(size=n) + (1j * rng.normal(size=n) if d[0] == "c" else 0)).astype(d)
            for d, n in zip(dtypes, shapes, strict=True)
        ]
        core = [len(c) for c in subject.cores]
        plain = argand.exact(subject, *inputs, core=core)
        assert plain.certified.all()
        for variant in subject.variants.values():
            exact = argand.exact(variant, *inputs, core=core)
            np.testing.assert_array_equal(exact.value, plain.value)


def test_a_nested_tf_function_is_inlined():
    inner = tf.function(lambda z: tf.exp(z))
    assert argand.exact(lambda z: z * inner(z), 1 + 2j).certified


def test_an_unsupported_operation_is_named_with_its_source_line():
    with pytest.raises(TargetError, match=r"Bessel.*test_exact\.py:\d+") as refusal:
        argand.exact(lambda x: tf.math.bessel_i0(x), 1.5)
    assert "\n" not in str(refusal.value)


def test_a_dtype_that_the_function_refuses_is_one_line():
    with pytest.raises(TargetError, match="cannot be traced for complex128") as refusal:
        argand.exact(lambda z: z * tf.constant(1.0, tf.float32), 1j)
    assert "\n" not in str(refusal.value)


def test_unusable_inputs_are_refused():
    with pytest.raises(TargetError, match="dtype"):
        argand.exact(tf.exp, np.array(["a"]))
    with pytest.raises(TargetError, match="broadcast"):
        argand.exact(lambda a, b: a * b, np.ones(2), np.ones(3))
