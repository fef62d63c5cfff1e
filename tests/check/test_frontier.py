"""The last float that passes, against frontiers that are known in closed form."""

import numpy as np
import pytest
import tensorflow as tf

from argand.check.frontier import frontiers
from argand.trial.problems import problems
from argand.trial.search import Witness
from argand.trial.trial import Trial


def edge(fn, at, dtype="float64", domain=None, verdict="spurious_overflow", part=("value", -1)):
    (problem,), _ = problems(fn, [dtype], domain, None)
    trial = Trial(problem, "eager", 128, 4.0)
    one = np.ones((), problem.output_dtype)
    infinite = np.full_like(one, np.inf)
    witness = Witness(part, verdict, list(at), one, infinite, one, np.inf, 0, np.inf)
    (found,) = frontiers(trial, [witness])
    return found


LAST_EXP = {"float64": "0x1.62e42fefa39efp+9", "float32": "0x1.62e42e0000000p+6"}


@pytest.mark.parametrize("dtype", LAST_EXP)
def test_half_an_exponential_overflows_after_the_last_finite_exponential(dtype):
    last = float.fromhex(LAST_EXP[dtype])
    beyond = np.nextafter(np.array(last, dtype), np.array(np.inf, dtype))
    assert np.isfinite(np.exp(np.array(last, dtype)))
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(beyond))
    found = edge(lambda x: tf.exp(x) * 0.5, [last + 0.1], dtype)
    assert (found.passing, found.failing) == (last, float(beyond))
    assert LAST_EXP[dtype] in found.describe(problems(tf.exp, [dtype], None, None)[0][0])


def test_a_square_overflows_after_the_root_of_the_largest_float():
    found = edge(lambda x: tf.sqrt(x * x), [-1e200])
    assert found.failing == np.nextafter(found.passing, -np.inf)
    assert abs(found.passing / -np.sqrt(np.finfo(np.float64).max) - 1) < 1e-15


def test_the_component_that_leaves_the_region_soonest_is_taken():
    found = edge(lambda z: tf.exp(z) * 0.5, [709.9, 0.0], "complex128", verdict="spurious_nan")
    assert found.component == 0
    assert 709.78 < found.passing < 709.79


def test_a_region_that_fills_the_domain_has_no_edge():
    assert edge(lambda x: tf.exp(x) * 0.5, [710.0], domain=(709.9, 710.1)) is None


def test_the_edge_lies_within_the_domain():
    found = edge(lambda x: tf.sqrt(x * x), [1e200], domain=(1e150, 1e300))
    assert 1e150 <= found.passing < found.failing <= 1e200
