"""At special points what is wrong is found, with and without a domain, and what is right is not."""

import numpy as np
import pytest
import tensorflow as tf
from special_points import RIGHT, WRONG

import argand
from argand.check.samples import draw
from argand.testing import assert_gradient
from argand.trial.finding import AT_SPECIAL_POINTS
from argand.trial.judged import judged
from argand.trial.problems import problems
from argand.trial.trial import Trial
from argand.verdict import CODE, fails

COMPLEX = {"complex hole", "|z|²", "complex pole"}


def at_special_points(name, fn, domain, core):
    """What fails in eager mode, of a few samples, at special points of ordinary size."""
    dtype = "complex128" if name in COMPLEX else "float64"
    (problem,), _ = problems(fn, [dtype], domain, None, core)
    samples = draw([problem], 4, np.random.default_rng(0))
    trial = Trial(problem, "eager", len(samples.upstream), 4.0)
    found = judged(problem, trial.result(samples.inputs, samples.upstream), samples.exact, 4.0)
    codes = [part.codes[samples.special] for part in found.values()]
    assert (np.array(codes) == CODE["accurate"]).any(), "nothing is shown to be right"
    return any((fails(c) & (c != CODE["inaccurate"])).any() for c in codes)


def cases(of):
    return [(n, d) for n, (_, domains, _) in of.items() for d in (None, domains[-1])]


@pytest.mark.parametrize(("name", "domain"), cases(WRONG))
def test_what_is_wrong_is_found(name, domain):
    fn, _, core = WRONG[name]
    assert at_special_points(name, fn, domain, core)


@pytest.mark.parametrize(("name", "domain"), cases(RIGHT))
def test_what_is_right_is_not(name, domain):
    fn, _, core = RIGHT[name]
    assert not at_special_points(name, fn, domain, core)


@pytest.mark.parametrize("domain", [(-1, 1), (-2, 1), (-3, 3)])
def test_a_wrong_gradient_at_zero_passes_in_no_domain(domain):
    with pytest.raises(AssertionError, match="formula"):
        assert_gradient(WRONG["xlogy"][0], domain=domain, dtypes=["float64"], modes=["eager"])


def test_the_formula_is_wrong_there_and_the_report_says_where():
    fn, domains, _ = WRONG["xlogy"]
    report = argand.check(fn, dtypes=["float64"], modes=["eager"], domain=domains[0], samples=64)
    formula, rounding = report.findings
    assert formula.kind == "formula"
    assert formula.about == AT_SPECIAL_POINTS
    assert float.fromhex(formula.input[0]) == 0
    assert float(formula.exact) == np.log(2)
    assert rounding.kind == "spurious_underflow"
    assert (
        len(report.grouped("defect")) == 2
    )  # the formula is right elsewhere: the other is no mere echo
    assert report.special >= 5
    assert report.to_json()["special"] == report.special


def test_a_formula_that_is_right_at_a_kink_with_agreeing_sides_is_not_accused():
    for name in ("huber", "clip and relu", "guarded"):
        fn, domains, _ = RIGHT[name]
        report = argand.check(
            fn, dtypes=["float64"], modes=["eager"], domain=domains[0], samples=64
        )
        assert "formula" not in {f.kind for f in report.findings}, name


def test_special_points_move_no_other_sample():
    (problem,), _ = problems(tf.nn.relu6, ["float64"])
    samples = draw([problem], 64, np.random.default_rng(3))
    (sine,), _ = problems(tf.sinh, ["float64"])
    other = draw([sine], 64, np.random.default_rng(3))
    assert samples.points.count > other.points.count
    assert not samples.special[:64].any()
    assert (samples.upstream[64:] != 0).all()
    assert (samples.upstream[64 : 64 + samples.points.count] == 1).all()


def test_what_is_marked_special_is_of_ordinary_size_or_zero():
    (problem,), _ = problems(lambda x: tf.maximum(x, 1000.0) + tf.nn.relu(x), ["float64"])
    samples = draw([problem], 8, np.random.default_rng(0))
    (x,) = samples.inputs
    assert set(x[samples.special]) == {0.0, 1.0, -1.0}
    assert 1000.0 in x[samples.exactly]
    assert np.finfo(float).tiny in x


def test_partial_derivatives_at_a_threefold_tie_accuse_no_one():
    fn = lambda x: tf.reduce_max(x, -1) + tf.reduce_min(x, -1)  # noqa: E731
    report = argand.check(fn, dtypes=["float64"], modes=["eager"], domain=(-2, 3), samples=64)
    assert {f.kind for f in report.findings} <= {"inaccurate"}
    assert report.undefined > 0
