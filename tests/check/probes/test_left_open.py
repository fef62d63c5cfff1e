"""Where the reference is undecided, the report says so, with an example."""

import ast

import tensorflow as tf

import argand


def undecided(x):
    return tf.math.polygamma(x, tf.ones_like(x))


def test_an_undecided_sample_is_named():
    report = argand.check(
        undecided, dtypes=["float64"], modes=["eager"], domain=((0.1, 0.9),), samples=8
    )
    found = report.left_open["float64"]
    assert found.count == found.of >= 8  # special points are more
    assert 0.1 <= ast.literal_eval(found.input[0]) <= 0.9
