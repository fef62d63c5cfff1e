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
}


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


def shares(x):
    return x / tf.reduce_sum(x, -1, keepdims=True)


def test_of_rows_all_entries_count_and_of_a_gradient_the_upstream_where_it_cancels():
    row = [1.0, 1.0, 2.0]
    # The gradient for equal upstreams is zero whatever the row is: it is their rounding that costs.
    assert explained(shares, row, EPS / 4, by=0, u=[1.0, 1.0, 1.0])
    assert not explained(shares, row, 1e-12, by=0, u=[1.0, 1.0, 1.0])


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
