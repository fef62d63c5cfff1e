"""The lists of special points are right, and what the script asks of argand."""

from types import SimpleNamespace

import mpmath as mp
import pytest
import tensorflow as tf

from benchmarks.scripts import special
from benchmarks.strangers import special_right, special_wrong
from benchmarks.strangers.special_point import special as special_of


@pytest.mark.parametrize(("points", "wrong"), [(special_wrong.ALL, 1), (special_right.ALL, 0)])
def test_the_lists_are_right(points, wrong):
    assert len(points) == len({p.name for p in points}) == 40
    assert {p.name: special.verified(p, bool(wrong)) for p in points} == {
        p.name: "" for p in points
    }


def test_a_false_entry_is_seen():
    def square(x):
        return x * x

    true = special_of(lambda x: x**2, at=1.0, right=2.0)(square)
    assert special.verified(true, False) == ""
    assert special.verified(true, True).startswith("TensorFlow gives [2.0]")
    assert "quotients" in special.verified(special_of(lambda x: x**2, 1.0, 3.0)(square), False)
    kink = special_of(abs, at=0.0, right=1.0)(lambda x: tf.abs(x))
    assert "quotients" in special.verified(kink, True)
    other = special_of(lambda x: 2 * x - 1 + (x - 1) ** 3, 1.0, 2.0)(square)
    assert special.verified(other, False) == "the plain form is another function"


def test_a_complex_entry_holds_four_quotients_of_the_real_part():
    times = special_of(lambda z: 1j * z * mp.conj(z), 1j, 0.0, dtype="complex128")(
        lambda z: tf.complex(tf.zeros_like(tf.math.real(z)), tf.abs(z) ** 2)
    )
    assert special.verified(times, False) == ""


def report(ok, *inputs):
    findings = [SimpleNamespace(kind="wrong", input=i) for i in inputs]
    return SimpleNamespace(ok=ok, findings=findings)


@pytest.mark.parametrize(
    ("given", "wrong", "good"),
    [
        (report(True), True, False),
        (report(False, ("0x0p+0",)), True, True),
        (report(True, ("0x0p+0",)), True, True),
        (report(False, ("0x1p+0",)), True, True),
        (report(True, ("0x1p+0",)), True, False),
        (report(False), True, False),
        (report(True), False, True),
        (report(True, ("0x1p+0",)), False, True),
        (report(True, ("-0x0p+0",)), False, False),
        (report(False, ("0x1p+0",)), False, True),
        (report(False), False, False),
    ],
)
def test_wrong_ones_must_be_found_and_right_ones_raise_nothing(monkeypatch, given, wrong, good):
    monkeypatch.setattr("argand.check", lambda *_, **__: given)
    point = special_wrong.xlogy_constant
    said = []
    assert special.try_list([point], wrong, said.append) == (0 if good else 2)
    assert said[-1].startswith(f"{'wrong' if wrong else 'right'}: {2 if good else 0} of 2")


@pytest.mark.parametrize("wrong", [True, False])
def test_a_refusal_or_a_traceback_is_no_answer(monkeypatch, wrong):
    def raises(*_, **__):
        raise ZeroDivisionError("no")

    monkeypatch.setattr("argand.check", raises)
    assert special.try_list([special_wrong.xlogy_constant], wrong, lambda text: None) == 2
