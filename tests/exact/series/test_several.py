"""Derivatives of values of several elements: right claims, and random programs against the law.

The law: of a claimed derivative d, f(p + h) − f(p) − d·h is o(|h|) along lines, along the sets on
which guards hold, and along curves.
"""

import mpmath
import numpy as np
import pytest
import tensorflow as tf

import argand
from argand.exact.reference import STATES

m = tf.math


def state(fn, *at, **more):
    got = argand.exact(fn, *(np.array([v]) for v in at), upstream=1.0, **more)
    return STATES[int(np.ravel(got.state)[0])], got


def guard(at, other, fn):
    """``fn`` of what is not 0, else ``other``: with two wheres, as people write it."""
    there = tf.equal(at, 0)
    safe = tf.where(there, tf.ones_like(at), at)
    return tf.where(there, other, fn(safe))


def ball_map(v):
    """v·|v|²·tanh(|v|²)/|v|²."""
    r = tf.reduce_sum(v * v, -1, keepdims=True)
    return v * tf.where(r > 0, m.tanh(r) / r, tf.ones_like(r))


@pytest.mark.parametrize(
    ("fn", "at", "slopes"),
    [
        (lambda x, y: m.divide_no_nan(x * y * y, y), (2, 0), (0, 2)),
        (lambda x, y: m.divide_no_nan(x * y * y, y), (0, 0), (0, 0)),
        (lambda x, y: m.divide_no_nan(x * x * y, y), (0, 0), (0, 0)),  # x² or 0
        (lambda x, y: m.divide_no_nan(tf.exp(x) * m.sin(y) ** 2, y), (0, 0), (0, 1)),
        (lambda x, y: m.divide_no_nan(x * y**3, m.tanh(y)), (3, 0), (0, 0)),
        (lambda x, y: m.divide_no_nan(x * (1 - m.cos(y)), y), (4, 0), (0, 2)),
        (lambda x, y: m.divide_no_nan(x * (x - y) ** 2, x - y), (2, 2), (2, -2)),
        (lambda x, y: guard(y, x, lambda s: m.sin(s * x) / s), (3, 0), (1, 0)),
        (lambda x, y: guard(y, x, lambda s: m.expm1(s * x) / s), (3, 0), (1, 4.5)),
        (lambda x, y: guard(y - 1, x * x, lambda s: x * m.log1p(s * x) / s), (2, 1), (4, -4)),
        (lambda x, y: guard(y, 1 + x, lambda s: (x * s + s) / s), (2, 0), (1, 0)),
        (lambda x, y: guard(y, tf.zeros_like(x), lambda s: x * s * s / m.abs(s)), (0, 0), (0, 0)),
        (lambda x, y: guard(y, x * x, lambda s: x * m.sin(s * x) / s + s * s), (1, 0), (2, 0)),
        (lambda x, y: guard(y, x * 0, lambda s: m.sqrt(m.abs(s)) * x), (0, 0), (0, 0)),
        (lambda x, y: m.multiply_no_nan(x / y, y * y), (3, 0), (0, 3)),
        (lambda x, y: m.xdivy(y * y * x, y), (3, 0), (0, 3)),
        (lambda x, y: m.sqrt(x**4 + y**4), (0, 0), (0, 0)),
        (lambda x, y: m.sqrt((x * x) ** 2 + (y * y) ** 2) + x, (0, 0), (1, 0)),
        (lambda x, y: m.sqrt(m.square(x * y)) * (1 + x), (0, 0), (0, 0)),  # |x·y|
        (lambda x, y: (m.square(x) + y**4) ** 0.75, (0, 0), (0, 0)),
        (lambda x, y: m.sqrt(x**4 + y**4) * m.sign(x), (0, 0), (0, 0)),
        (lambda x, y: m.sqrt(x**4 + y**4 + 0.0 * x) - y, (0, 0), (0, -1)),
        (lambda x, y: x * m.sqrt(m.sqrt(x**4 + y**4)), (0, 0), (0, 0)),
        (lambda x, y: m.sqrt(m.maximum(x * x, y**4) ** 2), (0, 0), (0, 0)),
        (lambda x, y: tf.where(x > y, x * x, y * y), (0, 0), (0, 0)),
        (lambda z, w: m.divide_no_nan(z * w * w, w), (2 + 1j, 0j), (0, 2 + 1j)),
        (lambda z, w: m.divide_no_nan(m.conj(z) * w * w, w), (2 + 1j, 0j), (0, 2 - 1j)),
        (lambda z, w: m.sqrt(z**4 + m.conj(w) ** 4), (0j, 0j), (0, 0)),
        (lambda z, w: m.sqrt(m.abs(z) ** 4 + m.abs(w) ** 4), (0j, 0j), (0, 0)),
    ],
)  # fmt: skip
def test_what_has_a_derivative(fn, at, slopes):
    found, got = state(fn, *(v if isinstance(v, complex) else float(v) for v in at))
    assert found == "certified"
    np.testing.assert_allclose([d[0] for d in got.dz], slopes, rtol=1e-15)
    if not np.iscomplexobj(np.array(at)):
        assert not np.any([d[0] for d in got.dzbar])


