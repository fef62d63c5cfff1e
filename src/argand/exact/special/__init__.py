"""Exact special functions: Arb's values with all their derivatives, one entry a function."""

from argand.exact.special.bessel import BESSEL
from argand.exact.special.errors import ERRORS
from argand.exact.special.gammas import GAMMAS
from argand.exact.special.hypergeometric import HYPERGEOMETRIC
from argand.exact.special.special import Special

SPECIAL: dict[str, Special] = BESSEL | ERRORS | GAMMAS | HYPERGEOMETRIC
