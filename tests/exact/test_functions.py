"""argand.functions: what names them, and what they refuse."""

import numpy as np
import pytest

import argand
from argand.exact import functions
from argand.exact.special import SPECIAL
from argand.subject import TargetError
from argand.targets import resolve


@pytest.mark.parametrize(
    "text", ["bessel_j:0.5", "bessel_j(0.5)", "argand.functions.bessel_j:0.5",
             "argand.functions:bessel_j(0.5)"],
)  # fmt: skip
def test_the_command_line_writes_a_function_with_its_parameters(text):
    assert resolve(text) == argand.functions.bessel_j(0.5)
    assert resolve(text).__name__ == "bessel_j:0.5"


def test_a_function_without_parameters_is_its_name():
    assert resolve("erfcx") == argand.functions.erfcx
    assert argand.functions.gamma(5) == 24
    assert {"erfcx", "names"} <= {*dir(functions)}
    assert len(functions.names()) == len(SPECIAL)
    assert functions.names()["betainc(a, b)"].startswith("the regularized incomplete beta")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: resolve("bessel_j"), r"parameters \(order\), and 0 are given"),
        (lambda: resolve("bessel_j:a"), "'a' are not numbers"),
        (lambda: argand.functions.polygamma(0.5), "order is one of 0, 1"),
        (lambda: argand.functions.hyp1f1(1, -2), "last parameter is 0, -1"),
        (lambda: argand.functions.bessel_j(np.inf), "not finite"),
        (lambda: argand.exact(argand.functions.erfcx, 1.0, 2.0), "function of one input"),
        (lambda: argand.exact(argand.functions.erfinv, 1j), "real tensors only"),
    ],
)
def test_what_it_does_not_take_is_refused(call, words):
    with pytest.raises(TargetError, match=words):
        call()
    with pytest.raises(AttributeError, match="it has airy_ai"):
        functions.nothing  # noqa: B018


def test_rows_are_taken_entry_by_entry():
    x = np.array([[0.5, 1.0], [2.0, 3.0]])
    e = argand.exact(argand.functions.erfcx, x, upstream=np.ones_like(x), core=1)
    assert e.certified.all()
    assert np.array_equal(e.value, argand.functions.erfcx(x))


def test_on_a_cut_the_sign_of_zero_names_the_side():
    k0 = argand.functions.bessel_k(0)
    above, below = (argand.exact(k0, complex(-2.5, zero)) for zero in (0.0, -0.0))
    assert above.value == below.value.conjugate()
    assert above.value.imag < 0
    assert argand.exact(argand.functions.bessel_k(0), -2.5).undefined
    assert argand.exact(argand.functions.bessel_ie(0), 0.0).undefined  # a kink
    assert argand.exact(argand.functions.bessel_ie(0), -2.0).dz[0] > 0