@pytest.mark.parametrize(
    ("fn", "at"),
    [
        (lambda x, y: m.sqrt(x**2 + y**2), (0, 0)),
        (lambda x, y: m.sqrt(m.abs(x * y)), (0, 0)),
        (lambda x, y: m.sqrt(m.square(x * y)) / (x * x + y * y), (0, 0)),
        (lambda x, y: m.divide_no_nan(x * y, x * x + y * y), (0, 0)),
        (lambda x, y: m.divide_no_nan(x * x * y, x * x + y * y), (0, 0)),
        (lambda x, y: m.divide_no_nan(x * y, m.sqrt(x * x + y * y)), (0, 0)),
        (lambda x, y: m.divide_no_nan(m.abs(x) * m.abs(y), m.abs(x) + m.abs(y)), (0, 0)),
        (lambda x, y: m.divide_no_nan(x * y, y), (2, 0)),  # a jump
        (lambda x, y: m.divide_no_nan(x * y, y), (0, 0)),  # x, but 0 on the line y = 0
        (lambda x, y: m.divide_no_nan(x * (x - y), x - y), (0, 0)),  # the same, on x = y
        (lambda x, y: guard(y, 2 * x, lambda s: m.sin(s * x) / s), (0, 0)),
        (lambda x, y: guard(y, 4.0 + 0 * x, lambda s: x * x * m.sin(s) / s), (2, 0)),  # 4 on y = 0
        (lambda x, y: guard(y, x, lambda s: x + m.abs(s)), (2, 0)),
        (lambda x, y: guard(y, x * 0, lambda s: m.sqrt(m.abs(s)) * x), (1, 0)),
        (lambda x, y: m.sqrt(x**3 + y**3), (0, 0)),  # no value beside
        (lambda x, y: (x**4 + y**4) ** 0.25, (0, 0)),
        (lambda x, y: m.sqrt(x**4 - y**4), (0, 0)),
        (lambda x, y: m.sign(x) * m.sqrt(x**2 + y**2), (0, 0)),
        (lambda z, w: m.divide_no_nan(z * w * m.conj(w), w), (2 + 1j, 0j)),
        (lambda z, w: m.divide_no_nan(z * w, w), (0j, 0j)),
        (lambda z, w: m.sqrt(z**2 + w**2), (0j, 0j)),
        (lambda z, w: m.sqrt(m.sqrt(z * m.conj(z) + w * m.conj(w)) ** 2), (0j, 0j)),
        (lambda x, y: m.sqrt(m.divide_no_nan(x * y**3, y)), (2, 0)),
        (lambda z, w: m.sqrt(m.abs(z) ** 2 + m.abs(w) ** 2), (0j, 0j)),
    ],
)  # fmt: skip
def test_what_has_none_or_is_not_known_is_not_claimed(fn, at):
    assert state(fn, *(v if isinstance(v, complex) else float(v) for v in at))[0] != "certified"


