"""Kinks of the same first-order part are one symbol."""

import pytest
from flint import acb, arb

from argand.exact.bends.symbols import Symbols, combined, conjugated, finite, normal

FORM = {(0, False): arb(3), (1, False): arb(-6)}


def times(c, form):
    return {at: c * v for at, v in form.items()}


@pytest.mark.parametrize("c", [1, -1, 0.25, -7])
def test_multiples_share_a_symbol(c):
    symbols = Symbols(first=2, room=1)
    direction, first = symbols.add(FORM)
    again, second = symbols.add(times(c, FORM))
    assert direction == again == 2
    assert second == c * first


def test_others_have_symbols_of_their_own_as_long_as_there_is_room():
    symbols = Symbols(first=2, room=3)
    forms = [FORM, FORM | {(1, False): arb(6)}, times(arb("0.1"), FORM)]
    assert [symbols.add(f)[0] for f in forms] == [2, 3, 4]
    with pytest.raises(OverflowError):
        symbols.add(FORM, beside="an edge")


def test_the_slopes_of_a_symbol_of_a_symbol_are_bounded():
    symbols = Symbols(first=2, room=2)
    inner, c = symbols.add(FORM)  # |x − 2y|, as the form is three times that
    outer, _ = symbols.add({(0, False): arb(1), (inner, False): c})  # |x + 3|x − 2y||
    assert abs(symbols.reach(outer, 0)).abs_upper() >= 4
    assert abs(symbols.reach(outer, 1)).abs_upper() >= 6
    assert symbols.reach(inner, 1).contains(-2)
    assert symbols.kinked == [True, True]


def test_zero_parts_are_left_out_and_conjugates_change_places():
    assert combined(arb(2), FORM, arb(-2), FORM) == {}
    z = {(0, False): acb(1, 2), (1, False): acb(3, -1)}
    assert conjugated(z, [False, True]) == {(0, True): acb(1, -2), (1, False): acb(3, 1)}
    assert normal(conjugated(z, [False, True]))[1] == 1
    assert finite(FORM)
    assert not finite({(0, False): arb("nan")})
