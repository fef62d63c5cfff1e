"""Every usual way of getting a gradient wrong is rejected with the right kind and words."""

import re

import numpy as np
import pytest
import tensorflow as tf

import argand
from argand.subject import TargetError

QUICK = {"modes": ["eager"], "samples": 128}


def with_gradient(value, gradient):
    """``value`` with ``gradient(u, *inputs)`` in place of TensorFlow's own."""

    @tf.custom_gradient
    def function(*inputs):
        return value(*inputs), lambda u: gradient(u, *inputs)

    if value.__code__.co_argcount == 1:
        return lambda z: function(z)
    return lambda x, y: function(x, y)


def holomorphic(z):
    return tf.exp(z)


def slope(z):
    return tf.math.conj(tf.exp(z))


def mixed(z):
    return z * z * tf.math.conj(z)


def plane_gradient(u, z):
    """TensorFlow's gradient of ``mixed``: ∂f/∂z = 2|z|², ∂f/∂z̄ = z²."""
    return u * 2 * z * tf.math.conj(z) + tf.math.conj(u) * z * z


def size(u):
    return tf.cast(tf.abs(u), u.dtype)


FORMULAS = {
    "conjugate missing": (holomorphic, lambda u, z: u * tf.exp(z), "conjugate of ∂f/∂z is missing"),
    "conjugate of the whole": (
        holomorphic,
        lambda u, z: tf.math.conj(u * slope(z)),
        "whole gradient is conjugated",
    ),
    "upstream conjugated": (
        holomorphic,
        lambda u, z: tf.math.conj(u) * slope(z),
        "upstream is conjugated",
    ),
    "half by conjugate missing": (
        mixed,
        lambda u, z: u * 2 * z * tf.math.conj(z),
        "half with ∂f/∂z̄ is missing",
    ),
    "holomorphic half missing": (
        mixed,
        lambda u, z: tf.math.conj(u) * z * z,
        "half with ∂f/∂z is missing",
    ),
    "sign": (mixed, lambda u, z: -plane_gradient(u, z), "sign is reversed"),
    "factor 2": (mixed, lambda u, z: 2 * plane_gradient(u, z), "off by the factor 2"),
    "factor 2j": (holomorphic, lambda u, z: 2j * u * slope(z), r"off by the factor .*2j"),
    "upstream ignored": (holomorphic, lambda u, z: slope(z), "ignores the upstream"),
    "upstream's size ignored": (
        holomorphic,
        lambda u, z: u / size(u) * slope(z),
        "ignores the upstream's size",
    ),
    "upstream's phase ignored": (
        holomorphic,
        lambda u, z: size(u) * slope(z),
        "ignores the upstream's phase",
    ),
    "upstream twice": (holomorphic, lambda u, z: u * u * slope(z), "upstream is multiplied twice"),
    "upstream's size twice": (
        holomorphic,
        lambda u, z: u * size(u) * slope(z),
        "upstream's size counts twice",
    ),
    "vanishes": (holomorphic, lambda u, z: tf.zeros_like(z), "it is zero"),
    "none of these": (holomorphic, lambda u, z: u * slope(z) + u, "none of the usual mistakes"),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_wrong_formula_is_proved_and_told(name):
    value, gradient, words = FORMULAS[name]
    report = argand.check(with_gradient(value, gradient), dtypes=["complex128"], **QUICK)
    first = report.findings[0]
    assert (first.kind, first.quantity, report.ok) == ("formula", "gradient", False)
    assert re.search(words, first.message)
    assert len(first.input) == 2
    assert first.computed != first.exact


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_wrong_formula_of_a_real_function_is_proved(dtype):
    bad = with_gradient(lambda x: x * x, lambda u, x: u * x)
    first = argand.check(bad, dtypes=[dtype], **QUICK).findings[0]
    assert first.kind == "formula"
    assert "factor 0.5" in first.message


def test_a_formula_that_is_right_on_the_real_axis_only_is_rejected_in_the_plane():
    only_real = with_gradient(lambda z: z * z, lambda u, z: u * 2 * z)
    assert argand.check(only_real, dtypes=["float64"], **QUICK).ok
    assert argand.check(only_real, dtypes=["complex128"], **QUICK).findings[0].kind == "formula"


def test_a_formula_that_is_wrong_in_a_region_only_is_found():
    def clipped(u, x):
        return u * tf.where(x < 1000.0, 2 * x, tf.zeros_like(x))

    first = argand.check(
        with_gradient(lambda x: x * x, clipped), dtypes=["float64"], **QUICK
    ).findings[0]
    assert first.kind == "formula"
    assert "region" in first.message
    assert float.fromhex(first.input[0]) >= 1000


def test_gradients_swapped_between_inputs_are_told():
    swapped = with_gradient(lambda x, y: x * x * y, lambda u, x, y: (u * x * x, u * 2 * x * y))
    first = argand.check(swapped, dtypes=["float64"], **QUICK).findings[0]
    assert "gradient by input 1, not 0" in first.message


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_a_gradient_scaled_by_other_samples_is_batch_coupling(mode):
    def coupled(u, z):
        largest = tf.reduce_max(tf.abs(z))
        return u * slope(z) * tf.cast(largest, z.dtype)

    report = argand.check(
        with_gradient(holomorphic, coupled), dtypes=["complex64"], modes=[mode], samples=64
    )
    assert "batch_coupling" in {f.kind for f in report.findings}


def test_a_value_that_depends_on_other_samples_is_batch_coupling():
    def softened(x):
        return x / (1 + tf.reduce_sum(x * x))

    kinds = {
        (f.kind, f.quantity) for f in argand.check(softened, dtypes=["float64"], **QUICK).findings
    }
    assert ("batch_coupling", "value") in kinds


def test_a_gradient_of_another_dtype_is_rejected():
    wide = with_gradient(lambda x: x * x, lambda u, x: tf.cast(u * 2 * x, tf.float64))
    report = argand.check(wide, dtypes=["float32"], **QUICK)
    assert {"dtype"} <= {f.kind for f in report.findings}
    assert argand.check(wide, dtypes=["float64"], **QUICK).ok


def test_a_complex_gradient_of_a_real_input_is_rejected():
    def complex_gradient(u, x):
        return u * tf.complex(2 * x, tf.zeros_like(x))

    bad = with_gradient(lambda x: tf.complex(x * x, x), complex_gradient)
    kinds = {f.kind for f in argand.check(bad, dtypes=["float64"], **QUICK).findings}
    assert kinds & {"dtype", "error"}


def test_a_gradient_that_is_not_summed_over_broadcast_axes_is_rejected():
    bad = with_gradient(lambda x, y: x * y, lambda u, x, y: (u * y, u * x))
    report = argand.check(bad, dtypes=["float64"], **QUICK)
    assert [f.kind for f in report.findings] == ["shape"]
    assert "[1], [5]" in report.findings[0].message


def test_a_missing_gradient_is_rejected_where_the_function_depends_on_the_input():
    bad = with_gradient(lambda x, y: x * y, lambda u, x, y: (u * y, None))
    report = argand.check(bad, dtypes=["float64"], **QUICK)
    assert "missing_gradient" in {f.kind for f in report.findings}
    assert "input 1" in report.findings[0].message


def test_a_stopped_gradient_is_missing():
    report = argand.check(lambda x: tf.stop_gradient(x) * 2, dtypes=["float64"], **QUICK)
    assert "missing_gradient" in {f.kind for f in report.findings}


def test_nan_does_not_pass_against_nan():
    def poisoned(u, x):
        return u * 2 * x * tf.constant(np.nan, x.dtype)

    report = argand.check(with_gradient(lambda x: x * x, poisoned), dtypes=["float64"], **QUICK)
    assert "spurious_nan" in {f.kind for f in report.findings if f.quantity == "gradient"}


def test_a_value_that_is_nan_is_rejected_though_its_gradient_is_right():
    bad = with_gradient(lambda x: (x * x) * (x - x) / (x - x), lambda u, x: u * 2 * x)
    report = argand.check(bad, dtypes=["float64"], reference=lambda x: x * x, **QUICK)
    assert "spurious_nan" in {f.kind for f in report.findings if f.quantity == "value"}


def test_an_error_in_the_backward_pass_is_a_finding_with_its_words():
    def broken(u, x):
        raise RuntimeError("the backward pass is not written yet")

    report = argand.check(with_gradient(lambda x: x * x, broken), dtypes=["float64"], **QUICK)
    assert [f.kind for f in report.findings] == ["error"]
    assert "not written yet" in report.findings[0].message


def test_a_wrong_value_is_rejected_against_its_reference():
    series = with_gradient(lambda x: 1 + x, lambda u, x: u * tf.exp(x))
    report = argand.check(series, dtypes=["float64"], reference=tf.exp, domain=(-1.0, 1.0), **QUICK)
    assert {f.quantity for f in report.findings} == {"value"}


def test_a_wrong_gradient_of_tensorflows_own_is_not_blamed_on_the_caller():
    first = argand.check(tf.nn.silu, dtypes=["complex128"], **QUICK).findings[0]
    assert first.kind == "formula"
    assert first.source == "TensorFlow's own operation"


def test_a_value_of_another_shape_than_its_inputs_is_refused_and_of_another_dtype_rejected():
    with pytest.raises(TargetError, match=r"67 samples, \[67\], to a tensor of shape \[1\]"):
        argand.check(lambda x: tf.constant([1.0], x.dtype), dtypes=["float64"], **QUICK)
    narrow = argand.check(
        lambda x: tf.cast(x, tf.float32), dtypes=["float64"], reference=lambda x: x, **QUICK
    )
    assert ("dtype", "value") in {(f.kind, f.quantity) for f in narrow.findings}


def test_a_gradient_that_is_summed_over_the_batch_is_rejected():
    bad = with_gradient(lambda x: x * x, lambda u, x: tf.reduce_sum(u * 2 * x))
    kinds = {f.kind for f in argand.check(bad, dtypes=["float64"], **QUICK).findings}
    assert kinds & {"shape", "error"}
