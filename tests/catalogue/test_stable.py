"""``stable`` is right, and finite and accurate wherever the result is representable."""

from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf

from argand.catalogue._broadcast import reduced_to
from argand.catalogue._ordinary import either, within
from argand.catalogue._scaling import parts, product, sum_of
from argand.check.case import cases
from argand.check.samples import draw_inputs, draw_upstreams, generic_points
from argand.check.second_order import second_order
from argand.exact.reference import certify
from argand.probe import MODES, Probe
from argand.subject import catalogue_names, from_catalogue
from argand.trace import trace_value
from argand.verdict import MAX_ULP, VERDICTS, judge

N = 1500
IN_DTYPE = [(name, precision) for name in catalogue_names() for precision in (0, 1)]
_drawn = {}


def drawn(name, precision):
    """Samples over the whole float plane with every kind of upstream, and what is exact there."""
    if (name, precision) not in _drawn:
        subject, rng = from_catalogue(name), np.random.default_rng(5)
        dtypes = subject.input_dtypes(subject.dtypes[precision])
        program = trace_value(subject.plain, dtypes)
        output = program.dtypes[program.outputs[0]]
        inputs = draw_inputs(dtypes, None, N, rng)
        upstream = draw_upstreams(output, N, rng)
        _drawn[name, precision] = inputs, upstream, certify(program, inputs, upstream, output)
    return _drawn[name, precision]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("name", "precision"), IN_DTYPE)
def test_stable_is_accurate_over_the_whole_plane(name, precision, mode):
    inputs, upstream, exact = drawn(name, precision)
    result = Probe(from_catalogue(name).variants["stable"].fn, mode)(inputs, upstream)
    assert exact.certified.all()
    for computed, true in zip(
        (result.value, *result.gradients), (exact.value, *exact.vjp), strict=True
    ):
        codes, _ = judge(computed, true, exact.certified)
        assert {v.name for v in VERDICTS if v.failing and (codes == v.code).any()} == set()
        assert (codes == 0).mean() > 0.2


SIZES = {"one": 0, "tiny": -1, "huge": 1}  # of the upstream, and of what goes with it


def ordinary(name, precision, size):
    """Samples of the window, some with components of 0 and 1, and what is exact there."""
    key = name, precision, size
    if key not in _drawn:
        subject, rng = from_catalogue(name), np.random.default_rng(6)
        dtypes = subject.input_dtypes(subject.dtypes[precision])
        program = trace_value(subject.plain, dtypes)
        output = program.dtypes[program.outputs[0]]
        window = [pair for i in subject.inputs for pair in i.window]
        inputs = generic_points(dtypes, window, N, rng)
        for x in inputs:
            x.real[: N // 8] = rng.choice([-1, 0, 1], N // 8)
            if np.iscomplexobj(x):
                x.imag[N // 16 : N // 4] = rng.choice([-1, 0, 1], N // 4 - N // 16)
        decades = SIZES[size] * 0.9 * np.log10(float(np.finfo(output).max))
        phase = np.exp(2j * np.pi * rng.uniform(size=N)) * 10.0**decades
        upstream = (phase if output.startswith("complex") else phase.real).astype(output)
        _drawn[key] = inputs, upstream, certify(program, inputs, upstream, output)
    return _drawn[key]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "precision"), IN_DTYPE)
def test_stable_is_accurate_where_every_entry_is_ordinary(name, precision, size, mode):
    inputs, upstream, exact = ordinary(name, precision, size)
    result = Probe(from_catalogue(name).variants["stable"].fn, mode)(inputs, upstream)
    assert (exact.certified | exact.undefined).all()
    for computed, true in zip(
        (result.value, *result.gradients), (exact.value, *exact.vjp), strict=True
    ):
        codes, _ = judge(computed, true, exact.certified)
        assert {v.name for v in VERDICTS if v.failing and (codes == v.code).any()} == set()


@pytest.mark.parametrize("mode", ["eager", "graph"])  # XLA has no other
@pytest.mark.parametrize(("name", "precision"), IN_DTYPE)
def test_the_careful_form_is_right_among_ordinary_entries_too(name, precision, mode, monkeypatch):
    monkeypatch.setattr(tf, "cond", lambda condition, plain, careful: careful())
    variant = from_catalogue(name).variants["stable"]
    inputs, upstream, exact = ordinary(name, precision, "one")
    result = Probe(variant.fn, mode)(inputs, upstream)
    for computed, true in zip(
        (result.value, *result.gradients), (exact.value, *exact.vjp), strict=True
    ):
        codes, error = judge(computed, true, exact.certified)
        assert {v.name for v in VERDICTS if v.failing and (codes == v.code).any()} <= {"inaccurate"}
        assert np.nanmax(error) < 4.6  # where more than 4, the variant's limits say so
    case = cases(variant, [from_catalogue(name).dtypes[precision]], None, None)[0][0]
    assert list(second_order(case, mode, MAX_ULP, np.random.default_rng(7))) == []


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
        result = Probe(subject.variants["stable"].fn, mode)(inputs, upstream)
        parts = (
            (result.value.real, exact.value.real),
            *zip(result.gradients, exact.vjp, strict=True),
        )
        for computed, true in parts:
            codes, _ = judge(computed, true, exact.certified)
            assert not {v.name for v in VERDICTS if v.failing and (codes == v.code).any()}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("name", "precision"), IN_DTYPE)
def test_a_zero_upstream_gives_a_zero_gradient_even_far_out(name, precision, mode):
    inputs, upstream, _ = drawn(name, precision)
    result = Probe(from_catalogue(name).variants["stable"].fn, mode)(
        inputs, np.zeros_like(upstream)
    )
    assert all((gradient == 0).all() for gradient in result.gradients)


HARD = {
    "z_exp_z": (
        [(-712 + 3j, 1), (-1000 + 1e300j, 1e300), (1385 + 1j, 1e-300), (-1 + 1e-300j, 1e300j)],
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
    got = Probe(subject.variants["stable"].fn, mode)([x], u).gradients[0]
    assert np.isfinite(exact.vjp[0]).all()
    assert (exact.vjp[0] != 0).all()
    codes, _ = judge(got, exact.vjp[0], exact.certified)
    assert (codes == 0).all()
    auto = Probe(subject.variants["auto"].fn, mode)([x], u).gradients[0]
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


@pytest.mark.parametrize("variant", ["custom", "stable"])
@pytest.mark.parametrize("precision", [0, 1])
def test_inputs_of_two_shapes_have_gradients_of_their_own(variant, precision):
    subject = from_catalogue("complex_paraboloid")
    real = subject.dtypes[precision]
    x, y = tf.constant([1.0, 2.0, 3.0], real), tf.constant([[0.5], [0.25]], real)
    gradients = []
    for fn in (subject.plain, subject.variants[variant].fn):
        with tf.GradientTape() as tape:
            tape.watch([x, y])
            value = fn(x, y)
        gradients.append(tape.gradient(value, [x, y]))
    for own, plain in zip(*reversed(gradients), strict=True):
        np.testing.assert_array_equal(own, plain)
