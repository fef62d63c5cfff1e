"""A gradient that is meant to be another's: right ones pass in every mode, altered ones do not."""

import pytest
import tensorflow as tf

import argand
from argand.catalogue._numerics.broadcast import reduced_to
from argand.subject import TargetError

BOTH = ("complex64", "complex128")


def of(forward, backward):
    """A function whose value is ``forward`` of its inputs, with the gradient ``backward``."""

    @tf.custom_gradient
    def f(*inputs):
        return forward(*inputs), lambda u: backward(u, *inputs)

    return {1: lambda x, /: f(x), 2: lambda x, y, /: f(x, y)}[forward.__code__.co_argcount]


def heaviside(x):
    return tf.where(x > 0, tf.ones_like(x), tf.zeros_like(x))


def quantized(x):
    return x + tf.stop_gradient(tf.round(4 * x) / 4 - x)


def window(x):
    return tf.clip_by_value(x, -1.0, 1.0)


def steep(x):
    return tf.sigmoid(5 * x)


def clipped(u, x):
    return tf.clip_by_value(u, -tf.ones_like(u), tf.ones_like(u))


def clipped_norm(u, x):
    return tf.clip_by_norm(u, 1.5, axes=[-1])


def inside(u, x):
    return u * tf.cast(tf.abs(x) <= 1, x.dtype)


def spiking(u, x):
    return u * (5 * tf.sigmoid(5 * x) * tf.sigmoid(-5 * x))


def fitted(g, h, x, y):
    return reduced_to(g, x), reduced_to(h, y)


def same(x):
    return tf.identity(x)


