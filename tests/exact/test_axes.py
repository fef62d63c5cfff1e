"""Functions along the last axis, closures, nested functions, and what is refused before work."""

import numpy as np
import pytest
import tensorflow as tf
from operations import ALONG_AXIS, ELEMENTWISE, cores, dtypes

import argand
from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import certify
from argand.exact.rules.composed import ALIASES, COMPOSED
from argand.exact.rules.shaped import BITS, SHAPED
from argand.exact.rules.structural import STRUCTURAL
from argand.exact.rules.table import RULES
from argand.exact.special import SPECIAL
from argand.exact.special.entry import PREFIX
from argand.frontend.trace import trace_gradient, trace_value
from argand.subject import TargetError


def test_shapes_of_reductions_and_of_maps_along_an_axis():
    x = np.arange(1.0, 7).reshape(2, 3)
    total = argand.exact(lambda x: tf.reduce_sum(x * x, -1), x, core=1, upstream=[1.0, 2.0])
    assert total.value.tolist() == [14, 77]
    np.testing.assert_array_equal(total.dz[0], 2 * x)
    np.testing.assert_array_equal(total.vjp[0], 2 * x * [[1], [2]])
    assert total.certified.shape == (2,)
    sums = argand.exact(lambda x: tf.cumsum(x, -1), x, core=1, upstream=np.ones(3))
    np.testing.assert_array_equal(sums.value, np.cumsum(x, -1))
    assert sums.dz[0].shape == (2, 3, 3)
    np.testing.assert_array_equal(sums.dz[0][0], np.tril(np.ones((3, 3))))
    np.testing.assert_array_equal(sums.vjp[0], [[3, 2, 1]] * 2)


def test_without_the_jacobian_value_and_product_are_the_same():
    rng = np.random.default_rng(5)
    z = rng.normal(size=(40, 3)) + 1j * rng.normal(size=(40, 3))
    u = rng.normal(size=(40, 3)) * (1 + 0.5j)
    program = trace_value(lambda z: tf.exp(z) / tf.reduce_sum(z, -1, keepdims=True),
                          ["complex128"], [(3,)])  # fmt: skip
    whole = certify(program, [z], u, "complex128")
    less = certify(program, [z], u, "complex128", jacobian=False)
    assert (less.dz, less.dzbar) == ((), ())
    assert whole.certified.all()
    np.testing.assert_array_equal(less.state, whole.state)
    np.testing.assert_array_equal(less.value, whole.value)
    np.testing.assert_array_equal(less.vjp[0], whole.vjp[0])


def test_without_signs_what_underflows_waits_for_no_precision():
    """As the imaginary part of v/(v + e^(1 + i)), v = e^(1e9 + 2i)."""
    z, u = np.array([[1e9 + 2j, 1 + 1j]]), np.array([1 + 0j])
    program = trace_value(lambda z: tf.math.log(tf.reduce_sum(tf.exp(z), -1)),
                          ["complex128"], [(2,)])  # fmt: skip
    whole = certify(program, [z], u, "complex128")
    less = certify(program, [z], u, "complex128", signs=False)
    assert whole.certified.all()
    assert less.certified.all()
    assert (less.bits < whole.bits).all()
    np.testing.assert_array_equal(less.value, whole.value)
    np.testing.assert_array_equal(less.vjp[0], whole.vjp[0])


def test_inputs_may_have_different_cores():
    x, t = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([0.5, 2.0])
    got = argand.exact(lambda x, t: tf.reduce_sum(x, -1) * t, x, t, core=(1, 0), upstream=1.0)
    assert got.value.tolist() == [1.5, 16]
    assert got.dz[0].shape == (2, 2)
    assert got.vjp[1].tolist() == [3, 8]


def test_samples_broadcast_over_cores():
    x = np.ones((4, 1, 3))
    t = np.arange(5.0)
    got = argand.exact(lambda x, t: tf.reduce_sum(x, -1) + t, x, t, core=(1, 0))
    assert got.value.shape == (4, 5)
    assert got.dz[0].shape == (4, 5, 3)


