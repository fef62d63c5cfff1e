"""Taylor coefficients against mpmath."""

import mpmath
import pytest
from flint import acb, arb, ctx, fmpq

from argand.exact.series.taylor import TAYLOR, taylor

ELSEWHERE = {
    "ExpMinusOne": mpmath.expm1,
    "Lgamma": mpmath.loggamma,
    "LogOnePlus": mpmath.log1p,
    "LogOnePlusExp": lambda x: mpmath.log1p(mpmath.exp(x)),
    "OneOverOnePlusExp": lambda x: 1 / (1 + mpmath.exp(-x)),
    "Sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "Softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
}
CENTRES = [fmpq(0), fmpq(1, 2), fmpq(3), fmpq(-3), acb(0.25, 0.125)]


def plain(c):
    """The centre for mpmath."""
    if isinstance(c, fmpq):
        return mpmath.mpf(int(c.p)) / int(c.q)
    return mpmath.mpc(complex(c)) if isinstance(c, acb) else mpmath.mpf(float(c))


@pytest.mark.parametrize("name", TAYLOR)
def test_the_coefficients_are_those_of_the_function(name):
    known = 0
    with ctx.workprec(128), mpmath.workdps(30):
        function = ELSEWHERE.get(name) or getattr(mpmath, name.lower())
        for centre in CENTRES:
            found = taylor(name, centre, 5)
            if found is None:
                continue
            known += 1
            for got, want in zip(found, mpmath.taylor(function, plain(centre), 4), strict=True):
                assert abs(complex(acb(got)) - complex(want)) <= 1e-12 * max(1, abs(want))
    assert known


@pytest.mark.parametrize(
    ("name", "centre"),
    [
        ("Log", fmpq(0)), ("Log", fmpq(-1)), ("Log", acb(-1, 0)), ("Log", arb(1, 2)),
        ("Asin", fmpq(1)), ("Atanh", acb(2, 0)), ("Acosh", fmpq(1)), ("Lgamma", fmpq(-1, 2)),
        ("Tan", arb.pi() / 2), ("Atan", acb(0, 1)), ("Softplus", acb(0, 3.14159)),
    ],
)  # fmt: skip
def test_where_a_function_may_not_be_analytic_there_is_no_series(name, centre):
    assert taylor(name, centre, 5) is None


def test_zeros_of_the_series_at_zero_are_exact():
    assert taylor("Sin", fmpq(0), 4) == (0, 1, 0, fmpq(-1, 6))
    assert taylor("Tanh", fmpq(0), 4) == (0, 1, 0, fmpq(-1, 3))
    assert taylor("Log1p", fmpq(0), 3) == (0, 1, fmpq(-1, 2))
    assert taylor("Erf", fmpq(0), 3)[::2] == (0, 0)
