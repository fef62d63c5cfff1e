"""What operations make of germs, against the functions themselves a little beside the point."""

import math

import pytest
from flint import acb, arb, fmpq

from argand.exact.series.germ import NOWHERE, Germ, number, small
from argand.exact.series.signs import Near
from argand.exact.series.steps import stepped

X = Germ(2, (fmpq(1),), None, False)  # t², as a real step is
MINUS_X = Germ(2, (fmpq(-1),), None, False)
Z = Germ(1, (fmpq(1),), None, True)
T = 2.0**-10


def moved(by):
    """``by`` and a real step."""
    return stepped("AddV2", [arb(by), X], True)


def at(germ):
    return sum(float(arb(c)) * T ** (germ.low + k) for k, c in enumerate(germ.terms))


@pytest.mark.parametrize(
    ("name", "start", "want"),
    [
        ("Sqrt", 4, math.sqrt), ("Sqrt", 0, math.sqrt), ("Rsqrt", 4, lambda v: v**-0.5),
        ("Rsqrt", 0, lambda v: v**-0.5), ("Square", 3, lambda v: v * v), ("Abs", -2, abs),
        ("Relu", -2, lambda v: 0.0), ("Relu", 0, lambda v: v), ("Relu6", 7, lambda v: 6.0),
        ("Sign", -1, lambda v: -1.0), ("Floor", 2, math.floor), ("Floor", 0.5, math.floor),
        ("Ceil", 2, math.ceil), ("Round", 0.5, lambda v: 1.0), ("Reciprocal", 0, lambda v: 1 / v),
        ("Exp", 1, math.exp), ("Log", 1, math.log), ("Erf", 0, math.erf),
    ],
)  # fmt: skip
def test_a_step_is_what_the_function_does_beside_the_point(name, start, want):
    assert at(stepped(name, [moved(start)], True)) == pytest.approx(want(start + T * T), rel=1e-12)


@pytest.mark.parametrize(
    ("start", "w", "want"),
    [(0, 3, 3), (2, -2, -2), (0, 1.5, 1.5), (3, 0.25, 0.25), (0, 0, 0)],
)
def test_powers(start, w, want):
    got = at(stepped("Pow", [moved(start), number(fmpq(int(w * 4), 4))], True))
    assert got == pytest.approx((start + T * T) ** want, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Sqrt", [MINUS_X]), ("Log", [MINUS_X]), ("Log", [number(-1)]),
        ("Pow", [MINUS_X, number(fmpq(1, 2))]), ("RealDiv", [number(0), number(0)]),
        ("Acosh", [moved(0)]), ("AddV2", [NOWHERE, None]),
        ("Rsqrt", [number(0)]),
    ],
)  # fmt: skip
def test_where_there_is_no_value_beside_the_point_that_is_known(name, given):
    assert stepped(name, given, True) is NOWHERE


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Asin", [moved(1)]), ("Sqrt", [small(2, False)]), ("Abs", [None]), ("Lgamma", [moved(-1)]),
        ("Pow", [MINUS_X, X]), ("Exp", [stepped("Reciprocal", [X], True)]),
        ("Floor", [stepped("AddV2", [number(1), small(2, False)], True)]), ("Polygamma", [X, X]),
    ],
)  # fmt: skip
def test_what_is_not_followed_is_not_known(name, given):
    assert stepped(name, given, True) is None


@pytest.mark.parametrize(
    ("name", "truth"),
    [("Less", False), ("LessEqual", False), ("Greater", True), ("GreaterEqual", True),
     ("Equal", False), ("NotEqual", True)],
)  # fmt: skip
def test_comparisons_hold_beside_the_point(name, truth):
    assert stepped(name, [X, number(0)], True) is truth
    assert stepped(name, [small(2, False), number(0)], True) is None
    same = name in ("LessEqual", "GreaterEqual", "Equal")
    assert stepped(name, [moved(1), moved(1)], True) is same


def test_small_and_bounded_things_stay_so():
    pole = stepped("Reciprocal", [X], True)
    wave = stepped("Sin", [pole], True)
    assert wave == small(0, False)
    assert stepped("Mul", [X, wave], True) == small(2, False)
    assert stepped("Exp", [stepped("Neg", [pole], True)], True).at(4) == 0
    assert stepped("Tanh", [pole], True).at(0) == 1
    assert stepped("Mul", [X, stepped("Log", [X], True)], True).at(0) == 0


def test_around_a_point_of_the_plane_only_holomorphic_steps_are_followed():
    assert stepped("Conj", [Z], False) is None
    assert stepped("Conj", [number(2, True)], False) == number(2, True)
    assert stepped("Sqrt", [stepped("Square", [Z], False)], False) is None
    assert stepped("Sin", [stepped("Reciprocal", [Z], False)], False) is None
    size = stepped("ComplexAbs", [Z], False)
    assert size == Near(arb(0), above=True)
    assert stepped("Greater", [size, number(0)], False) is True
    assert stepped("Less", [size, number(fmpq(1, 8))], False) is True
    assert stepped("Less", [stepped("Real", [Z], False), number(0)], False) is None
    assert stepped("Square", [size], False) is None
    assert stepped("Equal", [Z, number(0, True)], False) is False


def test_along_a_line_the_parts_of_a_complex_number_are_followed():
    z = stepped("Complex", [X, moved(3)], True)
    assert z.whole
    assert z.at(0) == acb(0, 3)
    assert stepped("Imag", [stepped("Conj", [z], True)], True).at(0) == -3
    assert at(stepped("ComplexAbs", [z], True)) == pytest.approx(abs(complex(T**2, 3 + T**2)))


def test_an_operand_that_is_not_needed_may_be_nowhere():
    assert stepped("SelectV2", [True, X, NOWHERE], True) == X
    assert stepped("SelectV2", [None, X, X], True) is None
    assert stepped("MulNoNan", [NOWHERE, number(0)], True).zero
    assert stepped("Xlogy", [number(0), X], True).zero
    assert stepped("DivNoNan", [X, number(0)], True).zero
    assert stepped("LogicalAnd", [None, False], True) is False
