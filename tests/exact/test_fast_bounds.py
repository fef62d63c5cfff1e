"""Every kernel's bound holds against Arb, on lanes of all kinds; a bound cut down is caught."""

import numpy as np
import pytest
from flint import arb, ctx

from argand.exact.fast import kernels, logarithm, reals
from argand.exact.fast.kernels import E, H, K, L
from argand.exact.fast.reals import Real
from argand.exact.rounding import round_balls

LANES = 100_000


def lanes(rng, exponents, n=LANES, low=True):
    """Exact lanes: heads over [1, 2) with short ones and ends, low parts of every size or none."""
    h = 1 + rng.integers(0, 2**52, n) * 2.0**-52
    short = rng.random(n) < 0.2
    h = np.where(short, 1 + rng.integers(0, 2**9, n) * 2.0**-9, h)
    h = np.where(rng.random(n) < 0.05, 2 - 2.0**-52, h)
    lo = np.zeros(n)
    if low:
        size = np.where(rng.random(n) < 0.7, rng.uniform(-54, -53.1, n), rng.uniform(-120, -54, n))
        lo = np.exp2(size) * rng.choice([-1.0, 1.0], n) * (rng.random(n) < 0.8)
    signs, k = rng.choice([-1.0, 1.0], n), rng.integers(*exponents, n, endpoint=True)
    rows = np.array([h * signs, lo, np.zeros(n), k.astype(float)])
    s = rows[H] + rows[L]
    rows[L] -= s - rows[H]
    rows[H] = s
    for off, factor in ((np.abs(rows[H]) >= 2, 0.5), (np.abs(rows[H]) < 1, 2.0)):
        rows[:2, off] *= factor  # h + lo was rounded into the next binade
        rows[K, off] -= np.log2(factor)
    return rows


def blurred(rng, rows):
    """The lanes with errors, many at their ends, and the numbers (in units of 2^k) meant."""
    n = rows.shape[1]
    rows = np.ascontiguousarray(rows)
    rows[E] = np.exp2(rng.uniform(-110, -30, n)) * (rng.random(n) < 0.4)
    off = rows[E] * rng.choice([-1.0, 1.0, 0.5, 0.0], n)
    return rows, [
        (arb(a) + arb(b) + arb(t)) * arb(2) ** int(c)
        for a, b, c, t in zip(*(x.tolist() for x in (rows[H], rows[L], rows[K], off)), strict=True)
    ]


def worst(rows, exact):
    """The largest error as a part of its bound (above 1: the bound is wrong), and the share of
    lanes that are known; the exact values are balls of hundreds of bits."""
    share = []
    h, lo, e, k = rows
    for x, a, b, bound, c in zip(exact, *(r.tolist() for r in (h, lo, e, k)), strict=True):
        if np.isnan(bound) or not x.is_finite():
            continue
        error = abs(x - (arb(a) + arb(b)) * arb(2) ** int(c)) / arb(2) ** int(c)
        if bound == 0:
            share.append(0.0 if float(error.mid()) < 2.0**-300 else np.inf)
        else:
            share.append(float((error / bound).upper()))
    return max(share), len(share) / len(exact)


def two(rng, exponents):
    a, b = lanes(rng, exponents), lanes(rng, exponents)
    near = rng.random(LANES) < 0.3  # cancellation, from all digits to few
    b[:, near] = a[:, near]
    b[0, near] *= -1
    b[1, near] *= rng.choice([-1.0, 1.0, 0.5], near.sum())
    b[K] += near * rng.choice([0, 0, 1, 60, 110], LANES)
    return a, b


def angles(rng):
    """Doubles and pairs, a third beside multiples of π/2, up to 2¹⁸⁰⁰."""
    rows = lanes(rng, (-80, 30))
    n = LANES // 3
    rows[:, :n] = lanes(rng, (20, 1800), n)
    with ctx.workprec(300):
        for i, m in enumerate(1 + (rng.integers(0, 2**40, n) >> rng.integers(0, 40, n))):
            x = arb.pi() / 2 * int(m)
            head = float(x.mid())
            low = float((x - head).mid()) * rng.choice([0, 1])
            rows[:, n + i] = reals.real(np.array([head])).rows[:, 0]
            rows[L, n + i] = np.ldexp(low, -int(rows[K, n + i]))
    return rows


SUMS, PRODUCTS = (-150, 150), (-2000, 2000)
BINARY = {
    "add": (kernels.add, SUMS, lambda a, b: a + b),
    "multiply": (kernels.multiply, PRODUCTS, lambda a, b: a * b),
    "divide": (kernels.divide, PRODUCTS, lambda a, b: a / b),
}


def exponents_of(low, high):
    return lambda rng: lanes(rng, (low, high))


def positive(low, high):
    def draw(rng):
        rows = lanes(rng, (low, high))
        rows[:2] *= np.sign(rows[H])
        return rows

    return draw


def beside_one(rng):
    rows = positive(-3, 3)(rng)
    n = LANES // 2
    rows[:, :n] = kernels.add(lanes(rng, (-60, -2), n), reals.real(np.ones(n)).rows)
    rows[E] = 0
    return rows


