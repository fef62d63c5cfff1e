"""Derivatives at removable singularities, guarded and not, against mpmath's limits."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import argand
from argand.exact.reference import STATES

m = tf.math

# TensorFlow's and mpmath's function, how often it is 0 at 0, and its first coefficient there.
FACTORS = {
    "x": (lambda x: x, lambda x: x, 1, 1),
    "x²": (lambda x: x * x, lambda x: x * x, 2, 1),
    "expm1": (m.expm1, mpmath.expm1, 1, 1),
    "exp − 1": (lambda x: m.exp(x) - 1.0, mpmath.expm1, 1, 1),
    "sin": (m.sin, mpmath.sin, 1, 1),
    "1 − cos": (lambda x: 1.0 - m.cos(x), lambda x: 1 - mpmath.cos(x), 2, Fraction(1, 2)),
    "log1p": (m.log1p, mpmath.log1p, 1, 1),
    "log(1 + x)": (lambda x: m.log(1.0 + x), mpmath.log1p, 1, 1),
    "tanh": (m.tanh, mpmath.tanh, 1, 1),
    "sinh": (m.sinh, mpmath.sinh, 1, 1),
    "√(1 + x) − 1": (lambda x: m.sqrt(1.0 + x) - 1.0, lambda x: mpmath.sqrt(1 + x) - 1, 1,
                     Fraction(1, 2)),
    "sin expm1": (lambda x: m.sin(m.expm1(x)), lambda x: mpmath.sin(mpmath.expm1(x)), 1, 1),
    "log1p(x²)": (lambda x: m.log1p(x * x), lambda x: mpmath.log1p(x * x), 2, 1),
    "tan(x)²": (lambda x: m.tan(x) ** 2, lambda x: mpmath.tan(x) ** 2, 2, 1),
    "cosh": (m.cosh, mpmath.cosh, 0, 1),
    "2 + x": (lambda x: 2.0 + x, lambda x: 2 + x, 0, 2),
}  # fmt: skip
names = st.lists(st.sampled_from(sorted(FACTORS)), min_size=1, max_size=3)


def product(chosen, which):
    def of(x):
        out = FACTORS[chosen[0]][which](x)
        for name in chosen[1:]:
            out = out * FACTORS[name][which](x)
        return out

    return of


def counted(chosen):
    """How often a product is 0 at 0, and its first coefficient."""
    lead = Fraction(1)
    for name in chosen:
        lead *= FACTORS[name][3]
    return sum(FACTORS[name][2] for name in chosen), lead


def guarded(above, below, constant, twice):
    def fn(x):
        there = tf.equal(x, 0)
        s = tf.where(there, tf.ones_like(x), x) if twice else x
        return tf.where(there, constant * tf.ones_like(x), above(s) / below(s))

    return fn


def state(fn, *at, **more):
    got = argand.exact(fn, *at, upstream=1.0, **more)
    return STATES[int(np.ravel(got.state)[0])], got


@settings(deadline=None, max_examples=25)
@given(names, names, st.booleans(), st.sampled_from([0.0, 0j]), st.sampled_from([0, 0, 0, 1]))
def test_a_guarded_quotient_has_the_slope_of_its_limit_or_none(above, below, twice, zero, off):
    """``off``: the guard's constant is not the limit."""
    (up, first), (down, second) = counted(above), counted(below)
    limit = float(first / second) if up == down else 0.0
    fn = guarded(product(above, 0), product(below, 0), limit + off, twice)
    found, got = state(fn, np.array([zero]))
    if up < down or off:
        assert found == "undefined"
        return
    assert found == "certified"
    with mpmath.workdps(250):
        h = mpmath.mpf(10) ** -25
        q = [product(above, 1)(x) / product(below, 1)(x) for x in (-h, h)]
        slope = (q[1] - q[0]) / (2 * h)
        assert abs(mpmath.mpmathify(got.dz[0][0]) - slope) < 1e-14 * max(1, abs(slope))
    assert got.vjp[0][0] == np.conj(got.dz[0][0])


@settings(deadline=None, max_examples=8)
@given(names, names, st.sampled_from([m.abs, m.sign, m.floor, lambda x: m.sqrt(m.abs(x))]))
def test_a_kink_or_a_jump_beside_a_removable_singularity_is_undefined(above, below, edge):
    (up, first), (down, second) = counted(above), counted(below)
    assume(up == down)
    smooth = guarded(product(above, 0), product(below, 0), float(first / second), True)
    assert state(lambda x: smooth(x) + edge(x), np.zeros(1))[0] == "undefined"
    assert state(lambda x: smooth(x) * (2.0 + edge(x)), np.zeros(1))[0] == "undefined"


