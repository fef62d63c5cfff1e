"""Results that hang on the length of the batch, and those that do not."""

import pytest
import tensorflow as tf
from probing import checked, of_kind

from argand.frontend.runner import MODES


@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_tensorflows_logarithm_of_large_numbers_is_nan_in_vectors_only(mode):
    found = of_kind(checked(tf.math.log, "complex64", [mode], samples=512), "length_dependent")
    assert "value" in {f.quantity for f in found}
    assert "spurious_nan" in found[0].message
    assert found[0].exact != ""


def blocks_of_four(x):
    whole = x.shape[0] // 4 * 4
    return tf.concat([x[:whole] * x[:whole], x[whole:] * 0.5], 0)


def fast_when_long(x):
    return x * x if x.shape[0] < 16 else x * tf.round(x)


@tf.custom_gradient
def tail_forgotten(x, /):
    def grad(u):
        inner = (u * 2 * x)[: max(x.shape[0] - 1, 1)]
        return tf.concat([inner, tf.zeros([x.shape[0] - inner.shape[0]], x.dtype)], 0)

    return x * x, grad


@pytest.mark.parametrize(
    ("fn", "quantity"),
    [(blocks_of_four, "value"), (fast_when_long, "value"), (tail_forgotten, "gradient")],
)
@pytest.mark.parametrize("mode", MODES)
def test_a_path_of_the_users_for_some_lengths_only_is_found(fn, quantity, mode):
    report = checked(fn, modes=[mode], domain=(2.1, 2.4), reference=lambda x: x * x)
    found = of_kind(report, "length_dependent")
    assert quantity in {f.quantity for f in found}
    assert "length" in found[0].message


RIGHT = {
    "exp": tf.exp,
    "sine": tf.sin,
    "quotient": lambda x: (x - 1) / (x + 1),
    "overflows between": lambda x: tf.exp(x) / (1 + tf.exp(x)),
    "reversed twice": lambda x: tf.reverse(tf.reverse(x, [0]), [0]),
}


@pytest.mark.parametrize("dtype", ["float32", "complex128"])
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_the_same_at_each_length_is_silent(name, dtype):
    assert not of_kind(checked(RIGHT[name], dtype), "length_dependent")


def test_a_batch_that_is_coupled_is_not_reported_twice():
    report = checked(lambda x: x / tf.reduce_sum(x), reference=lambda x: x * x)
    assert of_kind(report, "batch_coupling")
    assert not of_kind(report, "length_dependent")
