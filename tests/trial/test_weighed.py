"""Right functions pass at their zeros; what conditioning never explains fails all the same."""

import numpy as np
import pytest
import tensorflow as tf

import argand
from argand.testing import assert_gradient
from argand.trial.inside.allowance import Allowance
from argand.trial.judged import Judged
from argand.trial.place import places_of
from argand.trial.problems import problems
from argand.trial.weighed import Scales
from argand.verdict import CODE

ONE = {"dtypes": ["float64"], "modes": ["graph"]}
ZEROS = {  # with a domain that holds a zero of the value or of the gradient
    "parabola": (lambda x: x * x - x, (0.1, 3.0)),
    "entropy": (lambda x: -x * tf.math.log(x), (0.1, 3.0)),
    "silu": (tf.nn.silu, (-3.0, 3.0)),
    "wave": (lambda x: x * tf.sin(x), (-4.0, 4.0)),
}


@pytest.mark.parametrize("name", ZEROS)
def test_a_right_function_passes_at_its_zeros(name):
    fn, domain = ZEROS[name]
    assert_gradient(fn, domain=domain, max_ulp=64, **ONE)


def test_lost_digits_that_the_input_does_not_explain_are_a_defect_in_a_domain_only():
    def cancels(x):
        return 1 - tf.cos(x)

    report = argand.check(cancels, domain=(1e-4, 1.0), samples=512, **ONE)
    found = {f.severity: f for f in report.findings if f.quantity == "value"}
    inside = [f for f in report.findings if f.place == "domain" and not f.explained]
    assert {f.severity for f in inside} == {"defect"}
    assert found["defect"].place == "domain"
    assert not report.ok
    with pytest.raises(AssertionError, match="inaccurate"):
        assert_gradient(cancels, domain=(1e-4, 1.0), **ONE)
    everywhere = argand.check(cancels, samples=512, **ONE)
    assert everywhere.ok
    assert everywhere.limits
    assert not argand.check(cancels, samples=512, strict=True, **ONE).ok


def log_cosh(x):
    return x + tf.nn.softplus(-2 * x) - tf.constant(0.6931471805599453, x.dtype)


def test_what_is_left_of_a_rounded_constant_alone_is_a_limit():
    once = {"dtypes": ["float32"], "modes": ["eager"], "samples": 256}
    assert argand.check(log_cosh, **once).ok
    report = argand.check(log_cosh, domain=(-0.5, 1.5), **once)
    lost = [f for f in report.findings if f.quantity == "value"]
    assert {(f.severity, f.explained) for f in lost} == {("limit", True)}


def test_the_slope_that_it_loses_beside_its_zero_is_a_defect_in_a_domain():
    with pytest.raises(AssertionError, match="gradient"):
        assert_gradient(log_cosh, domain=(-0.5, 1.5), dtypes=["float32"], modes=["eager"])
    assert_gradient(log_cosh, domain=(0.5, 1.5), dtypes=["float32"], modes=["eager"])
    assert_gradient(log_cosh, dtypes=["float32"], modes=["eager"])


def one_sample(verdict, formula_wrong):
    (problem,), _ = problems(lambda x: x * x - x, ["float64"], (0.1, 3.0))
    inputs, u = [np.array([0.5 + 2.0**-40])], np.ones(1)
    exact = problem.exact(inputs, u)
    truth = exact.quantity(0)
    part = Judged(np.array([CODE[verdict]]), np.array([8.0]), truth + 2.0**-53, truth,
                  np.zeros(1, int))  # fmt: skip
    scales = Scales(problem, Allowance(problem, 4.0), formula_wrong)
    weighed = scales.of(("gradient", 0), {("gradient", 0): part}, inputs, u)
    where = np.array([0])
    return bool(weighed.explained(where)[0]), str(weighed.severities(where)[0])


def test_neither_a_conjugate_nor_a_wrong_formula_is_explained():
    assert one_sample("inaccurate", formula_wrong=False) == (True, "limit")
    assert one_sample("conjugated", formula_wrong=False) == (False, "defect")
    assert one_sample("inaccurate", formula_wrong=True) == (False, "defect")


def test_the_worst_that_is_not_explained_is_looked_for_one_by_one_and_then_at_once():
    (problem,), _ = problems(lambda x: x * x - x, ["float64"], (0.1, 3.0))
    n = 24
    inputs, u = [np.full(n, 1.0)], np.ones(n)
    truth = problem.exact(inputs, u).quantity(-1)
    off = np.full(n, 2.0**-52)
    for last, expected in ((1e-3, (n - 1, False)), (2.0**-52, (0, True))):
        off[-1] = last
        part = Judged(np.full(n, CODE["inaccurate"]), np.ones(n), truth + off, truth,
                      np.zeros(n, int))  # fmt: skip
        scales = Scales(problem, Allowance(problem, 4.0), formula_wrong=False)
        weighed = scales.of(("value", -1), {("value", -1): part}, inputs, u)
        for tries in (0, 2, 30):
            assert weighed.first_unexplained(np.arange(n), lambda k: int(k[0]), tries) == expected


def test_places():
    (free,), _ = problems(tf.exp, ["float64"])
    x = np.array([1.0, -64.0, 65.0, 0.0, 2.0**-7, 1e300, 1.0, 1.0])
    value = np.array([1.0, 2.0**-60, 1.0, 1.0, 1.0, 1.0, 2.0**61, 0.0])
    special = np.arange(8) == 3
    found = places_of(free, [x], np.ones(8), [value], special)
    assert list(found) == [
        "ordinary", "ordinary", "elsewhere", "special", "elsewhere", "elsewhere", "elsewhere",
        "ordinary",
    ]  # fmt: skip


def test_a_domain_ends_beside_zero_and_does_not_speak_of_upstreams():
    (bound,), _ = problems(tf.exp, ["float64"], (-1e3, 1e3))
    x = np.array([1e3, 0.0, 1e-14, 1e-17, 1.0, 1.0, 1.0])
    u = np.array([1.0, 1.0, 1.0, 1.0, 1e18, 1e-18, 1e19])
    found = places_of(bound, [x], u, [np.ones(7)])
    expected = ["domain", "domain", "domain", "elsewhere", "domain", "domain", "elsewhere"]
    assert list(found) == expected