@pytest.mark.parametrize(
    ("fn", "at"),
    [
        (lambda x, y: m.sqrt(x * x + y * y) - m.abs(x) - m.abs(y), (0.0, 0.0)),
        (lambda x, y: m.sqrt(x * x + y * y) - m.sqrt(x * x + x * y + y * y), (0.0, 0.0)),
        (lambda x, y: (x - y) * m.sqrt((x - y) ** 2 + m.divide_no_nan(x, y) ** 2), (0.0, 0.0)),
        (lambda x, y: m.abs(m.maximum(*[guard(x, x, lambda s: m.sin(s * x) / s)] * 2)), (0.0, 0.0)),
    ],
)
def test_one_sided_slopes_along_the_axes_are_no_derivative_to_go_on_with(fn, at):
    assert state(fn, *at)[0] != "certified"


@pytest.mark.parametrize("row", [np.zeros(3), np.zeros(2, complex)])
def test_rows(row):
    squares = argand.exact(lambda v: tf.norm(v * v, axis=-1), row[None], upstream=1.0, core=1)
    assert squares.certified.all()
    assert not squares.vjp[0].any()
    assert not argand.exact(lambda v: tf.norm(v, axis=-1), row[None], core=1).certified.any()
    scaled = argand.exact(ball_map, np.zeros((1, 3)), core=1)
    np.testing.assert_array_equal(scaled.dz[0][0], np.eye(3))


def test_samples_are_told_apart():
    x, y = np.array([2.0, 2.0, 0.0, 5.0]), np.array([0.0, 1.0, 0.0, 0.0])
    got = argand.exact(lambda x, y: m.divide_no_nan(x * y * y, y), x, y, upstream=1.0)
    assert got.certified.all()
    np.testing.assert_array_equal(got.dz[0], y)
    np.testing.assert_array_equal(got.dz[1], x)


# Random programs, each in TensorFlow and in mpmath.

mp = mpmath.mp


def no_nan(a, b):
    return mp.zero if b == 0 else a / b


UNARY = {
    "square": (m.square, lambda a: a * a),
    "sin": (m.sin, mp.sin),
    "expm1": (m.expm1, lambda a: mp.exp(a) - 1),  # as exact as the digits are many
    "abs": (m.abs, abs),
    "cos − 1": (lambda a: m.cos(a) - 1.0, lambda a: mp.cos(a) - 1),
    "sqrt of square": (lambda a: m.sqrt(m.square(a)), abs),
    "|·|^1.5": (lambda a: m.pow(m.square(a), 0.75), lambda a: (a * a) ** 0.75),
    "relu": (tf.nn.relu, lambda a: max(a, mp.zero)),
    "sign": (m.sign, mp.sign),
    "+ 1": (lambda a: a + 1.0, lambda a: a + 1),
    "2 ·": (lambda a: 2.0 * a, lambda a: 2 * a),
}  # fmt: skip
BINARY = {
    "times": (lambda a, b: a * b, lambda a, b: a * b),
    "plus": (lambda a, b: a + b, lambda a, b: a + b),
    "minus": (lambda a, b: a - b, lambda a, b: a - b),
    "maximum": (m.maximum, max),
    "hypot": (lambda a, b: m.sqrt(m.square(a) + m.square(b)), lambda a, b: mp.sqrt(a * a + b * b)),
    "no_nan": (m.divide_no_nan, no_nan),
    "a·b²/b": (lambda a, b: m.divide_no_nan(a * b * b, b), lambda a, b: no_nan(a * b * b, b)),
    "guarded": (
        lambda a, b: guard(b, a, lambda s: m.sin(s * a) / s),
        lambda a, b: a if b == 0 else mp.sin(b * a) / b,
    ),
    "where": (
        lambda a, b: tf.where(b > 0, a * b, b * b), lambda a, b: a * b if b > 0 else b * b
    ),
}  # fmt: skip
POINTS = [(0.0, 0.0), (2.0, 0.0), (0.0, -1.0), (1.0, 1.0)]


