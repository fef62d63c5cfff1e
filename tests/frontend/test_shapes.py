"""Which shape a sample has, and what has none."""

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.shapes import found_rows, found_samples
from argand.frontend.trace import lengths_inside
from argand.subject import TargetError
from argand.trial.problem import refuse_unjudgeable

DOUBLE = ("float64",)


def times(n):
    """x ↦ x·M for a constant matrix M of n rows."""
    return lambda x: tf.tensordot(x, tf.ones([n, 2], x.dtype), 1)


@pytest.mark.parametrize(
    ("fn", "core"),
    [
        (lambda p: tf.reduce_mean(tf.square(tf.constant([[0.2, 0.3, 0.5]], p.dtype) - p), -1), 3),
        (times(3), 3),
        (times(7), 7),
        (times(13), 13),
        (times(1), 1),
        (lambda x: x[:, 0] * x[:, 5], 8),
    ],
    ids=["broadcast", "three", "seven", "thirteen", "one", "at least six"],
)
def test_a_function_made_for_one_length_is_tried_at_that_length(fn, core):
    assert found_samples(fn, DOUBLE).cores == ((core,),)
    assert found_rows(fn, DOUBLE, (1,)).cores == ((core,),)


def test_the_lengths_are_those_of_constants_and_variables():
    held = tf.Variable(np.ones((13, 2)))
    assert lengths_inside(lambda x: x @ held, DOUBLE, (1,)) >= {13, 2}
    assert lengths_inside(lambda x: x @ tf.ones([9, 4]), DOUBLE, (1,)) == set()  # float32


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (
            lambda x: tf.norm(x[:, None, :] - x[None, :, :], axis=-1),
            r"67 samples, \[67, 3\], .* \[67, 67\]",
        ),
        (lambda x: tf.reshape(x, [1]), r"one sample, but not 67, \[67\].*core=1"),
        (tf.linalg.det, r"nor does it take rows \[n, k\]"),
    ],
    ids=["pairwise", "one sample", "matrices"],
)
def test_what_has_no_samples_is_refused_in_one_line_that_says_what_to_do(fn, words):
    with pytest.raises(TargetError, match=words) as refusal:
        found_samples(fn, DOUBLE)
    assert "\n" not in str(refusal.value)
    assert "write it for" in str(refusal.value)


def test_a_length_that_is_by_chance_that_of_the_samples_is_none():
    outer = found_samples(lambda x, y: x[:, None] * y[None, :], DOUBLE * 2)
    assert outer.cores == ((), ())
    with pytest.raises(TargetError, match="keeps the first axis"):
        refuse_unjudgeable(outer)
