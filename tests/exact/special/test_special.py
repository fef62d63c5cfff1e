"""argand.functions held against mpmath: value, first and second derivative, real and complex."""

import mpmath as mp
import numpy as np
import pytest

import argand
from argand.exact import functions
from argand.exact.special import SPECIAL

DIGITS = 50
POINTS = 12


def _dawson(z):
    return mp.exp(-z * z) * mp.erfi(z) * mp.sqrt(mp.pi) / 2


def _loggamma(z):
    return mp.log(abs(mp.gamma(z))) if mp.im(z) == 0 else mp.loggamma(z)


# name: (mpmath's function of z and the parameters, sets of parameters, the real interval)
PEERS = {
    "airy_ai": (mp.airyai, [()], (-8, 5)),
    "airy_ai_prime": (lambda z: mp.airyai(z, derivative=1), [()], (-8, 5)),
    "airy_bi": (mp.airybi, [()], (-8, 5)),
    "airy_bi_prime": (lambda z: mp.airybi(z, derivative=1), [()], (-8, 5)),
    "barnes_g": (mp.barnesg, [()], (0.3, 6)),
    "bessel_i": (lambda z, n: mp.besseli(n, z), [(0,), (1,), (0.5,), (2.25,)], (0.1, 20)),
    "bessel_ie": (
        lambda z, n: mp.besseli(n, z) * mp.exp(-abs(mp.re(z))), [(0,), (1,), (2,), (2.25,)],
        (0.1, 20)),
    "bessel_j": (lambda z, n: mp.besselj(n, z), [(0,), (1,), (0.5,), (-3,), (2.25,)], (0.1, 30)),
    "bessel_k": (lambda z, n: mp.besselk(n, z), [(0,), (1,), (0.5,), (2.25,)], (0.1, 20)),
    "bessel_ke": (
        lambda z, n: mp.besselk(n, z) * mp.exp(z), [(0,), (1,), (2.25,)], (0.1, 20)),
    "bessel_y": (lambda z, n: mp.bessely(n, z), [(0,), (1,), (0.5,), (2.25,)], (0.1, 30)),
    "betainc": (
        lambda z, a, b: mp.betainc(a, b, 0, z, regularized=True), [(0.5, 2), (3, 1.25)],
        (0.05, 0.95)),
    "chebyshev_t": (lambda z, n: mp.chebyt(n, z), [(0,), (1,), (5,)], (-1, 1)),
    "chebyshev_u": (lambda z, n: mp.chebyu(n, z), [(0,), (1,), (5,)], (-1, 1)),
    "chi": (mp.chi, [()], (0.1, 10)),
    "ci": (mp.ci, [()], (0.1, 20)),
    "dawson": (_dawson, [()], (-6, 6)),
    "digamma": (mp.digamma, [()], (-4.4, 6)),
    "ei": (mp.ei, [()], (-9, 10)),
    "elliptic_e": (mp.ellipe, [()], (-3, 0.95)),
    "elliptic_k": (mp.ellipk, [()], (-3, 0.95)),
    "erf": (mp.erf, [()], (-4, 4)),
    "erfc": (mp.erfc, [()], (-4, 4)),
    "erfcinv": (lambda z: mp.erfinv(1 - z), [()], (0.05, 1.95)),
    "erfcx": (lambda z: mp.exp(z * z) * mp.erfc(z), [()], (-4, 30)),
    "erfi": (mp.erfi, [()], (-4, 4)),
    "erfinv": (mp.erfinv, [()], (-0.95, 0.95)),
    "expint": (lambda z, n: mp.expint(n, z), [(1,), (2,), (0,), (-2,), (0.5,)], (0.1, 10)),
    "fresnel_c": (mp.fresnelc, [()], (-4, 4)),
    "fresnel_s": (mp.fresnels, [()], (-4, 4)),
    "gamma": (mp.gamma, [()], (-4.4, 6)),
    "gammainc": (
        lambda z, a: mp.gammainc(a, 0, z, regularized=True), [(1,), (0.5,), (3.25,)], (0.1, 10)),
    "gammaincc": (
        lambda z, a: mp.gammainc(a, z, regularized=True), [(1,), (0.5,), (3.25,)], (0.1, 10)),
    "gegenbauer_c": (lambda z, n, m: mp.gegenbauer(n, m, z), [(4, 0.75), (1, 2)], (-1, 1)),
    "hermite_h": (lambda z, n: mp.hermite(n, z), [(0,), (1,), (5,)], (-3, 3)),
    "hurwitz_zeta": (lambda z, s: mp.zeta(s, z), [(2,), (3.5,)], (0.1, 6)),
    "hyp0f1": (lambda z, b: mp.hyp0f1(b, z), [(0.5,), (2,)], (-6, 6)),
    "hyp1f1": (lambda z, a, b: mp.hyp1f1(a, b, z), [(0.5, 1.25), (-2, 3)], (-6, 6)),
    "hyp2f1": (lambda z, a, b, c: mp.hyp2f1(a, b, c, z), [(0.5, 1, 1.5), (2, -0.5, 3)], (-4, 0.9)),
    "hypu": (lambda z, a, b: mp.hyperu(a, b, z), [(0.5, 1.25), (2, 3)], (0.1, 8)),
    "jacobi_p": (lambda z, n, a, b: mp.jacobi(n, a, b, z), [(4, 0.5, 1.5), (1, 0, 0)], (-1, 1)),
    "laguerre_l": (lambda z, n, a: mp.laguerre(n, a, z), [(4, 0.5), (1, 0)], (-3, 8)),
    "lambertw": (lambda z, k: mp.lambertw(z, int(k)), [(0,)], (-0.36, 9)),
    "legendre_p": (lambda z, n: mp.legendre(n, z), [(0,), (1,), (6,)], (-1, 1)),
    "log_ndtr": (lambda z: mp.log(mp.ncdf(z)), [()], (-12, 4)),
    "loggamma": (_loggamma, [()], (-5.5, 9)),
    "ndtr": (lambda z: mp.erfc(-z / mp.sqrt(2)) / 2, [()], (-8, 8)),
    "ndtri": (lambda z: mp.sqrt(2) * mp.erfinv(2 * z - 1), [()], (0.02, 0.98)),
    "polygamma": (lambda z, n: mp.polygamma(int(n), z), [(0,), (1,), (3,)], (0.2, 6)),
    "polylog": (lambda z, s: mp.polylog(s, z), [(2,), (0.5,)], (-0.95, 0.9)),
    "rgamma": (mp.rgamma, [()], (-4.4, 6)),
    "shi": (mp.shi, [()], (-6, 6)),
    "si": (mp.si, [()], (-9, 9)),
    "zeta": (mp.zeta, [()], (-6, 6)),
}  # fmt: skip