def double(g):
    return guarded(g, lambda s: s, 1.0, True)


SINC = double(m.sin)


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("twice", [False, True])
def test_what_people_are_told_to_write(dtype, twice):
    fn = guarded(m.expm1, lambda s: s, 1.0, twice)
    found, got = state(fn, np.zeros(1, dtype))
    assert (found, got.value[0], got.vjp[0][0]) == ("certified", 1, 0.5)


@pytest.mark.parametrize(
    ("fn", "slope"),
    [
        (lambda x: tf.where(x > 0, 1 / m.tanh(x) - 1 / x, 1 / m.tanh(x) - 1 / x), None),  # no value
        (lambda x: tf.where(tf.equal(x, 0), x, 1 / m.tanh(x) - 1 / x), 1 / 3),
        (lambda x: tf.where(x == 0, x, m.sin(x) / x**2 - m.cos(x) / x), 1 / 3),
        (lambda x: tf.where(x == 0, x, (3 / x**3 - 1 / x) * m.sin(x) - 3 * m.cos(x) / x**2), 0),
        (lambda x: tf.where(x == 0, tf.ones_like(x) / 6.0, (x - m.sin(x)) / x**3), 0),
        (lambda x: tf.where(m.abs(x) < 1e-3, 1 - x * x / 6, m.sin(x) / x), 0),
        (lambda x: tf.where(x == 0, tf.zeros_like(x), x * x * m.sin(1 / x)), 0),
        (lambda x: tf.where(x == 0, tf.zeros_like(x), m.exp(-1 / x**2)), 0),
        (lambda x: m.divide_no_nan(x**3, x + x * x), 0),
        (lambda x: m.divide_no_nan(m.sin(x), x), None),  # 0 at 0, 1 beside
        (lambda x: tf.where(x == 0, tf.zeros_like(x), m.sqrt(x * x)), None),
        (lambda x: m.sqrt(x * x) ** 3 / tf.where(x == 0, tf.ones_like(x), x), 0),
        (lambda x: x * m.abs(x) / tf.where(x == 0, tf.ones_like(x), m.abs(x)), 1),
        (lambda x: m.xlogy(x * x, m.abs(x)), 0),
        (lambda x: m.multiply_no_nan(1 / x, x - x), 0),
        (lambda x: tf.where(x < 0, np.nan * tf.ones_like(x), m.sin(x)), None),
    ],
)
def test_at_zero(fn, slope):
    found, got = state(fn, np.zeros(1))
    assert found == ("undefined" if slope is None else "certified")
    if slope is not None:
        assert got.dz[0][0] == slope


def test_elsewhere_than_at_zero():
    log_mean = lambda x: tf.where(x == 1, tf.ones_like(x), m.log(x) / (x - 1))  # noqa: E731
    assert argand.exact(log_mean, np.ones(1)).dz[0][0] == -0.5


@pytest.mark.parametrize(
    ("fn", "found"),
    [
        (lambda z: m.divide_no_nan(m.conj(z) ** 2, z), "undecided"),
        (lambda z: m.divide_no_nan(m.conj(z) ** 2 * z, z), "undecided"),
        (lambda z: m.divide_no_nan(z * m.sqrt(z * z), z), "undecided"),
        (lambda z: tf.where(z == 0, tf.zeros_like(z), m.exp(-1 / z**2)), "undecided"),
        (lambda z: tf.where(z == 0, tf.zeros_like(z), z * z * m.sin(1 / z)), "undecided"),
        (lambda z: tf.where(m.real(z) > 0, 2.0 * m.sin(z), z), "undecided"),
        (lambda z: m.reciprocal_no_nan(z), "undefined"),
        (lambda z: m.divide_no_nan(m.sin(z), z), "undefined"),
        (lambda z: tf.where(m.abs(z) > 0, m.sin(z) / z, tf.ones_like(z)), "certified"),
        (lambda z: m.conj(z) * SINC(z), "certified"),
        (lambda z: m.divide_no_nan(z**3, z), "certified"),
    ],
)
def test_around_a_point_of_the_plane_only_what_is_holomorphic_has_a_derivative(fn, found):
    assert state(fn, np.array([0j]))[0] == found


