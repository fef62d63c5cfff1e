"""What conditioning explains, against closed forms; and what it never does."""

import numpy as np
import pytest
import tensorflow as tf
from allowed import explained
from hypothesis import given
from hypothesis import strategies as st

EPS = 2.0**-52


def beside_zero(x):
    return x * x - x


BEYOND = 1.5
ALLOWED = {  # function, inputs, quantity, and Σ ulp(zᵢ)(|∂ᵢg| + |∂̄ᵢg|) + ulp(g), the largest share
    "value at its zero": (beside_zero, 1.0, -1, EPS),
    "of two inputs": (lambda x, y: x - y, (1.0, 1.0), -1, 2 * EPS),
    "gradient at its zero": (lambda x: tf.exp(x) - x, 0.0, 0, 2 * 5e-324),
    "gradient": (lambda x: x * x * x - 3 * x, 1.0, 0, 6 * EPS),
    "gradient of two": (lambda x, y: x * x * y - 2 * x * y, (1.0, 1.0), 0, 2 * EPS),
    # ulp(0.1) = ε/16; what is written in few digits, as 0.75, is meant as it is
    "of a rounded constant": (lambda x: x - 0.1, 0.1, -1, 2 * EPS / 16),
    "of one that is not": (lambda x: x - 0.75, 0.75, -1, EPS / 2),
    "of one that cancels": (lambda x: 0.1 - (0.1 - x), 1e-30, -1, 2 * np.spacing(1e-30)),
    "of rounded entries": (
        lambda x: tf.reduce_sum(x - tf.constant([0.1, 0.75], x.dtype), -1),
        [0.1, 0.75], -1, 2 * EPS / 16 + EPS / 2,
    ),
    "gradient with a constant": (lambda x: x * x - 0.2 * x, 0.1, 0, 4 * EPS / 16),
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_an_error_is_explained_up_to_the_allowance_and_not_beyond(name):
    fn, at, by, allowed = ALLOWED[name]
    assert explained(fn, at, 4 * allowed, by)
    assert not explained(fn, at, 4 * BEYOND * allowed, by)


def test_of_complex_numbers_both_derivatives_count():
    z = 1 + 0j
    assert explained(lambda z: z * z - z, z, 4 * EPS * 1j, dtype="complex128")
    assert not explained(lambda z: z * z - z, z, 4.01 * EPS, dtype="complex128")
    both = (lambda z: z * z - z * tf.math.conj(z), z)  # |2z − z̄| + |z| = 2
    assert explained(*both, 8 * EPS, dtype="complex128")
    assert not explained(*both, 8.01 * EPS, dtype="complex128")


LOG_2 = 0.6931471805599453


def log_cosh(x):
    return x + tf.nn.softplus(-2 * x) - tf.constant(LOG_2, x.dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_where_a_constant_is_all_that_is_left_its_rounding_counts(dtype):
    ulp = float(np.spacing(np.array(LOG_2, dtype)))
    off = float(np.array(LOG_2, dtype)) - LOG_2 if dtype == "float32" else ulp
    assert explained(log_cosh, 0.0, off, dtype=dtype)
    assert explained(log_cosh, 0.0, 3.9 * ulp, dtype=dtype)
    assert not explained(log_cosh, 0.0, 6 * ulp, dtype=dtype)
    assert explained(log_cosh, 3.0, 32 * ulp, dtype=dtype)  # ulp(3) and that of the value are 4
    assert not explained(log_cosh, 3.0, 40 * ulp, dtype=dtype)


def test_a_table_of_constants_is_data_and_explains_nothing():
    table = np.full(100, 0.1)

    def mean_off(x):
        return x - tf.reduce_mean(tf.constant(table, x.dtype))

    assert not explained(mean_off, 0.1, 4 * 2 * EPS / 16)


def shares(x):
    return x / tf.reduce_sum(x, -1, keepdims=True)


def test_of_rows_all_entries_count_and_of_a_gradient_the_upstream_where_it_cancels():
    row = [1.0, 1.0, 2.0]
    # The gradient for equal upstreams is zero whatever the row is: it is their rounding that costs.
    assert explained(shares, row, EPS / 4, by=0, u=[1.0, 1.0, 1.0])
    assert not explained(shares, row, 1e-12, by=0, u=[1.0, 1.0, 1.0])


def standard(x):
    centred = x - tf.reduce_mean(x, -1, keepdims=True)
    return centred / tf.sqrt(tf.reduce_mean(centred * centred, -1, keepdims=True))


def test_of_an_entry_that_is_exactly_zero_the_row_counts():
    # For equal upstreams the gradient is zero, and flat. By the upstreams those of the entry in the
    # middle, (2/3, 1/3, 1/3)/√(2/3), are the largest; the others add up to half of that.
    row, u = [-1.0, 0.0, 1.0], [1.0, 1.0, 1.0]
    limit = 4 * EPS * (4 / 3) * 1.5**0.5
    for entry in range(3):
        assert explained(standard, row, 0.9 * limit, by=0, u=u, entry=entry)
        assert not explained(standard, row, 2.0 * limit, by=0, u=u, entry=entry)
        assert not explained(standard, row, 1e-9, by=0, u=u, entry=entry)


def test_of_another_entry_the_row_does_not_count():
    row, u = [-1.0, 0.0, 1.0], [1.0, 1.0 + 2.0**-30, 1.0]
    assert not explained(standard, row, 40 * EPS, by=0, u=u, entry=0)


def test_an_upstream_that_is_a_mere_factor_explains_nothing():
    flat = 1e-3  # (x² + 3x)′ = 2x + 3 does not cancel
    assert explained(lambda x: x * x + 3 * x, flat, 4 * 2 * EPS, by=0)
    assert not explained(lambda x: x * x + 3 * x, flat, 5 * 2 * EPS, by=0)


def test_nan_is_never_explained_and_an_infinity_only_beside_the_end_of_the_range():
    top = np.log(np.finfo("float64").max)
    for at, expected in ((top, True), (top - 1e-9, False), (1.0, False)):
        assert explained(tf.exp, at, np.inf) is expected
        assert not explained(tf.exp, at, np.nan)


@given(st.floats(0.51, 0.99), st.floats(1.0, 64.0))
def test_the_allowance_grows_with_the_limit(x, max_ulp):
    off = max_ulp * EPS / 2 * abs(2 * x - 1)  # ulp(x) = ε/2
    assert explained(beside_zero, x, off, max_ulp=max_ulp * 1.001)
