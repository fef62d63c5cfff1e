"""A function that balls cannot follow: refused with what to do, or judged by a reference."""

import numpy as np
import pytest
import tensorflow as tf
from corpus.sound_black_boxes import sinh_of_numpy
from corpus.wrong_black_boxes import root_without_half

import argand
from argand.subject import TargetError

QUICK = {"dtypes": ["float64"], "quick": True}


@tf.custom_gradient
def cosh_of_numpy(x, /):
    """cosh x, of no known shape."""
    return tf.numpy_function(np.cosh, [x], x.dtype), lambda u: u * tf.sinh(x)


def test_a_refusal_names_the_reference():
    with pytest.raises(TargetError, match=r"StatelessWhile .*--reference \(reference=\)"):
        argand.check(root_without_half.fn, **QUICK)
    with pytest.raises(TargetError, match=r"PyFunc .*argand.functions"):
        argand.check(cosh_of_numpy, **QUICK)


def test_a_reference_that_cannot_be_followed_is_refused_as_such():
    with pytest.raises(TargetError, match="the reference cannot be followed: the operation PyFunc"):
        argand.check(tf.cosh, reference=cosh_of_numpy, **QUICK)


def test_what_is_not_proved_is_said_and_what_xla_has_not_is_no_defect():
    report = argand.check(
        sinh_of_numpy.fn, reference=tf.sinh, domain=(-2, 2), modes=("eager", "xla"), **QUICK
    )
    assert report.ok
    assert report.unproved == {"sinh_of_numpy"}
    assert any("the formula is not proved: the operation PyFunc" in n for n in report.notes)
    assert any(n.endswith("not checked in xla, which has no PyFunc") for n in report.notes)
    assert {(f.kind, f.severity) for f in report.findings} == {("second_order", "advice")}


def test_a_backward_pass_that_is_followed_is_proved():
    report = argand.check(
        cosh_of_numpy, reference=tf.cosh, domain=(-2, 2), modes=("eager", "graph"), **QUICK
    )
    assert report.ok
    assert not report.unproved


def test_a_loop_whose_gradient_lacks_the_half_is_a_defect():
    report = argand.check(
        root_without_half.fn, reference=tf.sqrt, domain=(0.5, 8), modes=("eager",), **QUICK
    )
    assert not report.ok
    assert report.findings[0].brief == "it is off by the factor 2"


def test_an_exact_function_judges_and_is_not_judged():
    report = argand.check(
        tf.math.special.bessel_k0, reference=argand.functions.bessel_k(0), domain=(0.5, 6),
        modes=("eager",), **QUICK,
    )  # fmt: skip
    assert not [f for f in report.findings if f.kind in ("wrong", "formula")]
    with pytest.raises(TargetError, match="erfcx is exact"):
        argand.check(argand.functions.erfcx, **QUICK)