def random_program(rng):
    """A formula as text, in TensorFlow and in mpmath."""
    terms = [
        ("x", lambda x, y: x, lambda x, y: x), ("y", lambda x, y: y, lambda x, y: y),
        ("x−y", lambda x, y: x - y, lambda x, y: x - y),
    ]  # fmt: skip
    for _ in range(rng.integers(2, 6)):
        a, b = (terms[i] for i in rng.integers(0, len(terms), 2))
        if rng.random() < 0.45:
            name = rng.choice(list(UNARY))
            f, g = UNARY[name]
            terms.append((f"{name}({a[0]})", lambda x, y, f=f, a=a: f(a[1](x, y)),
                          lambda x, y, g=g, a=a: g(a[2](x, y))))  # fmt: skip
        else:
            name = rng.choice(list(BINARY))
            f, g = BINARY[name]
            terms.append((f"{name}({a[0]}, {b[0]})",
                          lambda x, y, f=f, a=a, b=b: f(a[1](x, y), b[1](x, y)),
                          lambda x, y, g=g, a=a, b=b: g(a[2](x, y), b[2](x, y))))  # fmt: skip
    return terms[-1]


def curves(rng):
    """Displacements as functions of their size: axes, diagonals, lines and curves."""
    for a, b in [(1, 0), (0, 1), (1, 1), (1, -1), *rng.normal(size=(4, 2))]:
        for s in (1, -1):
            yield lambda h, a=a, b=b, s=s: (s * a * h, s * b * h)
    for s in (1, -1):
        yield lambda h, s=s: (h, s * h * h)
        yield lambda h, s=s: (s * h * h, h)
        yield lambda h, s=s: (s * h, s * h + h * h)
        yield lambda h, s=s: (h, s * h**3)


def breaks(fn, at, slopes, rng):
    """The largest |f(p + h) − f(p) − d·h|/|h| for small h."""
    with mpmath.workdps(400):
        start = fn(*map(mpmath.mpf, at))
        h = mpmath.mpf(2) ** -120
        worst = mpmath.mpf(0)
        for curve in curves(rng):
            step = [mpmath.mpmathify(v) for v in curve(h)]
            moved = fn(*(a + s for a, s in zip(at, step, strict=True)))
            gap = moved - start - sum(d * s for d, s in zip(slopes, step, strict=True))
            worst = max(worst, abs(gap) / mpmath.norm(step))
        return float(worst)


@pytest.mark.parametrize("seed", range(8))
def test_no_random_program_is_given_a_wrong_derivative(seed):
    rng = np.random.default_rng(seed)
    for _ in range(12):
        text, fn, plain = random_program(rng)
        at = POINTS[rng.integers(len(POINTS))]
        found, got = state(fn, *at)
        if found == "certified":
            slopes = [float(d[0]) for d in got.dz]
            assert breaks(plain, at, slopes, rng) < 1e-6 * (1 + max(map(abs, slopes))), (text, at)


def test_the_law_sees_what_breaks_it():
    rng = np.random.default_rng(0)
    origin = (0.0, 0.0)
    for plain in (
        lambda x, y: no_nan(x * x * y, x * x + y * y), lambda x, y: no_nan(x * y, y),
        lambda x, y: no_nan(x * y, mp.sqrt(x * x + y * y)), lambda x, y: mp.sqrt(abs(x * y)),
    ):  # fmt: skip
        assert breaks(plain, origin, (0.0, 0.0), rng) > 0.1
    assert breaks(lambda x, y: (x * x + y * y) ** 0.75, origin, (0.0, 0.0), rng) < 1e-6
