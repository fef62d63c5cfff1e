"""What a failing verdict's finding says, from the samples to the text."""

import inspect
import re

import pytest
import tensorflow as tf

import argand


def half_exp(x):
    grown = tf.exp(x)
    return grown * 0.5


def cancels(x):
    near = tf.cos(x)
    return 1 - near


def of_kind(report, kind, quantity="value"):
    return next(f for f in report.findings if (f.kind, f.quantity) == (kind, quantity))


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_a_spurious_overflow_has_its_frontier_line_and_condition(mode):
    report = argand.check(half_exp, dtypes=["float64"], modes=[mode], domain=(-800, 800))
    found = of_kind(report, "spurious_overflow")
    assert 709.78 < float.fromhex(found.input[0]) < 710.48
    assert "0x1.62e42fefa39efp+9" in found.message or "710.4758" in found.message
    assert found.op == "Exp"
    assert found.source == f"{__file__}:{inspect.getsourcelines(half_exp)[1] + 1}"
    assert "Exp overflows" in found.message
    assert "Condition number 7" in found.message


def test_lost_digits_are_worst_where_the_difference_cancels():
    report = argand.check(cancels, dtypes=["float64"], modes=["graph"], domain=(1e-6, 1.0))
    found = of_kind(report, "inaccurate")
    assert (found.op, found.source) == (
        "Sub",
        f"{__file__}:{inspect.getsourcelines(cancels)[1] + 2}",
    )
    assert float.fromhex(found.input[0]) < 1e-4
    assert "Condition number 2, well-conditioned here: the algorithm loses it" in found.message
    assert re.search(r"of \d+ samples, up to", found.message)


def test_every_witness_still_fails_as_the_finding_says():
    report = argand.check(lambda z: z * tf.exp(z), dtypes=["complex128"], samples=1024)
    assert {f.mode for f in report.findings} == {"eager", "graph", "xla"}
    for f in report.findings:
        z = complex(*map(float.fromhex, f.input))
        with tf.GradientTape() as tape:
            x = tf.constant([z], tf.complex128)
            tape.watch(x)
            value = x * tf.exp(x)
        u = tf.constant([complex(f.upstream)], tf.complex128)
        result = value if f.quantity == "value" else tape.gradient(value, x, output_gradients=u)
        exact = argand.exact(lambda z: z * tf.exp(z), z, upstream=complex(f.upstream))
        truth = exact.value if f.quantity == "value" else exact.vjp[0]
        assert repr(complex(truth)) == f.exact
        if f.mode == "eager" and f.kind == "spurious_underflow":
            assert result.numpy()[0] == 0


def test_a_run_repeats_byte_for_byte():
    first, second = (
        argand.check(lambda z: z / (1 + tf.exp(z)), dtypes=["complex64"], samples=1024).to_json()
        for _ in range(2)
    )
    assert first["findings"]
    assert first == second


def test_a_thorough_check_takes_more_samples():
    quick, thorough = (
        argand.check(tf.negative, dtypes=["float64"], modes=["eager"], thorough=t)
        for t in (False, True)
    )
    assert 15 * quick.samples < thorough.samples < 16 * quick.samples  # special points are the same
    assert thorough.ok
    assert quick.ok


RIGHT = {  # with a domain where TensorFlow's own result is representable and well-conditioned
    "exp": (tf.exp, (-80.0, 80.0)),
    "abs": (tf.abs, None),
    "square": (lambda x: x * x, None),
    "line": (lambda x: x / 3 + 1, (0.0, 1e30)),
    "kink": (lambda x: tf.where(x > 0, x, -x), None),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_right_functions_stay_silent(name, dtype):
    fn, domain = RIGHT[name]
    report = argand.check(fn, dtypes=[dtype], modes=["graph"], domain=domain)
    assert report.findings == []
    assert report.decided > 0


def test_a_wrong_formula_is_not_searched_but_its_value_is():
    @tf.custom_gradient
    def doubled(x):
        return tf.exp(x) * 0.5, lambda u: u * tf.exp(x)

    report = argand.check(lambda x: doubled(x), dtypes=["float64"], modes=["eager"])
    assert report.findings[0].kind == "formula"
    assert of_kind(report, "spurious_overflow").op == "Exp"
    assert of_kind(report, "wrong", "gradient").op == ""
