"""Gradients of gradients that are wrong, None or raise, and those that are right."""

import pytest
import tensorflow as tf
from probing import checked, found_by, of_kind

from argand.frontend.runner import MODES


@tf.custom_gradient
def through_numpy(x, /):
    def grad(u):
        slope = tf.numpy_function(lambda a: 3 * a * a, [x], x.dtype)
        return u * tf.ensure_shape(slope, x.shape)

    return x * x * x, grad


@tf.custom_gradient
def stopped(x, /):
    value = tf.exp(x)
    return value, lambda u: u * tf.stop_gradient(value)


@tf.custom_gradient
def partly_stopped(x, /):
    return x * x * x, lambda u: u * 3 * x * tf.stop_gradient(x)


@tf.custom_gradient
def wrong_again(x, /):
    @tf.custom_gradient
    def slope(y):
        return 3 * y * y, lambda v: v * 3 * y  # 6·y is right

    return x * x * x, lambda u: u * slope(x)


@tf.custom_gradient
def unregistered(x, /):
    @tf.custom_gradient
    def slope(y):
        def grad(v):
            raise NotImplementedError("no second derivative")

        return 3 * y * y, grad

    return x * x * x, lambda u: u * slope(x)


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (through_numpy, "None"),
        (stopped, "None"),
        (partly_stopped, "wrong"),
        (wrong_again, "wrong"),
        (unregistered, "no second derivative"),
    ],
)
@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_a_backward_pass_that_is_not_differentiable_is_found(fn, words, mode):
    report = checked(fn, modes=[mode], domain=(-3.0, 3.0))  # NumPy would warn of overflow
    (finding,) = of_kind(report, "second_order")
    assert words in finding.message
    assert finding.quantity == "second_order"
    assert not of_kind(report, "formula")


@tf.custom_gradient
def conjugate_inside(z, /):
    @tf.custom_gradient
    def slope(w):
        return tf.math.conj(2 * w), lambda v: 2 * v  # conj(v)·2 is right

    return z * z, lambda u: u * slope(z)


@pytest.mark.parametrize("mode", MODES)
def test_a_conjugate_missing_in_the_second_derivative_is_found(mode):
    report = checked(conjugate_inside, "complex128", [mode])
    assert of_kind(report, "second_order")
    assert not of_kind(report, "formula")


@tf.custom_gradient
def mixed_forgotten(x, y, /):
    frozen = tf.stop_gradient(y)
    return x * x * y, lambda u: (u * 2 * x * frozen, u * x * x)


@tf.custom_gradient
def pair_through_numpy(x, y, /):
    def grad(u):
        a, b = (tf.numpy_function(lambda t: t, [t], t.dtype) for t in (x, y))
        return u * tf.ensure_shape(b, x.shape), u * tf.ensure_shape(a, x.shape)

    return x * y, grad


@pytest.mark.parametrize("fn", [mixed_forgotten, pair_through_numpy])
def test_several_inputs_are_tried_together(fn):
    assert found_by("second_order", fn)


@tf.custom_gradient
def right_pair(x, y, /):
    return x * x * y, lambda u: (u * 2 * x * y, u * x * x)


RIGHT = {
    "linear": ("float64", lambda x: 3 * x),
    "constant slope": ("float64", tf.custom_gradient(lambda x, /: (2 * x, lambda u: 2 * u))),
    "cube": ("float64", lambda x: x * x * x),
    "pair": ("float64", right_pair),
    "sine": ("float32", tf.sin),
    "square of the size": ("complex128", lambda z: tf.math.real(z * tf.math.conj(z))),
    "neither": ("complex128", lambda z: z * z * tf.math.conj(z) + tf.math.conj(tf.exp(z))),
    "angle": ("float64", lambda x, y: tf.atan2(x, y)),
    "of two complex": ("complex128", lambda z, w: z * tf.math.conj(w) + tf.exp(w * z)),
    "complex of a real": ("float64", lambda x: tf.complex(tf.cos(x), tf.sin(x))),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_second_derivatives_are_silent(name):
    dtype, fn = RIGHT[name]
    assert not found_by("second_order", fn, dtype, ["eager", "graph"])


@tf.custom_gradient
def with_kink(z, /):
    """e^z whose gradient goes by |Re z|, of which TensorFlow takes the slope 0 at 0."""

    def grad(u):
        x, y = tf.math.real(z), tf.math.imag(z)
        size = tf.exp(tf.where(x < 0, -tf.abs(x), tf.abs(x)))
        return u * tf.complex(size * tf.cos(y), -size * tf.sin(y))

    return tf.exp(z), grad


@pytest.mark.parametrize("mode", MODES)
def test_a_kink_of_the_gradient_on_an_axis_is_found(mode):
    domain = ((-3.0, 3.0), (-3.0, 3.0))
    (finding,) = found_by("second_order", with_kink, "complex128", [mode], domain=domain)
    assert "on an axis" in finding.message
    assert float.fromhex(finding.input[0]) == 0


def test_a_domain_without_the_axes_is_not_left():
    domain = ((1.0, 3.0), (1.0, 3.0))
    assert found_by("second_order", with_kink, "complex128", ["graph"], domain=domain) == []


@tf.custom_gradient
def not_conjugated(z, /):
    return tf.exp(z), lambda u: u * tf.exp(z)


def test_a_gradient_that_is_right_on_an_axis_alone_is_not_judged_there():
    report = checked(not_conjugated, "complex128", modes=["graph"])
    assert of_kind(report, "formula")
    assert not of_kind(report, "second_order")