UNARY = {
    "square_root": (kernels.square_root, positive(-2000, 2000), lambda x: x.sqrt()),
    "exponential": (kernels.exponential, exponents_of(-500, 12), lambda x: x.exp()),
    "expm1_small": (kernels.expm1_small, exponents_of(-500, -2), lambda x: x.expm1()),
    "expm1": (lambda a: reals.expm1(Real(a)).rows, exponents_of(-150, 9), lambda x: x.expm1()),
    "sine": (lambda a: kernels.sine_cosine(a)[0], angles, lambda x: x.sin()),
    "cosine": (lambda a: kernels.sine_cosine(a)[1], angles, lambda x: x.cos()),
    "sinh": (lambda a: reals.sinh_cosh(Real(a))[0].rows, exponents_of(-90, 9), lambda x: x.sinh()),
    "cosh": (lambda a: reals.sinh_cosh(Real(a))[1].rows, exponents_of(-90, 9), lambda x: x.cosh()),
    "log": (lambda a: logarithm.log(Real(a)).rows, beside_one, lambda x: x.log()),
    "log far": (
        lambda a: logarithm.log(Real(a)).rows, positive(-2000, 2000), lambda x: x.log()),
    "log1p": (
        lambda a: logarithm.log1p(Real(a)).rows, positive(-300, 30), lambda x: x.log1p()),
}  # fmt: skip


def run(name, rng, n=None):
    """(rows, exact values) of a kernel on drawn lanes."""
    with ctx.workprec(3000 if name in ("sine", "cosine", "cosh", "sinh") else 700):
        if name in BINARY:
            kernel, exponents, exact = BINARY[name]
            (a, x), (b, y) = (blurred(rng, rows[:, :n]) for rows in two(rng, exponents))
            return kernel(a, b), list(map(exact, x, y))
        kernel, draw, exact = UNARY[name]
        a, x = blurred(rng, draw(rng)[:, rng.permutation(LANES)[:n]])
        return kernel(a), list(map(exact, x))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*BINARY, *UNARY])
def test_the_bound_holds(name):
    rows, exact = run(name, np.random.default_rng(5))
    with ctx.workprec(3000):
        error, known = worst(rows, exact)
    assert error <= 1
    assert error > 2.0**-12  # and says something
    assert known > 0.8


@pytest.mark.parametrize("name", [*BINARY, *UNARY])
def test_a_bound_cut_down_is_caught(name):
    rows, exact = run(name, np.random.default_rng(6), 3000)
    rows[E] *= 2.0**-14
    with ctx.workprec(3000):
        assert worst(rows, exact)[0] > 1


@pytest.mark.parametrize(("quadrant", "n"), [("right", 3), ("left", 3), ("thin", 300)])
def test_the_angle_has_a_bound(quadrant, n):
    rng = np.random.default_rng(7)
    y, x = lanes(rng, (-n, n), 20_000), lanes(rng, (-n, n), 20_000)
    x[:2] *= np.sign(x[H]) * (-1 if quadrant == "left" else 1)
    with ctx.workprec(1500):
        (y, ys), (x, xs) = blurred(rng, y), blurred(rng, x)
        rows = logarithm.angle(Real(y), Real(x)).rows
        error, known = worst(rows, [arb.atan2(b, a) for a, b in zip(xs, ys, strict=True)])
    assert 2.0**-12 < error <= 1
    assert known > 0.9


FORMATS = {"float32": (24, -149, 127), "float64": (53, -1074, 1023)}


def edges(rng, digits, least, largest, n=LANES):
    """Lanes at and beside ties and powers of two, in all the range and past its ends."""
    places = (least - 6, largest + 3)
    rows = lanes(rng, places, n)
    rows[K] = np.where(rng.random(n) < 0.3, rng.integers(*places, n), rows[K])
    rows[K] = np.where(rng.random(n) < 0.2, rng.integers(least - 6, least + digits, n), rows[K])
    quantum = np.exp2(np.clip(np.maximum(1.0 - digits, least - rows[K]), None, 3))
    tie = (np.floor(1 / quantum) + rng.integers(0, 4, n) + rng.choice([0, 0.5, 0.25], n)) * quantum
    near = (rng.random(n) < 0.6) & (tie >= 1) & (tie < 2)
    rows[H] = np.where(near, tie * np.sign(rows[H]), rows[H])
    rows[L] = np.where(near & (rng.random(n) < 0.4), 0, rows[L])
    s = rows[H] + rows[L]
    fits = (np.abs(s) >= 1) & (np.abs(s) < 2)
    rows[L] = np.where(fits, rows[L] - (s - rows[H]), 0)
    rows[H] = np.where(fits, s, rows[H])
    rows[E] = np.exp2(rng.uniform(-110, -1, n)) * (rng.random(n) < 0.7)
    return np.ascontiguousarray(rows)


@pytest.mark.parametrize("dtype", FORMATS)
def test_what_the_lanes_round_surely_arb_rounds_alike(dtype):
    rng = np.random.default_rng(8)
    rows = edges(rng, *FORMATS[dtype])
    sure = np.ones(LANES, bool)
    out = reals.rounded(Real(rows), np.dtype(dtype), np.ones(LANES, bool), sure)
    with ctx.workprec(400):
        balls = np.empty(LANES, object)
        balls[:] = [
            arb(arb(h) + arb(lo), e) * arb(2) ** int(k)
            for h, lo, e, k in zip(*(r.tolist() for r in rows), strict=True)
        ]
        exact, certain = round_balls(balls, dtype, any_zero=False)
    assert certain[sure].all()
    assert 0.2 < sure.mean() < 0.95
    assert sure.sum() > 0.85 * certain.sum()
    with np.errstate(over="ignore"):
        mine = out.astype(dtype)
    np.testing.assert_array_equal(mine[sure].view(np.uint8), exact[sure].view(np.uint8))
    for special in (mine == 0, np.isinf(mine), np.abs(mine) < np.finfo(dtype).tiny):
        assert (special & sure).sum() > 50


def test_subnormals_are_kept_in_this_thread():
    assert kernels.keeps_ieee()
