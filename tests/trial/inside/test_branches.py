"""Gradients with a conditional on the whole batch: each branch is proved and tried by itself."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

import argand
from argand.catalogue._numerics.fast_path import either, within
from argand.frontend.trace import trace_gradient
from argand.trial import trial
from argand.trial.inside.branches import kindred
from argand.trial.points.crossings import crossing_points
from argand.trial.problems import problems


def plain(z, upstream):
    return upstream * tf.math.conj((1 + z) * tf.exp(z))


def in_halves(z, upstream):
    half = tf.exp(0.5 * z)
    return (upstream * tf.math.conj((1 + z) * half)) * tf.math.conj(half)


def unconjugated(z, upstream):
    return upstream * ((1 + z) * tf.exp(z))


def not_quite(z, upstream):
    return upstream * tf.math.conj((1.0001 + z) * tf.exp(z))


def with_branches(ordinary, careful, limit=30.0):
    """z·eᶻ, whose gradient has two branches by the size of the largest entry."""

    @tf.custom_gradient
    def branching(z, /):
        def grad(upstream):
            return either(within(limit, z), lambda: ordinary(z, upstream),
                          lambda: careful(z, upstream))  # fmt: skip

        return z * tf.exp(z), grad

    return branching


def check(fn, **options):
    # Eager: in graph mode TensorFlow's optimizer takes factors together, defects or not.
    return argand.check(fn, dtypes=["complex128"], modes=["eager"], samples=300, **options)


def test_two_right_branches_are_proved_and_have_no_finding():
    domain = ((-60, 60), (-60, 60))
    report = check(with_branches(plain, in_halves), domain=domain)
    assert {f.kind for f in report.findings} <= {"inaccurate"}  # in_halves rounds twice as often
    assert not report.unproved
    assert report.decided > 0


@pytest.mark.parametrize("defect", [unconjugated, not_quite])
@pytest.mark.parametrize("branch", ["ordinary", "careful"])
def test_a_formula_that_is_wrong_in_one_branch_only_is_refuted(branch, defect):
    branches = {"ordinary": plain, "careful": in_halves} | {branch: defect}
    report = check(with_branches(**branches), domain=((-60, 60), (-60, 60)))
    found = [f for f in report.findings if f.kind == "formula"]
    assert found
    assert "in a region of the domain only" in found[0].message or branch == "ordinary"
    z = complex(*map(float.fromhex, found[0].input))
    assert (max(abs(z.real), abs(z.imag)) <= 30) == (branch == "ordinary")
    file, line = found[0].source.rsplit(":", 1)
    code, start = inspect.getsourcelines(branches[branch])
    assert file == __file__
    assert start <= int(line) < start + len(code)


@pytest.mark.parametrize("alone", [True, False])
def test_what_only_an_ordinary_batch_shows_is_found_among_all_samples(alone, monkeypatch):
    """(u·2⁵⁰⁰)·g·2⁻⁵⁰⁰ overflows for large upstreams, in the branch that z alone chooses."""

    def scaled(z, upstream):
        return plain(z, upstream * 2.0**500) * 2.0**-500

    if not alone:
        monkeypatch.setattr(trial, "kindred", lambda program, inputs: [np.arange(len(inputs[0]))])
    report = check(with_branches(scaled, in_halves), domain=((-60, 60), (-60, 60)))
    found = [f for f in report.findings if f.kind.startswith("spurious")]
    assert bool(found) == alone
    for f in found:
        z = complex(*map(float.fromhex, f.input))
        assert max(abs(z.real), abs(z.imag)) <= 30


def test_samples_are_grouped_by_the_branches_that_they_take_alone():
    fn = with_branches(plain, in_halves)
    program = trace_gradient(fn, ["complex128"])
    assert len(program.conditions) == 1
    z = np.array([1, 31, 2j, 1 - 40j, 30, np.nextafter(30, 31)])
    groups = kindred(program, [np.ones(6, complex), z])
    assert sorted(map(tuple, groups)) == [(0, 2, 4), (1, 3, 5)]
    assert len(kindred(trace_gradient(lambda z: z * z, ["complex128"]), [z, z])) == 1


def test_results_of_groups_come_back_in_the_order_of_the_samples():
    fn = with_branches(plain, lambda z, u: 7 * u)
    program = trace_gradient(fn, ["complex128"])
    grouped = trial.Trial(_case(fn), "eager", 8, 4.0, program)
    z, u = np.array([1, 31, 2j, -40, 3]), np.array([1, 2, 3, 4, 5j])
    gradient = grouped.result([z], u).gradients[0]
    exact = u * np.conj((1 + z) * np.exp(z))
    np.testing.assert_allclose(gradient, np.where(np.abs(z) <= 30, exact, 7 * u), rtol=1e-14)
    together = trial.Trial(_case(fn), "eager", 5, 4.0).result([z], u).gradients[0]
    np.testing.assert_array_equal(together, 7 * u)


def _case(fn):
    return problems(fn, ["complex128"], None, None)[0][0]


def test_samples_lie_where_the_condition_flips():
    fn = with_branches(plain, in_halves, limit=12345.0)
    program = trace_gradient(fn, ["complex128"])
    (z,) = crossing_points(program, _case(fn), 400, np.random.default_rng(0))
    size = np.maximum(np.abs(z.real), np.abs(z.imag))
    assert ((size > 12345) & (size < 12345 * 1.3)).any()
    assert ((size <= 12345) & (size > 12345 / 1.3)).any()