RIGHT = {  # function, surrogate, options
    "straight-through round": (of(lambda x: tf.round(x), lambda u, x: u), tf.identity, {}),
    "sign in a window": (of(lambda x: tf.sign(x), inside), window, {}),
    "reversal": (of(same, lambda u, x: -u), tf.negative, {}),
    "reversal of complex numbers": (of(same, lambda u, x: -u), tf.negative, {"dtypes": BOTH}),
    "turned by i": (
        of(same, lambda u, x: u * tf.constant(-1j, x.dtype)),
        lambda z: z * tf.constant(1j, z.dtype), {"dtypes": BOTH},
    ),
    "vector quantization": (quantized, tf.identity, {}),
    "spike": (of(heaviside, spiking), steep, {}),
    "clipped by value": (of(same, clipped), clipped, {}),
    "clipped by the norm of a row": (of(same, clipped_norm), clipped_norm, {"core": 1}),
    "two inputs": (
        of(
            lambda x, y: tf.round(x) * y,
            lambda u, x, y: (reduced_to(u * y, x), reduced_to(u * tf.round(x), y)),
        ),
        lambda u, x, y: (u * y, u * tf.round(x)), {},
    ),
    "two inputs, one of them passed through": (
        of(lambda x, y: tf.round(x) + 2 * y, lambda u, x, y: fitted(u, 2 * u, x, y)),
        lambda x, y: x + 2 * y, {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_surrogate_gradient_that_is_right_passes_in_every_mode(name):
    fn, surrogate, options = RIGHT[name]
    report = argand.check(fn, surrogate=surrogate, samples=384, **options)
    assert report.ok, [f.describe() for f in report.of("defect")]
    assert not report.unproved
    without = argand.check(fn, samples=128, modes=["eager"], **options)
    assert "formula" in {f.kind for f in without.of("defect")}


def passed(report):
    return {f.kind for f in report.of("defect")}


WRONG = {  # what is altered: backward's result, and the dtypes
    "scaled": (lambda g: 2 * g, None),
    "reversed": (lambda g: -g, None),
    "zero": (lambda g: tf.zeros_like(g), None),
    "conjugated": (lambda g: tf.math.conj(g), BOTH),
}
ALTERED = {
    "round": (lambda x: tf.round(x), lambda u, x: u, tf.identity, {}),
    "sign": (lambda x: tf.sign(x), inside, window, {}),
    "reversal": (same, lambda u, x: -u, tf.negative, {}),
    "spike": (heaviside, spiking, steep, {}),
    "clip": (same, clipped, clipped, {}),
    "norm": (same, clipped_norm, clipped_norm, {"core": 1}),
}


PAIRS = [(n, h) for n in ALTERED for h in WRONG if h != "conjugated" or n == "reversal"]


@pytest.mark.parametrize(("name", "how"), PAIRS)
def test_an_altered_surrogate_gradient_is_a_wrong_formula(name, how):
    forward, backward, surrogate, options = ALTERED[name]
    alter, dtypes = WRONG[how]
    fn = of(forward, lambda u, x: alter(backward(u, x)))
    dtypes = dtypes or ["float64"]
    report = argand.check(
        fn, surrogate=surrogate, samples=64, modes=["eager"], dtypes=dtypes, **options
    )
    assert not report.ok
    assert passed(report) & {"formula", "conjugated"}


def test_none_and_another_dtype_are_found_with_a_surrogate_too():
    none = of(lambda x, y: tf.round(x) + y, lambda u, x, y: (None, reduced_to(u, y)))
    report = argand.check(
        none, surrogate=lambda x, y: x + y, dtypes=["float64"], samples=64, modes=["eager"]
    )
    assert "missing_gradient" in passed(report)
    report = argand.check(
        none, surrogate=lambda u, x, y: (u, u), dtypes=["float64"], samples=64, modes=["eager"]
    )
    assert "missing_gradient" in passed(report)
    report = argand.check(
        none, surrogate=lambda u, x, y: (None, u), dtypes=["float64"], samples=64, modes=["eager"]
    )
    assert report.ok
    half = of(lambda x: tf.round(x), lambda u, x: tf.cast(u, tf.float32))
    report = argand.check(
        half, surrogate=tf.identity, dtypes=["float64"], samples=64, modes=["eager"]
    )
    assert passed(report) & {"dtype", "error"}


def test_the_value_is_held_to_the_function_itself():
    drifted = of(lambda x: tf.round(x) + 0 * x, lambda u, x: u)
    report = argand.check(drifted, surrogate=tf.identity, reference=tf.floor, dtypes=["float64"],
                          samples=128, modes=["eager"])  # fmt: skip
    assert "wrong" in {f.kind for f in report.findings if f.quantity == "value"}


@pytest.mark.parametrize("surrogate", [lambda x: 2.0 * x, lambda x: tf.cos(x)])
def test_a_second_order_that_is_right_for_the_surrogate_passes(surrogate):
    def backward(u, x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = surrogate(x)
        return u * tape.gradient(y, x)

    report = argand.check(of(lambda x: tf.round(x), backward), surrogate=surrogate, samples=128,
                          dtypes=["float64"])  # fmt: skip
    assert report.ok, [f.describe() for f in report.of("defect")]


@pytest.mark.parametrize(
    ("surrogate", "words"),
    [
        (lambda x, y, z: x, "takes 3 input\\(s\\), the function 1"),
        (lambda x: tf.reduce_sum(x), "gives a value float64 of shape"),
        (lambda x: tf.cast(x, tf.float32), "gives a value float32 of shape \\[n\\]"),
        (lambda u, x: (u, u), "gives 2 gradients, not one for each of the 1 input"),
        (lambda u, x: tf.cast(u, tf.float32), "for input 0 float32"),
        (lambda x: tf.linalg.cholesky(x), "cannot be traced"),
        (lambda x: tf.math.special.bessel_j0(x), "BesselJ0"),
        (lambda u, x: 1.0, "float for a gradient"),
    ],
)
def test_an_unusable_surrogate_is_one_line(surrogate, words):
    with pytest.raises(TargetError, match=words) as refusal:
        argand.check(tf.round, surrogate=surrogate, dtypes=["float64"], samples=16)
    assert "\n" not in str(refusal.value)


def test_a_backward_may_be_written_with_any_number_of_inputs():
    fn = of(same, clipped)
    report = argand.check(
        fn, surrogate=lambda u, *inputs: clipped(u, *inputs), samples=64, modes=["eager"]
    )
    assert report.ok
