"""Eager, graph and xla that differ, and those that do not."""

import numpy as np
import pytest
import tensorflow as tf
from probing import checked, of_kind

from argand.check.asked import Asked
from argand.check.probes import mode_disagreement
from argand.check.report import Report
from argand.check.samples import Samples
from argand.frontend.runner import MODES, Result
from argand.trial.problems import problems


def test_tensorflows_square_root_is_conjugated_when_compiled():
    found = of_kind(checked(tf.sqrt, "complex128", MODES), "mode_disagreement")
    assert {(f.mode, f.quantity) for f in found} == {("xla", "gradient")}
    assert "xla is wrong" in found[0].message


@tf.custom_gradient
def halved_in_graphs(x, /):
    def grad(u):
        return u * 2 * x if tf.executing_eagerly() else u * x

    return x * x, grad


@tf.custom_gradient
def debug_path(x, /):
    def grad(u):
        return u * 2.001 * x if tf.executing_eagerly() else u * 2 * x

    return x * x, grad


def rounded_in_graphs(x):
    return x * x if tf.executing_eagerly() else tf.cast(tf.cast(x, tf.float32), x.dtype) * x


@pytest.mark.parametrize(
    ("fn", "wrong", "quantity"),
    [
        (halved_in_graphs, "graph", "gradient"),
        (debug_path, "eager", "gradient"),
        (rounded_in_graphs, "graph", "value"),
    ],
)
def test_the_mode_that_is_wrong_is_named(fn, wrong, quantity):
    # In (1, 4) float32 has lost most of float64's digits, but no result is wholly wrong.
    report = checked(fn, modes=["eager", "graph"], domain=(1.0, 4.0), reference=lambda x: x * x)
    found = of_kind(report, "mode_disagreement")
    assert (found[0].mode, quantity in {f.quantity for f in found}) == (wrong, True)
    assert f"{wrong} is wrong" in found[0].message


RIGHT = {
    "exp": tf.exp,
    "cancels": lambda x: (1 + x) - 1,
    "sine of large": tf.sin,
    "sum of products": lambda x: x * x - 2 * x + 1,
    "overflows between": lambda x: tf.exp(x) / (1 + tf.exp(x)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_only_rounds_differently_is_silent(name):
    assert not of_kind(checked(RIGHT[name], modes=MODES, samples=1024), "mode_disagreement")


def test_a_difference_is_told_where_the_exact_result_is_not_known():
    ((problem,), _) = problems(lambda x: x * x, ["float64"], (1.0, 2.0), None)
    x = np.linspace(1, 2, 32)
    samples = Samples(problem, [x], np.ones(32))
    samples.exact.state[:] = 0
    right = Result(x * x, (samples.upstream * 2 * x,))
    other = Result(np.where(x < 1.5, x, x * x), right.gradients)
    rng = np.random.default_rng(0)

    def found(graph):
        results = {"eager": right, "graph": graph}
        asked = Asked(problem, tuple(results), samples, 4.0, 0, False, Report(""), _results=results)
        return list(mode_disagreement.probe(asked, rng))

    assert found(right) == []
    (finding,) = found(other)
    assert (finding.kind, finding.quantity, finding.exact) == ("mode_disagreement", "value", "")
    assert "not known" in finding.message
