"""Exact special functions: Arb's values with all their derivatives, one entry a function."""

from argand.exact.special.bessel import BESSEL
from argand.exact.special.entry import SpecialFunction
from argand.exact.special.errors import ERRORS
from argand.exact.special.gammas import GAMMAS
from argand.exact.special.hypergeometric import HYPERGEOMETRIC

SPECIAL: dict[str, SpecialFunction] = BESSEL | ERRORS | GAMMAS | HYPERGEOMETRIC