def test_no_samples_and_empty_samples_have_their_shapes():
    assert argand.exact(tf.exp, np.zeros((0, 2))).dz[0].shape == (0, 2)
    got = argand.exact(lambda x: tf.reduce_sum(x, -1), np.zeros((2, 0)), core=1, upstream=1.0)
    assert got.value.tolist() == [0, 0]
    assert got.vjp[0].shape == (2, 0)


def test_a_complex_function_along_an_axis_has_both_derivatives():
    z = np.array([[1 + 2j, 3 - 1j]])
    got = argand.exact(lambda z: tf.reduce_sum(z * tf.math.conj(z), -1), z, core=1, upstream=1.0)
    np.testing.assert_array_equal(got.dz[0], z.conj())
    np.testing.assert_array_equal(got.dzbar[0], z)
    np.testing.assert_array_equal(got.vjp[0], 2 * z)


def test_tensors_and_variables_from_outside_are_constants():
    c = tf.constant([3.0], tf.float64)
    v = tf.Variable(2.0, dtype=tf.float64)
    assert argand.exact(lambda x: c * x + v, 1.0).value == 5


def test_a_concrete_function_is_inlined_with_its_gradient():
    inner = tf.function(lambda z: tf.exp(z) * z)
    concrete = inner.get_concrete_function(tf.TensorSpec([1], tf.complex128))
    nested = tf.function(lambda z: concrete(z) + z)
    got = argand.exact(nested, 1 + 2j)
    plain = argand.exact(lambda z: tf.exp(z) * z + z, 1 + 2j)
    assert got.value == plain.value
    assert got.dz[0] == plain.dz[0]
    refuse_unsupported(trace_gradient(lambda z: concrete(z), ["complex128"]))


def test_a_tape_inside_the_function_is_differentiated_too():
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.tanh(x)
        return tape.gradient(y, x)

    got = argand.exact(slope, 0.3)
    second = argand.exact(tf.tanh, 0.3, order=2)
    assert got.value == second.dz[0]
    assert got.dz[0] == second.dzdz


def loop(x):
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * y), [0, x])[1]


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (loop, "control flow StatelessWhile"),
        (lambda x: tf.cast(tf.cast(x, tf.int32), tf.float64), "operation Cast "),
        (lambda x: x + tf.random.normal([1], dtype=tf.float64), "RandomStandardNormal"),
        (lambda x: tf.math.bessel_i0(x), "BesselI0"),
        (lambda x: tf.signal.fft(tf.complex(x, x)), "FFT"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_operation_and_line(fn, words):
    with pytest.raises(TargetError, match=rf"{words}.*test_axes\.py:\d+") as refusal:
        argand.exact(fn, np.ones(10_000_000))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: argand.exact(tf.reduce_sum, np.ones(3)), "must count samples"),
        (lambda: argand.exact(tf.exp, 1.0, core=1), "core=1"),
        (lambda: argand.exact(tf.exp, 1.0, core=(0, 0)), r"names 2 input"),
        (lambda: argand.exact(lambda x: x > 0, 1.0), "no derivative"),
        (lambda: argand.exact(tf.exp, 1.0, upstream=1j), "upstream is complex128"),
        (lambda: argand.exact(tf.exp, 1.0, dtype="int32"), "int32"),
        (lambda: argand.exact(tf.exp), "at least one input"),
    ],
)
def test_unusable_calls_are_refused(call, words):
    with pytest.raises(TargetError, match=words):
        call()


def test_every_rule_is_reached_by_an_operation_under_test():
    reached = set()
    for fn, several in (ELEMENTWISE | ALONG_AXIS).values():
        for kinds in several:
            for trace in (trace_value, trace_gradient):
                reached |= trace(fn, dtypes(kinds), cores(kinds)).op_types()
    reached = {ALIASES.get(t, t) for t in reached}
    tables = (set(RULES) | set(COMPOSED) | set(SHAPED)) - BITS  # those: tests/exact/test_bits.py
    tables -= {PREFIX + name for name in SPECIAL}  # those: tests/exact/special
    made = {
        "AbsOfExp",
        "ExpMinusOne",
        "LogOnePlus",
        "LogOnePlusExp",
        "OneOverOnePlusExp",
    }  # by ``rewrite``
    rest = tables - reached - made
    assert rest <= {"All", "Any", "BiasAdd", "Polygamma"}, sorted(rest)
    assert STRUCTURAL & reached