@pytest.mark.parametrize(
    ("fn", "at", "found"),
    [
        (lambda x, y: y * SINC(x), (0.0, 2.0), "certified"),
        (lambda x, y: SINC(x) * SINC(y) * tf.exp(y), (0.0, 0.0), "certified"),
        (lambda x, y: m.divide_no_nan(x * y, x * x + y * y), (0.0, 0.0), "undecided"),
        (lambda x, y: m.divide_no_nan(x * x * y, x * x + y * y), (0.0, 0.0), "undecided"),
        (lambda x, y: m.divide_no_nan(y, x), (0.0, 0.0), "undecided"),
        (lambda x, y: m.divide_no_nan(y, x), (0.0, 1.0), "undefined"),
        (lambda x, y: tf.where(x == 0, 1 + y, 2 * y * SINC(x)), (0.0, 2.0), "undefined"),
    ],
)  # fmt: skip
def test_of_several_inputs_one_line_proves_only_that_there_is_none(fn, at, found):
    assert state(fn, *(np.array([v]) for v in at))[0] == found


R2 = lambda x, y: x * x + y * y  # noqa: E731


def scaled(v):
    """tanh(r)/r·v, 0 at 0: how people write the exponential map of a ball."""
    r = m.sqrt(tf.reduce_sum(v * v, -1, keepdims=True))
    return tf.where(r > 0, m.tanh(r) / r, tf.ones_like(r)) * v


def ring(z):
    """tanh(|z|)/|z|·z."""
    r = m.abs(z)
    return z * tf.cast(tf.where(r > 0, m.tanh(r) / r, tf.ones_like(m.abs(z))), z.dtype)


@pytest.mark.parametrize(
    ("fn", "at", "slopes"),
    [
        (lambda x, y: SINC(x - y) * tf.exp(x), (1.0, 1.0), (np.e, 0)),
        (lambda x, y: double(m.expm1)(x * y), (0.0, 3.0), (1.5, 0)),
        (lambda x, y: R2(x, y) ** 1.5, (0.0, 0.0), (0, 0)),
        (lambda x, y: m.sqrt(R2(x, y) ** 2), (0.0, 0.0), (0, 0)),
        (lambda x, y: SINC(m.sqrt(R2(x, y))), (0.0, 0.0), (0, 0)),
        (lambda x, y: double(m.expm1)(m.sqrt(R2(x, y))), (0.0, 0.0), None),  # e^r/r is a cone
        (lambda x, y: m.sqrt(m.square(x - y)), (1.0, 1.0), None),
        (lambda z: SINC(m.abs(z)), (0j,), (0,)),
        (lambda z: double(m.expm1)(m.abs(z)), (0j,), None),
        (lambda z: SINC(m.conj(z)), (0j,), (0,)),
        (ring, (0j,), (1,)),
        (lambda z: m.real(ring(z)), (0j,), (0.5,)),
    ],
)
def test_what_depends_on_one_value_before_it_has_derivatives_through_it(fn, at, slopes):
    found, got = state(fn, *(np.array([v]) for v in at))
    if slopes is None:
        assert found != "certified"
    else:
        assert found == "certified"
        np.testing.assert_array_equal([d[0] for d in got.dz], slopes)


def test_the_conjugate_of_a_removable_singularity_has_the_other_derivative():
    got = argand.exact(lambda z: double(m.expm1)(m.conj(z)), np.array([0j]), upstream=1j)
    assert (got.dz[0][0], got.dzbar[0][0], got.vjp[0][0]) == (0, 0.5, -0.5j)


def test_a_scaled_row_has_the_unit_matrix_at_zero():
    got = argand.exact(scaled, np.zeros((1, 3)), core=1)
    np.testing.assert_array_equal(got.dz[0][0], np.eye(3))


def test_rows_are_mended_entry_by_entry():
    x = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    got = argand.exact(lambda x: tf.reduce_sum(m.exp(x) * SINC(x), -1), x, upstream=1.0, core=1)
    assert got.certified.all()
    np.testing.assert_array_equal(got.vjp[0][:, [0, 2]], 1.0)


def test_a_value_that_is_nan_has_no_derivative():
    for fn, at in [
        (lambda x: tf.where(x < 0, np.nan * tf.ones_like(x), m.sin(x)), -1.0),
        (lambda x: m.sqrt(x), -1.0),
        (lambda x: m.log(x), -1.0),
        (lambda x: (x - x) / (x - x), 1.0),
        (lambda x: tf.maximum(x, np.nan), 1.0),
    ]:
        found, got = state(fn, np.array([at]))
        assert found == "undefined"
        assert np.isnan(got.value[0])
        assert np.isnan(got.vjp[0][0])
    assert state(lambda x: tf.where(x < 0, np.nan * x, m.sin(x)), np.ones(1))[0] == "certified"


def test_a_jump_of_the_other_branch_at_the_point_itself_proves_nothing():
    def fn(x):  # s jumps from 0 to 1 at 0, where x·(1 − x) is 0 too
        s = tf.where(tf.equal(x, 0), tf.ones_like(x), x)
        return s * (1 - s)

    assert state(fn, np.zeros(1))[1].dz[0][0] == 1
