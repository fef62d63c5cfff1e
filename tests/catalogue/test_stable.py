"""``stable`` is right, and finite and accurate wherever the result is representable."""

import re
from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf

from argand.catalogue._numerics.broadcast import reduced_to
from argand.catalogue._numerics.fast_path import either, within
from argand.catalogue._numerics.hyperbolic import half_angle
from argand.catalogue._numerics.scaling import parts, product, sum_of
from argand.exact.reference import certify
from argand.frontend.runner import MODES, Runner
from argand.frontend.trace import trace_value
from argand.targets import catalogue_names, from_catalogue
from argand.trial.components import normal
from argand.trial.points.drawn import draw_inputs, draw_upstreams, generic_points
from argand.verdict import MAX_ULP, VERDICTS, judge

N = 600
SLOW = pytest.mark.slow
IN_MODE = [m if m == "graph" else pytest.param(m, marks=SLOW) for m in MODES]
IN_DTYPE = [(name, precision) for name in catalogue_names() for precision in (0, 1)]
SAMPLES = ("plane", "ordinary", "tiny", "huge")
# Where a limit says that more than a few digits are lost, from the reference and the input.
BEYOND = {
    ("gaussian", 1): lambda _, z: np.abs(z.real) * 1e-155 * (np.abs(z.imag) * 1e-155) > 1e-4,
    ("phi1", 1): lambda exact, z: np.abs(z * exact.dz[0]) < 0.3 * np.abs(exact.value),
    ("silu", 1): lambda exact, z: np.abs(z * exact.dz[0]) < 0.5 * np.abs(exact.value),
    ("sinc", 1): lambda exact, z: (
        (np.abs(z) > 2) & (np.abs(z * exact.dz[0]) < 0.5 * np.abs(exact.value))
    ),
    ("exp_inverse", 0): lambda _, z: np.abs(z) < 2.0**-78,
    ("exp_inverse", 1): lambda _, z: np.abs(z) < 2.0**-50,
    ("power", 0): lambda _, z, w: _exponent(z, w) > 2.0**36,
    ("power", 1): lambda _, z, w: _exponent(z, w) > 2.0**10,
    ("wave_packet", 1): lambda _, x, k, s: np.abs(k) > 1e307 / np.maximum(np.abs(x), 1.0),
    ("softmax", 1): lambda _, z: _cancels(z),
    ("logsumexp", 1): lambda _, z: _cancels(z),
}


def _exponent(z, w):
    """|w·log z|, the size of what is rounded; infinite where it overflows, or where Im(w·log z)
    would be subnormal; 0 where z^w surely vanishes, whatever its phase."""
    with np.errstate(all="ignore"):
        log = np.log(z.astype(complex))
        w = w.astype(complex)
        product = np.abs(w) * np.abs(log)
        tiny = np.finfo(float).tiny / np.finfo(float).eps
        faint = np.abs(w.real * log.imag + w.imag * log.real) < tiny
        vanishes = w.real * log.real - w.imag * log.imag < -3000
    unknown = np.isnan(product) | (faint & (product > 700))
    return np.where(vanishes, 0.0, np.where(unknown, np.inf, product))


def _cancels(z):
    """Whether the terms of Σ e^z, the largest of which has the size 1, leave less than 1/16."""
    with np.errstate(all="ignore"):
        size = np.exp(z.real - z.real.max(-1, keepdims=True))
        terms = np.where(size > 0, size * np.exp(1j * z.imag), 0)
    return np.abs(terms.sum(-1)) < 1 / 16


_drawn = {}


def drawn(name, precision, kind):
    """(inputs, upstream, exact): over the whole float plane with every kind of upstream, or in the
    window, some with components of 0 and 1, with upstreams of size 1, tiny or huge."""
    key = name, precision, kind
    if key not in _drawn:
        subject, rng = from_catalogue(name), np.random.default_rng(5 + SAMPLES.index(kind))
        dtypes = subject.input_dtypes(subject.dtypes[precision])
        program = trace_value(subject.plain, dtypes, subject.cores)
        output = program.dtypes[program.outputs[0]]
        shape = (N, *program.shapes[program.outputs[0]][1:])
        inputs = [_inputs(*each, kind, rng) for each in zip(subject.inputs, dtypes, strict=True)]
        upstream = _upstreams(output, int(np.prod(shape)), kind, rng).reshape(shape)
        _drawn[key] = inputs, upstream, certify(program, inputs, upstream, output, signs=False)
    return _drawn[key]