def test_every_function_has_a_peer():
    assert set(PEERS) == set(SPECIAL)


def function(name, parameters):
    found = getattr(functions, name)
    return found(*parameters) if parameters else found


def expected(name, z, parameters, k):
    peer = PEERS[name][0]
    with mp.workdps(DIGITS):
        given = [mp.mpf(p) for p in parameters]
        if k == 0:
            return peer(mp.mpmathify(z), *given)
        return mp.diff(lambda t: peer(t, *given), mp.mpmathify(z), k)


def within_an_ulp(got, true, dtype):
    with mp.workdps(DIGITS):
        for a, b in ((got.real, mp.re(true)), (got.imag, mp.im(true))):
            ulp = float(np.spacing(np.abs(np.asarray(float(b), dtype))))
            floor = 1e-35 * float(abs(true))  # mpmath's own zero is not exact
            assert abs(mp.mpf(float(a)) - b) <= ulp + floor, (got, true)


def judged(name, parameters, z, order=2):
    """The certified parts at ``z``, each held against mpmath."""
    e = argand.exact(function(name, parameters), z, order=order)
    if not e.certified:
        return False
    real = np.empty(0, z.dtype).real.dtype
    parts = (e.value, e.dz[0], e.dzdz)
    for k, part in enumerate(parts[: order + 1]):
        true = expected(name, complex(z) if z.dtype.kind == "c" else float(z), parameters, k)
        within_an_ulp(np.asarray(part)[()], true, real)
    return True


CASES = [(name, p) for name, (_, sets, _) in PEERS.items() for p in sets]


FAILED = (ValueError, ArithmeticError, RecursionError, mp.libmp.NoConvergence)
# The origin, whole and half numbers of both signs, what is next to poles, and large numbers.
EDGES = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1.5, -2.5, 2.0**-30, -(2.0**-30), 1 - 2.0**-30,
         -2 + 2.0**-30, 40.0, -40.0, 40.25, -40.25)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_nothing_certified_is_wrong_at_special_points(name, parameters):
    fn = function(name, parameters)
    for x in EDGES[: -4 if name == "gammainc" else None]:  # mpmath takes a minute for the large
        e = argand.exact(fn, x)
        if e.undefined:
            assert not defined(name, x, parameters), x
        if not e.certified:
            continue
        for k, part in enumerate((e.value, e.dz[0])[: 2 - (name == "polylog")]):
            try:
                true = mp.re(expected(name, x, parameters, k))
            except FAILED:
                continue  # mpmath's series does not end
            got = float(part)
            if np.isinf(got):
                assert abs(true) > np.finfo(np.float64).max
            else:
                assert abs(got - true) <= 2.3e-16 * abs(true) + mp.mpf(10) ** -30, (x, k, got)


def defined(name, x, parameters):
    """Whether there are a real value and a slope, as far as numbers on both sides tell."""
    h = mp.mpf(2) ** -60
    try:
        with mp.workdps(DIGITS):
            low, at, high = (PEERS[name][0](x + d, *map(mp.mpf, parameters)) for d in (-h, 0, h))
            values = [mp.mpmathify(v) for v in (low, at, high)]
    except FAILED:
        return False
    if not all(mp.isfinite(v) and abs(mp.im(v)) <= 1e-40 * abs(v) for v in values):
        return False
    left, right = (mp.re(values[1] - values[0]) / h, mp.re(values[2] - values[1]) / h)
    return bool(abs(left - right) < 1e-6 * (1 + abs(left))) and abs(left) < 1e9


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_real_values_and_derivatives_are_mpmaths(name, parameters):
    rng = np.random.default_rng([*name.encode()])
    low, high = PEERS[name][2]
    points = rng.uniform(low, high, 3 if name == "polylog" else POINTS)
    known = [judged(name, parameters, np.float64(x)) for x in points]
    assert all(known)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameters"), [c for c in CASES if not SPECIAL[c[0]].real])
def test_complex_values_and_derivatives_are_mpmaths(name, parameters):
    rng = np.random.default_rng([1, *name.encode()])
    n = 1 if name == "polylog" else POINTS  # mpmath takes seconds
    points = rng.uniform(-3, 3, n) + 1j * rng.uniform(-3, 3, n)
    known = [judged(name, parameters, np.complex128(z)) for z in points]
    assert all(known)
