"""Jets: what operations make of their bounds, and what they refuse."""

from fractions import Fraction
from math import inf

import pytest
from flint import acb, arb, fmpq

from argand.exact.series.around import Around
from argand.exact.series.germ import series
from argand.exact.series.jets import Jet, bounded, direction, joined, modulus, power, real_part

X, Y = direction(arb(0), 0), direction(arb(0), 1)
Z = direction(acb(0), 2)
REAL = [True, True, False]


def size(v):
    """The start, the form and the order."""
    return v.start, {i: v for (i, _), v in v.form.items()}, v.order


@pytest.mark.parametrize(
    ("jet", "start", "form", "order"),
    [
        (X, 0, {0: 1}, inf), (X + fmpq(2) * Y, 0, {0: 1, 1: 2}, inf), (X * X, 0, {}, 2),
        ((X + fmpq(2)) * (Y + fmpq(3)), 6, {0: 3, 1: 2}, 2), (X * X * Y, 0, {}, 3),
        (fmpq(1) / (X + fmpq(2)), fmpq(1, 2), {0: fmpq(-1, 4)}, 2),
        (X * bounded(False, False), 0, {}, 1), (X * X * bounded(False, False), 0, {}, 2),
        (power(X * X + Y * Y, fmpq(1, 2)), 0, {}, 1), (power(X * X, fmpq(3, 4)), 0, {}, 1.5),
        (power(Z, fmpq(1, 2)), 0, {}, 0.5), (power(X + fmpq(4), fmpq(1, 2)), 2, {0: 0.25}, 2),
        (modulus(X, REAL), 0, {}, 1), (modulus(X * Y, REAL), 0, {}, 2),
        (joined(X, Y), 0, {}, 1), (joined(X, X + Y * Y), 0, {0: 1}, 2),
        (joined(X * X, Y), 0, {}, 1),
        (joined(X, fmpq(1)), 0, {}, 0),
    ],
)  # fmt: skip
def test_a_bound_is_that_of_all_that_is_left_out(jet, start, form, order):
    assert size(jet) == (start, {i: arb(v) for i, v in form.items()}, order)
    assert isinstance(jet.order, (int, Fraction)) or jet.order == inf


def test_what_cancels_or_does_not_move_is_a_number():
    assert X - X == 0
    assert X * fmpq(0) == 0
    assert isinstance(X * X - X * X, Jet)  # of what is left out nothing is known


@pytest.mark.parametrize("v", [X, X * Y, X * X - Y * Y, X * X * X])
def test_there_is_no_root_of_what_may_be_negative(v):
    assert power(v, fmpq(1, 2)) is None


def test_the_square_of_a_complex_number_may_be_negative():
    assert not (Z * Z).positive
    assert not (X * Z * X * Z).positive
    assert (X * X).positive
    assert real_part(Z, REAL).form.keys() == {(2, False), (2, True)}


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        ("RealDiv", [X * X, X]), ("Reciprocal", [X]), ("DivNoNan", [X, Y]), ("Log", [X]),
        ("Rsqrt", [X * X]), ("Xlogy", [X, Y * Y]), ("Floor", [X]), ("Angle", [Z]),
        ("Pow", [X, Y]), ("Sin", [bounded(False, False)]),
    ],
)  # fmt: skip
def test_what_may_have_no_value_or_no_bound_is_not_known(name, operands):
    germs = [series(0, [v], None, v.whole) for v in operands]
    assert Around(REAL, True).stepped(name, germs) is None


@pytest.mark.parametrize("name", ["Less", "Equal", "Greater", "NotEqual"])
def test_no_sign_is_known_of_what_goes_to_0(name):
    germs = [series(0, [v], None, False) for v in (X * X, fmpq(0))]
    assert Around(REAL, True).stepped(name, germs) is None