def _inputs(declared, dtype, kind, rng):
    n = N * (declared.entries or 1)
    if kind == "plane" and declared.whole_line:
        x = draw_inputs([dtype], None, n, rng)[0]
    else:
        x = generic_points([dtype], declared.window, n, rng)[0]
        x.real[: n // 8] = rng.choice([-1, 0, 1], n // 8)
        if np.iscomplexobj(x):
            x.imag[n // 16 : n // 4] = rng.choice([-1, 0, 1], n // 4 - n // 16)
    return x if declared.entries is None else x.reshape(N, declared.entries)


def _upstreams(dtype, n, kind, rng):
    if kind == "plane":
        return draw_upstreams(dtype, n, rng)
    info = np.finfo(dtype)  # tiny and huge as in a study: sixteen octaves within the normal range
    size = {"ordinary": 1.0, "tiny": 2.0**16 * info.tiny, "huge": 2.0**-16 * info.max}[kind]
    phase = np.exp(2j * np.pi * rng.uniform(size=n)) * float(size)
    if not dtype.startswith("complex"):
        return normal(phase.real.astype(dtype))
    u = phase.astype(dtype)
    u.real, u.imag = normal(u.real), normal(u.imag)
    return u


def within_ulp(variant, precision, mode):
    """The ulp that the variant promises: 4, or the largest figure that its limits name for this
    precision and mode; a limit that names none is of all."""
    names = [("complex64", "float32"), ("complex128", "float64")]
    figures = [MAX_ULP]
    for limit in variant.limits:
        of = [any(name in limit for name in each) for each in names]
        elsewhere = mode == "xla" and "eager and graph" in limit
        if (of[precision] or not any(of)) and not elsewhere:
            figures += map(float, re.findall(r"up to ([\d.]+) ulp", limit))
    return max(figures)


def failures(name, precision, kind, result, max_ulp):
    """The failing verdicts of value and gradients, with the first sample of each."""
    inputs, upstream, exact = drawn(name, precision, kind)
    beyond = np.zeros(N, bool)
    if (name, precision) in BEYOND:
        with np.errstate(all="ignore"):
            beyond = BEYOND[name, precision](exact, *inputs)
        assert beyond.mean() < 0.3
    found = set()
    for computed, true in zip(
        (result.value, *result.gradients), (exact.value, *exact.vjp), strict=True
    ):
        sure, undefined = (
            np.broadcast_to(a.reshape(N, *[1] * (true.ndim - 1)), true.shape)
            for a in (exact.certified, exact.undefined)
        )
        codes, _ = judge(computed, true, sure, max_ulp, undefined)
        codes = codes.reshape(N, -1)
        for v in VERDICTS:
            bad = np.flatnonzero((codes == v.code).any(1) & ~beyond)
            if v.failing and bad.size:
                found.add((v.name, *(repr(x[bad[0]]) for x in (*inputs, upstream))))
    return found


@pytest.mark.parametrize(
    "mode", ["graph", *(pytest.param(m, marks=SLOW) for m in ("eager", "xla"))]
)
@pytest.mark.parametrize(("name", "precision"), IN_DTYPE)
def test_stable_is_right_and_accurate_everywhere(name, precision, mode):
    variant = from_catalogue(name).variants["stable"]
    probe = Runner(variant.fn, mode)
    for kind in SAMPLES:  # of one shape, so that XLA compiles once
        inputs, upstream, exact = drawn(name, precision, kind)
        # log|z·eᶻ| stays undecided where Re z is of the largest.
        assert (exact.certified | exact.undefined).mean() > 0.98
        assert exact.certified.mean() > 0.8
        found = failures(
            name, precision, kind, probe(inputs, upstream), within_ulp(variant, precision, mode)
        )
        assert found == set()
    inputs, upstream, exact = drawn(name, precision, "plane")
    gradients = probe(inputs, np.zeros_like(upstream)).gradients
    assert all((gradient[~exact.undefined] == 0).all() for gradient in gradients)


@SLOW
@pytest.mark.parametrize(("name", "precision"), IN_DTYPE)
def test_the_careful_form_is_right_among_ordinary_entries_too(name, precision, monkeypatch):
    monkeypatch.setattr(tf, "cond", lambda condition, plain, careful: careful())
    variant = from_catalogue(name).variants["stable"]
    inputs, upstream, _ = drawn(name, precision, "ordinary")
    result = Runner(variant.fn, "graph")(inputs, upstream)
    promised = within_ulp(variant, precision, "graph")
    assert failures(name, precision, "ordinary", result, promised) == set()


def test_a_wrong_gradient_is_seen_here():
    for name in ("z_exp_z", "sigmoid"):
        inputs, upstream, _ = drawn(name, 1, "plane")
        for variant in ("published", "auto"):
            result = Runner(from_catalogue(name).variants[variant].fn, "graph")(inputs, upstream)
            assert failures(name, 1, "plane", result, 4.0) != set()


def test_of_two_forms_only_one_is_computed_and_a_nan_is_not_ordinary():
    taken = []

    def form(name):
        def act():
            tf.py_function(lambda: taken.append(name), [], [])
            return tf.constant(0.0)

        return act

    for fn in (_choose, tf.function(_choose)):
        for entries, expected in [
            ([1.0, -2.0], "plain"), ([], "plain"), ([1.0, -2.5], "careful"),
            ([np.nan, 1.0], "careful"), ([1.0, np.nan], "careful"), ([-np.inf, 1.0], "careful"),
        ]:  # fmt: skip
            for dtype in ("float32", "complex128"):
                taken.clear()
                fn(tf.constant(entries, dtype), form("plain"), form("careful"))
                assert taken == [expected]


def _choose(x, plain, careful):
    return either(within(2.0, x), plain, careful)


@pytest.mark.parametrize("y", [1.0, np.nextafter(1.0, 2), 3.0**0.5, 1e-200, 1e200, 1e-300])
def test_the_cheap_sums_of_products_keep_what_cancels(y):
    """x² − y at the floats about x² = y, and the real gradient where its two products cancel."""
    x = np.sqrt(np.float64(y)) * (1 + np.arange(-4, 5) * 2.0**-52)
    near = x * x * (1 + np.arange(-1, 2)[:, None] * 2.0**-52)
    x, near = (np.ravel(a) for a in np.broadcast_arrays(x, near))
    subject = from_catalogue("complex_paraboloid")
    b = -2 * x / near
    upstream = 1 + 1j * b * (1 + 2.0**-52 * np.arange(-13, 14))
    inputs = [x, near]
    program = trace_value(subject.plain, ["float64", "float64"])
    exact = certify(program, inputs, upstream, "complex128")
    for mode in MODES:
        result = Runner(subject.variants["stable"].fn, mode)(inputs, upstream)
        parts = (
            (result.value.real, exact.value.real),
            *zip(result.gradients, exact.vjp, strict=True),
        )
        for computed, true in parts:
            codes, _ = judge(computed, true, exact.certified)
            assert not {v.name for v in VERDICTS if v.failing and (codes == v.code).any()}


HARD = {
    "z_exp_z": (
        [(-712 + 3j, 1), (-1000 + 1e300j, 1e300), (1385 + 1j, 1e-300), (-1 + 1e-300j, 1e300j)],
        "complex128",
    ),
    "gaussian": ([(27j, 1e-300), (30 + 1j, 1e300), (1e3 + 1e3j, 1)], "complex128"),
    "sigmoid": ([(-712 + 1j, 1e300), (40 + 1j, 1), (3.141592653589793j, 1e-30)], "complex128"),
    "tanh": ([(20 + 1j, 1), (-600 + 1j, 1e300), (1.5707963267948966j, 1e-30)], "complex128"),
    "softplus": ([(-40 + 1j, 1), (800 + 1j, 1), (-720 + 1j, 1e300)], "complex128"),
    "logistic_density": ([(400 + 1j, 1), (-720 + 1j, 1e300), (1e-300j, 1e300)], "complex128"),
    "expm1": ([(720 + 1j, 1e-300), (-720 + 1j, 1e300)], "complex128"),
    "exp_over_z": ([(712 + 1j, 1), (1e-160 + 0j, 1e-100), (-720 + 1j, 1e300)], "complex128"),
    "phi1": (
        [(1e-10 + 1e-10j, 1), (1e-300j, 1), (712 + 1j, 1), (-1e200 + 0j, 1e300)],
        "complex128",
    ),
    "exp_squared": ([(28.0, 1e-300), (-37.0, 1e-305), (26.64, 1e-3), (1e-300, 1e300)], "float64"),
}


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("mode", MODES)
def test_a_gradient_that_is_representable_is_finite(name, mode):
    points, dtype = HARD[name]
    subject = from_catalogue(name)
    x, u = (np.array(part, dtype) for part in zip(*points, strict=True))
    exact = certify(trace_value(subject.plain, [dtype]), [x], u, dtype)
    got = Runner(subject.variants["stable"].fn, mode)([x], u).gradients[0]
    assert np.isfinite(exact.vjp[0]).all()
    assert (exact.vjp[0] != 0).all()
    codes, _ = judge(got, exact.vjp[0], exact.certified)
    assert (codes == 0).all()
    auto = Runner(subject.variants["auto"].fn, mode)([x], u).gradients[0]
    codes, _ = judge(auto, exact.vjp[0], exact.certified)
    assert (codes != 0).any()  # or the point is not hard


@pytest.mark.parametrize("mode", MODES)
def test_products_keep_every_bit_whatever_the_compiler_rewrites(mode):
    def in_mode(fn):
        return fn if mode == "eager" else tf.function(fn, jit_compile=mode == "xla")

    rng = np.random.default_rng(3)
    a, b = (rng.uniform(2, 4, 500) * rng.choice([-1, 1], 500) for _ in range(2))
    terms = in_mode(lambda a, b: product(parts(a), parts(b)))(tf.constant(a), tf.constant(b))
    for x, y, value, error, n in zip(a, b, *(t.numpy() for t in terms), strict=True):
        assert (Fraction(value) + Fraction(error)) * Fraction(2.0**n) == Fraction(x) * Fraction(y)

    c = -(a * b)  # a·b + c·1 is the rounding error of a·b
    one = np.ones_like(a)
    total = in_mode(
        lambda a, b, c, d: sum_of(product(parts(a), parts(b)), product(parts(c), parts(d)))
    )(*map(tf.constant, (a, b, c, one)))
    for x, y, z, got in zip(a, b, c, total.numpy(), strict=True):
        assert got == float(Fraction(x) * Fraction(y) + Fraction(z))


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1)])
def test_a_gradient_is_summed_over_the_axes_of_its_input(shape, dynamic):
    gradient = np.arange(6.0).reshape(2, 3)
    x = np.zeros(shape)
    signature = [tf.TensorSpec(None, tf.float64)] * 2
    reduce = tf.function(reduced_to, input_signature=signature) if dynamic else reduced_to
    with tf.GradientTape() as tape:
        inputs = tf.constant(x)
        tape.watch(inputs)
        value = inputs * tf.constant(gradient)
    np.testing.assert_array_equal(
        reduce(tf.constant(gradient), tf.constant(x)), tape.gradient(value, inputs)
    )


@pytest.mark.parametrize("mode", MODES)
def test_half_of_a_smallest_number_is_not_lost(mode):
    z = np.array([2e-38 - 2e-38j, -1.2e-38 + 3e-38j, 2e-38j], "complex64")
    found = Runner(lambda z: half_angle(z).sinh(), mode)([z], np.ones(3, "complex128")).value
    np.testing.assert_allclose(found, z, rtol=1e-7)
