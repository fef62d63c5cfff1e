"""TensorFlow's own defects are found without being told where, and blamed on their operation."""

import pytest
import tensorflow as tf

import argand


def check(fn, dtype, mode):
    return argand.check(fn, dtypes=[dtype], modes=[mode]).findings


def found(findings, kind, quantity):
    return [f for f in findings if (f.kind, f.quantity) == (kind, quantity)]


def components(finding):
    return [float.fromhex(x) for x in finding.input]


@pytest.mark.parametrize(
    ("dtype", "band"), [("complex64", (88.5, 91.5)), ("complex128", (709.6, 710.7))]
)
def test_sigmoids_band_of_nan(dtype, band):
    findings = check(tf.sigmoid, dtype, "eager")
    (nan,) = found(findings, "spurious_nan", "value")
    assert band[0] <= components(nan)[0] <= band[1]
    assert nan.op == "Sigmoid"
    vanished = found(findings, "spurious_underflow", "gradient")[0]
    assert vanished.op == "SigmoidGrad"
    assert complex(vanished.exact) != 0 == complex(vanished.computed)


def test_tanhs_gradient_loses_its_real_part():
    findings = check(tf.tanh, "complex128", "graph")
    lost = [f for f in findings if f.op == "TanhGrad" and f.kind in ("wrong", "inaccurate")]
    assert lost
    assert {f.kind for f in findings} >= {"wrong", "spurious_underflow", "inaccurate"}


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_the_compiled_gradient_of_sqrt_is_conjugated(dtype):
    (mirrored,) = found(check(tf.sqrt, dtype, "xla"), "conjugated", "gradient")
    assert mirrored.op == "SqrtGrad"
    assert "itself is off" in mirrored.message
    assert not found(check(tf.sqrt, dtype, "graph"), "conjugated", "gradient")


def test_the_logarithm_of_large_numbers_is_nan():
    report = argand.check(tf.math.log, dtypes=["complex64"], modes=["eager"])
    (nan,) = found(report.findings, "spurious_nan", "value")
    assert nan.op == "Log"
    assert "well-conditioned" in nan.message
    assert max(map(abs, components(nan))) > 1e18
    edge = next(e for e in report.facts["log"]["complex64"].box.edges if e.outward)
    assert 1e19 < edge.size < 3e19  # |z|² overflows
    assert edge.reason.startswith("Log (")


def test_the_gradient_of_silu_is_proved_wrong():
    first = check(tf.nn.silu, "complex128", "eager")[0]
    assert first.kind == "formula"
    assert "conjugate of ∂f/∂z is missing" in first.message
