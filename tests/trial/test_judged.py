"""Results held against the exact ones, sample by sample."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from argand.frontend.runner import Result
from argand.trial.judged import Judged, fitting, judged, quantities
from argand.trial.problems import problems
from argand.verdict import CODE, FAILING, VERDICTS, fails, passes, unknown


@pytest.fixture(scope="module")
def square():
    ((problem,), _) = problems(lambda x: x * x, ["float64"])
    x, u = np.array([1.0, 2.0, 3.0]), np.ones(3)
    return problem, x, u, problem.exact([x], u)


def test_each_quantity_has_its_verdict_and_both_sides(square):
    problem, x, u, exact = square
    result = Result(x * x, (u * 2 * x * [1, 1.5, np.nan],))
    found = judged(problem, result, exact, 4.0)
    assert (found["value", -1].codes == CODE["accurate"]).all()
    codes = [VERDICTS[c].name for c in found["gradient", 0].codes]
    assert codes == ["accurate", "wrong", "spurious_nan"]
    np.testing.assert_array_equal(found["gradient", 0].exact, 2 * x)


def test_what_has_another_shape_or_dtype_is_not_judged(square):
    problem, x, _, exact = square
    for odd in (np.ones(2), np.ones(3, np.float32), None):
        result = Result(x * x, (odd,))
        assert set(judged(problem, result, exact, 4.0)) == {("value", -1)}
        assert len(list(quantities(result))) == (1 if odd is None else 2)
        assert len(list(fitting(problem, result, exact))) == 1


def test_of_a_row_the_gravest_entry_counts():
    ((problem,), _) = problems(lambda x: x * x, ["float64"], core=1)
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    exact = problem.exact([x], np.ones_like(x))
    part = Judged.of(x * x * [[1, 1, 9], [1, 1, 1]], exact.value, exact, 4.0)
    assert [VERDICTS[c].name for c in part.codes] == ["wrong", "accurate"]
    assert (part.entry[0], part.exact_there[0]) == (2, 9.0)


@pytest.fixture(scope="module")
def line():
    ((problem,), _) = problems(tf.identity, ["float64"])
    return problem.exact([np.linspace(-1, 1, 6)], np.ones(6))


@given(arrays(np.float64, 6, elements=st.floats(-4, 4)), st.integers(0, 6))
def test_two_parts_one_after_the_other_are_the_whole(line, computed, cut):
    exact = line
    whole = Judged.of(computed, exact.value, exact, 4.0)
    parts = [slice(None, cut), slice(cut, None)]
    first, rest = (
        Judged.of(computed[p], exact.value[p], exact.at(np.arange(6)[p]), 4.0) for p in parts
    )
    both = first.then(rest)
    for name in ("codes", "error", "computed", "exact", "entry"):
        np.testing.assert_array_equal(getattr(both, name), getattr(whole, name))


def test_each_verdict_fails_or_passes_or_is_unknown():
    codes = np.arange(len(VERDICTS))
    assert (fails(codes).astype(int) + passes(codes) + unknown(codes) == 1).all()
    assert {VERDICTS[c].name for c in codes[fails(codes)]} == FAILING
