"""A derivative by several numbers at once is certified where it is proved, never elsewhere."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import argand

A = 1.25


def found(fn, *point, core=0):
    """The state at the point, and the gradient."""
    inputs = [np.array([p]) for p in point]
    out = argand.exact(fn, *inputs, upstream=1.0, core=core)
    states = {1: "certified", 2: "undefined"}
    return states.get(int(out.state.item()), "undecided"), [v.ravel().tolist() for v in out.vjp]


def largest_and_smallest(x):
    return tf.reduce_max(x, -1) + tf.reduce_min(x, -1)


def three(x, y, z):
    return tf.maximum(tf.maximum(x, y), z) + tf.minimum(tf.minimum(x, y), z)


@pytest.mark.parametrize(
    ("fn", "point"),
    [
        (lambda x, y: tf.abs(x + y) - tf.abs(x - y), (0.0, 0.0)),
        (lambda x, y: tf.nn.relu(tf.minimum(x, y)), (0.0, 0.0)),
        (lambda x, y: tf.minimum(tf.abs(x), tf.abs(y)), (0.0, 0.0)),
        (lambda x, y: tf.nn.relu6(6 + tf.maximum(x, y)) - tf.maximum(x, y), (0.0, 0.0)),
        (lambda x, y: tf.exp(tf.abs(x + y)) * tf.exp(-tf.abs(x - y)), (0.0, 0.0)),
        (three, (A, A, A)),
        (lambda x, y: tf.where(x > 0, y, 2 * y), (0.0, 0.0)),
        (lambda x, z: tf.where(x > 0, z, 2 * z), (0.0, 0j)),
        (lambda z, w: tf.abs(z + w) - tf.abs(z - w), (0j, 0j)),
    ],
)
def test_partial_derivatives_of_a_function_that_is_bent_otherwise(fn, point):
    assert found(fn, *point)[0] == "undefined"


def square_if_either(v):
    return tf.where(v > 0, v * v, v * v)


@pytest.mark.parametrize(
    ("fn", "point"),
    [
        (lambda x, y: tf.sign(square_if_either(x * y)), (2.0, 0.0)),
        (lambda x, y: tf.sign(square_if_either(x - y)), (1.0, 1.0)),
        (lambda x, y: tf.math.divide_no_nan(x, square_if_either(x - y)), (1.0, 1.0)),
        (lambda x, y: tf.sqrt(square_if_either(x - y)), (1.0, 1.0)),
    ],
)
def test_what_is_0_to_first_order_still_moves(fn, point):
    assert found(fn, *point)[0] == "undefined"


@pytest.mark.parametrize(
    ("fn", "row"),
    [
        (largest_and_smallest, (A, A, A)),
        (lambda x: tf.nn.relu(tf.reduce_min(x, -1)), (0, 0, 0)),
        (lambda x: tf.minimum(tf.abs(x[..., 0]), tf.abs(x[..., 1])), (0, 0, A)),
    ],
)
def test_rows_that_are_bent_otherwise(fn, row):
    assert found(fn, np.array(row, float), core=1)[0] == "undefined"


@pytest.mark.parametrize(
    "fn",
    [
        lambda x, y: tf.where((x > y) & (x < 2 * y), tf.ones_like(x), tf.zeros_like(x)),
        lambda x, y: tf.where((x > y) & (x < 2 * y), x, tf.zeros_like(x)),
    ],
)
def test_a_sector_between_the_axes_is_not_overlooked(fn):
    assert found(fn, 0.0, 0.0)[0] != "certified"


def log_sum_exp(x):
    largest = tf.reduce_max(x, -1, keepdims=True)
    return largest[..., 0] + tf.math.log(tf.reduce_sum(tf.exp(x - largest), -1))


@pytest.mark.parametrize(
    ("fn", "point", "gradient"),
    [
        (lambda x, y: x * tf.abs(y), (0, 0), (0, 0)),
        (lambda x, y: tf.nn.relu(x) ** 2 + y, (0, 0), (0, 1)),
        (lambda x, y: tf.maximum(x, y) ** 2, (0, 0), (0, 0)),
        (lambda x, y: tf.abs(x) * tf.abs(y), (0, 0), (0, 0)),
        (lambda x, y: tf.abs(x * y), (0, 0), (0, 0)),
        (lambda x, y: tf.maximum(x, y) + tf.minimum(x, y), (A, A), (1, 1)),
        (lambda x, y: tf.nn.relu(x + y) - tf.nn.relu(-x - y), (0, 0), (1, 1)),
        (lambda x, y: tf.nn.relu6(x - y + 6) + tf.nn.relu(x - y), (0, 0), (1, -1)),
        (lambda x, y: tf.abs(2 * x + 2 * y) - 2 * tf.abs(x + y) + y, (0, 0), (0, 1)),
        (lambda x, y: tf.nn.leaky_relu(x + y, 0.5) - tf.nn.leaky_relu(-x - y, 0.5),
         (0, 0), (1.5, 1.5)),
        (lambda x, y: tf.where(x > y, x, 2 * y + 1) + tf.where(x > y, 2 * y + 1, x),
         (-1, -1), (1, 2)),
        (lambda x, y: tf.where(tf.equal(x, y), x, y), (A, A), (0, 1)),
        (lambda x, y: tf.where(tf.equal(x, y), 3 * x - 2 * y, 2 * x - y), (A, A), (2, -1)),
        (lambda x, y: tf.nn.relu(x - y) + tf.math.log1p(tf.exp(-tf.abs(x - y))),
         (A, A), (0.5, -0.5)),
        (lambda x, y: tf.abs(tf.complex(x, y)) - tf.abs(tf.complex(x, -y)), (0, 0), (0, 0)),
    ],
)  # fmt: skip
def test_a_derivative_that_is_proved(fn, point, gradient):
    state, vjp = found(fn, *map(float, point))
    assert state == "certified"
    assert np.ravel(vjp).tolist() == [*gradient]


def test_the_shift_of_a_log_sum_exp_does_not_count():
    state, vjp = found(log_sum_exp, np.zeros(4), core=1)
    assert (state, vjp) == ("certified", [[0.25] * 4])


def test_a_removable_singularity_beside_a_kink():
    def fn(x, y):
        q = x * x + y * y
        safe = tf.where(tf.equal(q, 0), tf.ones_like(q), q)
        sinc = tf.where(tf.equal(q, 0), tf.ones_like(q), tf.sin(safe) / safe)
        return sinc + tf.maximum(x, y) + tf.minimum(x, y)

    assert found(fn, 0.0, 0.0) == ("certified", [[1.0], [1.0]])


# Piecewise linear functions that are 0 at 0, as pairs of what TensorFlow and what Python computes.
_UNARY = {"abs": (tf.abs, abs), "relu": (tf.nn.relu, lambda v: max(v, 0))}
_BINARY = {
    "max": (tf.maximum, max),
    "min": (tf.minimum, min),
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "sub": (lambda a, b: a - 2 * b, lambda a, b: a - 2 * b),
    "less": (lambda a, b: tf.where(a < b, a, 2 * b), lambda a, b: a if a < b else 2 * b),
}
_FORMS = st.tuples(*[st.integers(-1, 1)] * 3).filter(any)
_TREES = st.recursive(
    _FORMS,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from([*_UNARY]), inner),
        st.tuples(st.sampled_from([*_BINARY]), inner, inner),
    ),
    max_leaves=4,
)


def computed(tree, numbers, side):
    """What the tree is of three numbers: in TensorFlow with side 0, in Python with side 1."""
    if not isinstance(tree[0], str):
        return sum(c * x for c, x in zip(tree, numbers, strict=True))
    act = (_UNARY | _BINARY)[tree[0]][side]
    return act(*(computed(t, numbers, side) for t in tree[1:]))


_AXES = np.eye(3, dtype=int).tolist()
_DIRECTIONS = [
    *itertools.product((-2, -1, 0, 1, 2), repeat=3),
    *np.random.default_rng(7).integers(-60, 61, (200, 3)).tolist(),
]


@given(_TREES)
@settings(max_examples=25, derandomize=True, deadline=None, database=None)
def test_piecewise_linear_functions_have_a_derivative_where_they_are_linear(tree):
    slopes = [Fraction(computed(tree, axis, 1)) for axis in _AXES]
    linear = all(
        computed(tree, d, 1) == sum(s * x for s, x in zip(slopes, d, strict=True))
        for d in _DIRECTIONS
    )
    state, vjp = found(lambda *xs: computed(tree, xs, 0), 0.0, 0.0, 0.0)
    if linear:
        assert state != "undefined"
    if state == "certified":
        assert linear
        assert np.ravel(vjp).tolist() == slopes
