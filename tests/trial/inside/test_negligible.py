"""Where zero is exact, what is as good as zero is explained, and nothing that is wrong is."""

import numpy as np
import pytest
import tensorflow as tf
from allowed import explained

import argand

EPS = 2.0**-52


def normal(x):
    return tf.math.l2_normalize(x, axis=-1)


def share(x, y):
    return x / (x + y)


def cosine(x, y):
    return x / tf.sqrt(x * x + y * y)


Y = [0.0, 0.59375, 0.0]
U = [0.5, 1.0, 0.75]
WRONG = {  # function, inputs, entry of which zero is exact, upstream, and what it gives
    "projection missed": (normal, Y, 1, U, 1 / 0.59375),
    "a term of it 0.98": (normal, Y, 1, U, 0.02 / 0.59375),
    "a term of it 1 + 1e-9": (normal, Y, 1, U, 1e-9 / 0.59375),
    "a neighbour's": (normal, Y, 1, U, 0.5 / 0.59375),
    "a term of a share 0.98": (share, (0.5, 0.0), 0, 1.0, 0.04),
    "even, at 0": (lambda x: tf.cos(x) + 1, 0.0, 0, 1.0, 5 * EPS),
    "flat, near 0": (lambda x: tf.maximum(x, 1.0) * 1e3, 2.0**-30, 0, 1.0, 1e-10),
    "beyond ordinary sizes": (share, (1024.0, 0.0), 0, 1.0, EPS),
    "of a softmax": (tf.nn.softmax, [-5.5, 7.0, -2.5], 1, [1.0, 1.0, 1.0], 1e-14),
    "NaN": (normal, Y, 1, U, np.nan),
    "infinite": (normal, Y, 1, U, np.inf),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_where_zero_is_exact_is_not_explained(name):
    fn, at, entry, u, off = WRONG[name]
    assert not explained(fn, at, off, by=0, u=u, entry=entry)


def test_what_moves_the_value_by_its_own_ulps_is_explained_and_not_more():
    # ulp(f) is ε, for f is 1
    for fn in (share, cosine, lambda x, y: x / tf.sqrt(x * x) + 0 * y):
        for u in (1.0, 40.0):
            limit = 4 * u * EPS / 0.75
            assert explained(fn, (0.75, 0.0), 0.9 * limit, by=0, u=u)
            assert not explained(fn, (0.75, 0.0), 1.1 * limit, by=0, u=u)


@pytest.mark.parametrize("u", [U, [0.0, 1.0, 0.0], [1 / 64, 64.0, 0.0]])
def test_of_a_row_the_largest_entries_are_meant(u):
    limit = 4 * max(u) * EPS / 0.59375
    assert explained(normal, Y, 0.9 * limit, by=0, u=u, entry=1)
    assert not explained(normal, Y, 10 * limit, by=0, u=u, entry=1)


def test_what_is_not_exactly_zero_and_a_value_count_as_before():
    at, u = [2.0**-20, 0.59375, 0.0], [2.0**-20, 1.0, 0.0]  # the entry is about (x₀/y)²
    assert not explained(normal, at, 2 * EPS, by=0, u=u, entry=1)
    assert not explained(normal, Y, 20 * EPS, by=0, u=U, entry=0)
    assert not explained(normal, Y, EPS, u=U, entry=0)


QUICK = {"dtypes": ["float64"], "modes": ["eager"]}


def one_side(scale, sign=1.0):
    """x/|x| with the gradient's first entry times ``scale``, its projection times ``sign``."""

    @tf.custom_gradient
    def fn(x):
        size = tf.norm(x, axis=-1, keepdims=True)
        unit = x / size

        def grad(u):
            inner = tf.reduce_sum(unit * u, -1, keepdims=True)
            return (u - sign * unit * inner) / size * tf.constant([scale, 1.0, 1.0], u.dtype)

        return unit, grad

    return lambda x: fn(x)


def test_a_saturated_softmax_of_equal_upstreams_adds_up_to_1_but_for_its_rounding():
    row, ones = [-5.5, 7.0, -2.5], [1.0, 1.0, 1.0]
    assert explained(tf.nn.softmax, row, 3 * EPS / 2, by=0, u=ones, entry=1)
    assert not explained(tf.nn.softmax, row, 5 * EPS / 2, by=0, u=ones, entry=1)


RIGHT = {"own": (normal, 1), "custom": (one_side(1.0), 1), "share": (share, None),
         "cosine": (cosine, None)}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_ones_pass_at_zeros(name):
    fn, core = RIGHT[name]
    assert argand.check(fn, core=core, samples=128, **QUICK).ok


@pytest.mark.parametrize("altered", [(0.98,), (-1.0,), (1.0, 0.0), (1.0, 0.98), (1.0, -1.0)])
def test_wrong_ones_are_defects(altered):
    report = argand.check(one_side(*altered), core=1, samples=64, **QUICK)
    assert "formula" in {f.kind for f in report.of("defect")}
