"""The answer: whether a function is right, safe and accurate, in a line each."""

import pytest
import tensorflow as tf

import argand
from argand.check.answer import LIMITED, OPEN, RIGHT, WRONG

QUICK = {"modes": ["eager"], "samples": 192}


def answered(fn, dtype="float64", **options):
    (found,) = argand.check(fn, dtypes=[dtype], **(QUICK | options)).answer.values()
    return found


def gaussian(factor):
    @tf.custom_gradient
    def fn(z):
        w = tf.exp(-z * z)
        return w, lambda u: u * tf.math.conj(factor * z * w)

    return fn


@pytest.fixture(scope="module")
def right():
    return argand.check(gaussian(-2.0), dtypes=["complex64"], **QUICK)


def test_a_right_gradient_is_proved_and_its_range_is_told(right):
    found = right.answer["fn"]
    assert found.right.mark == RIGHT
    assert "the formula is proved right" in found.right.told
    assert found.safe.mark == LIMITED
    assert "fails beyond |Re z| = " in found.safe.told or "|Im z| = " in found.safe.told
    assert found.accurate.told.startswith(("1", "2", "3", "4"))
    assert right.ok


def test_the_edge_is_the_last_float_that_passes(right):
    edges = right.answer["fn"].facts["complex64"].box.edges
    real = next(e for e in edges if e.name == "|Re z|" and e.outward)
    # exp(−x²) is subnormal from x = 9.34 on, and TensorFlow's kernels then give 0.
    assert 8.5 < real.size < 10.5
    assert real.verdict in ("spurious_underflow", "spurious_overflow", "spurious_nan", "wrong")


def test_the_first_screen_is_short(right):
    lines = str(right).splitlines()
    assert len(lines) <= 20
    assert lines[0].startswith("fn(z)   complex64 · eager · whole plane   ")
    assert all(len(line) <= 100 for line in lines[:-1])


def test_the_html_has_each_line_escaped(right):
    page = right._repr_html_()
    assert page.count("<tr>") == len(right.answer["fn"].lines) == 4
    assert "the formula is proved right" in page
    assert "<script" not in page


@pytest.mark.parametrize("factor", [-1.0, 2.0, -1.96])
def test_a_wrong_gradient_is_not_asked_for_its_range(factor):
    found = answered(gaussian(factor), "complex64")
    assert found.right.mark == WRONG
    assert "the formula is wrong" in found.right.told
    assert (found.safe.mark, found.accurate.mark) == (OPEN, OPEN)


def test_what_is_right_for_real_tensors_is_judged_in_them():
    @tf.custom_gradient
    def author(x):
        w = tf.exp(-x * x)
        return w, lambda u: u * (-2 * x * w)

    report = argand.check(author, **QUICK)
    assert report.by_kind.startswith("right for real tensors; for complex ones the conjugate")
    found = report.answer["author"]
    assert "wrong in complex64, complex128" in found.right.told
    assert "(float64)" in found.safe.told
    assert "complex" not in found.safe.told


def test_a_mode_that_loses_half_of_the_digits_is_not_right():
    found = answered(tf.sqrt, "complex128", modes=["eager", "xla"])
    assert found.right.mark == WRONG
    assert "not right in xla" in found.right.told


def test_what_a_right_gradient_loses_and_gains_is_told(right):
    told = right.answer["fn"].auto.told
    assert "lost" in told
    assert "gained" in told
    assert answered(tf.exp).auto is None


def test_nothing_fails_of_a_line():
    found = answered(lambda x: 3 * x)
    assert found.safe.mark == RIGHT
    assert found.accurate.mark == RIGHT


def test_lost_digits_are_told_where_conditioning_does_not_explain_them():
    found = answered(lambda x: (1 + x) - 1, domain=(0, 1e-3))
    assert found.accurate.mark == WRONG
    excused = answered(lambda x: x * x - 1, domain=(0.5, 2))
    assert excused.accurate.mark == RIGHT


def test_a_formula_that_cannot_be_followed_is_not_called_right():
    @tf.custom_gradient
    def opaque(x):
        def grad(u):
            return tf.numpy_function(lambda u, x: u * 2 * x, [u, x], x.dtype)

        return x * x, grad

    found = answered(opaque)
    assert found.right.mark != RIGHT
    assert "proved right" not in found.right.told


def test_a_domain_holds_or_fails_inside():
    held = answered(gaussian(-2.0), "float64", domain=(-3, 3))
    assert held.safe.mark == RIGHT
    lost = answered(gaussian(-2.0), "float64", domain=(-40, 40))
    assert lost.safe.mark == WRONG
