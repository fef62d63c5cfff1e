"""What is timed of a function gives value, gradient or both, and says what it cost once."""

import numpy as np
import pytest
import tensorflow as tf

from argand.timing.timed import TIMED, prepare

X, U, V = np.array([1.0, 2.0]), np.array([1.0, -1.0]), np.array([2.0, 3.0])
VALUE, GRADIENT, SECOND = X**3, U * 3 * X**2, V * U * 6 * X
EXPECTED = {
    "value and gradient": [VALUE, GRADIENT], "forward": [VALUE], "gradient": [GRADIENT],
    "second order": [GRADIENT, SECOND],
}  # fmt: skip


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
@pytest.mark.parametrize("timed", TIMED)
def test_each_gives_what_its_name_says_again_and_again(timed, mode):
    made = prepare(lambda x: x**3, timed, mode, [X], U, V)
    again = made.act()
    again = list(again) if isinstance(again, (list, tuple)) else [again]
    for found in (made.results, again):
        assert len(found) == len(EXPECTED[timed])
        for got, wanted in zip(found, EXPECTED[timed], strict=True):
            np.testing.assert_allclose(got, wanted)
    eager = mode == "eager"
    assert np.isnan(made.trace) == (eager or timed == "gradient")
    assert np.isnan(made.compile) == (eager or timed == "gradient")


def test_whatever_the_function_raises_is_raised():
    def broken(x):
        raise ZeroDivisionError("no")

    with pytest.raises(ZeroDivisionError):
        prepare(broken, "forward", "eager", [X], U)


def test_no_gradient_is_none():
    made = prepare(lambda x: tf.round(x), "value and gradient", "eager", [X], U)
    assert made.results[1] is None
