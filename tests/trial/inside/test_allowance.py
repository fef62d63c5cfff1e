"""What conditioning explains, against closed forms; and what it never does."""

from functools import cache

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from argand.trial.inside.allowance import Allowance
from argand.trial.problems import problems

EPS = 2.0**-52


@cache
def problem_of(fn, dtype, rows):
    (problem,), _ = problems(fn, [dtype], core=1 if rows else None)
    return problem


def explained(fn, at, off, by=-1, u=1.0, entry=0, max_ulp=4.0, dtype="float64"):
    """Whether an error of ``off`` is explained at the inputs ``at`` (numbers, or rows)."""
    inputs = [np.array([x], dtype) for x in (at if isinstance(at, tuple) else (at,))]
    problem = problem_of(fn, dtype, inputs[0].ndim > 1)
    upstream = np.array([u], problem.output_dtype)
    exact = problem.exact(inputs, upstream)
    true = exact.quantity(by)
    assert exact.certified.all()
    computed = true.copy()
    computed.reshape(-1)[entry] += off
    allowance = Allowance(problem, max_ulp)
    return bool(allowance.explains(by, computed, true, inputs, upstream, np.array([entry]))[0])


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


def normal(x):
    return tf.math.l2_normalize(x, axis=-1)


Y = [0.0, 0.59375, 0.0]
U = [0.5, 1.0, 0.75]
WRONG_AT_ZERO = {  # function, row, entry that is exactly zero, upstream, and what it is if wrong
    "projection missed": (normal, Y, 1, U, 1 / 0.59375),
    "a term of it 0.98": (normal, Y, 1, U, 0.02 / 0.59375),
    "a term of it 1 + 1e-9": (normal, Y, 1, U, 1e-9 / 0.59375),
    "a neighbour's": (normal, Y, 1, U, 0.5 / 0.59375),
    "value": (normal, Y, 0, U, 1e-12),
}


@pytest.mark.parametrize("name", WRONG_AT_ZERO)
def test_a_wrong_entry_where_zero_is_exact_is_not_explained(name):
    fn, at, entry, u, off = WRONG_AT_ZERO[name]
    assert not explained(fn, at, off, by=-1 if name == "value" else 0, u=u, entry=entry)


@pytest.mark.parametrize("u", [U, [0.0, 1.0, 0.0], [1 / 64, 64.0, 0.0]])
def test_of_an_entry_that_is_exactly_zero_the_row_counts(u):
    # The terms that cancel are u₁/|y|, and so is the largest of Σ|∂g|·max ulp(u).
    ulp = np.spacing(max(u)) / 0.59375
    assert explained(normal, Y, 2 * ulp, by=0, u=u, entry=1)
    assert not explained(normal, Y, 40 * ulp, by=0, u=u, entry=1)


def test_of_an_entry_that_is_not_zero_the_row_does_not_count():
    at = [2.0**-20, 0.59375, 0.0]  # ∂g₁ is about (x₀/y)²
    u = [2.0**-20, 1.0, 0.0]
    assert not explained(normal, at, 2 * EPS, by=0, u=u, entry=1)
    assert not explained(normal, Y, 20 * EPS, by=0, u=U, entry=0)


def test_of_a_number_that_is_exactly_zero_nothing_else_counts():
    assert not explained(lambda x: x * x, 0.0, 1e-300, by=0)


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
