"""Rows of other lengths than the one that the rest of a check is about."""

import pytest
import tensorflow as tf
from probing import found_by


def total(x):
    return tf.reduce_sum(x, -1, keepdims=True)


def found_in(fn, dtype="float64", reference=None, core=None):
    found = found_by("length_of_row", fn, dtype, reference=reference, core=core)
    assert {f.kind for f in found} <= {"length_dependent"}
    return found


@tf.custom_gradient
def of_three(x, /):
    return tf.reduce_mean(x * x, -1), lambda u: u[..., None] * 2 * x / 3


@tf.custom_gradient
def cut_off(x, /):
    return tf.reduce_sum(x * x, -1), lambda u: (u[..., None] * 2 * x)[..., :3]


@tf.custom_gradient
def of_three_or_raises(x, /):
    return tf.reduce_sum(x * x, -1), lambda u: u[..., None] * x * tf.constant([2.0] * 3, x.dtype)


def fourth_is_dropped(x):
    return tf.reduce_sum(x[..., :3], -1)


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (of_three, "In rows of 1 entries the gradient is wrong"),
        (cut_off, "In rows of 5 entries the gradient has shape [3, 3], not [3, 5]"),
        (of_three_or_raises, "In rows of 2 entries it raises"),
    ],
)
def test_a_gradient_that_knows_one_length_is_found(fn, words):
    found = found_in(fn)
    assert {f.quantity for f in found} == {"gradient"}
    assert any(words in f.message for f in found)


def test_a_value_that_knows_one_length_is_found_against_its_reference():
    found = found_in(fourth_is_dropped, reference=lambda x: tf.reduce_sum(x, -1))
    assert {f.quantity for f in found} == {"value", "gradient"}


RIGHT = {
    "mean": lambda x: tf.reduce_mean(x * x, -1),
    "shares, whose gradient vanishes in rows of one": lambda x: x / total(x),
    "softmax": lambda x: tf.exp(x) / total(tf.exp(x)),
    "of three only": lambda x: tf.reduce_sum(x * tf.constant([1.0, 2.0, 3.0], x.dtype), -1),
}


@pytest.mark.parametrize("dtype", ["float32", "complex128"])
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_at_every_length_it_takes_is_silent(name, dtype):
    assert found_in(RIGHT[name], dtype, core=1) == []


def test_a_function_of_each_number_has_no_rows():
    assert found_in(tf.exp) == []


def test_a_function_made_for_one_length_is_not_tried_at_others():
    def weighed(x):
        return tf.tensordot(x, tf.constant([1.0, 2.0, 3.0], x.dtype), 1)

    def by_hand(x):
        return x[..., 0] + tf.reduce_sum(x[..., 1:] * 2, -1) + x[..., 2]

    assert found_in(weighed) == []
    assert found_in(weighed, reference=by_hand) == []
