"""The fast path gives the bits that Arb gives, and steps aside where it must."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

import argand
from argand.exact.fast import BITS, FEWEST
from argand.exact.fast.blocks import with_lone_exponential
from argand.exact.fast.operations import RULES
from argand.exact.reference import certify
from argand.exact.rewrite import rewritten
from argand.floats import draw_float_line, real_dtype
from argand.frontend.trace import trace_value
from argand.targets import catalogue
from argand.trial.points.drawn import draw_upstreams


def normal(rng, n, dtype):
    return (3 * rng.normal(size=n)).astype(dtype)


def beside_integers(rng, n, dtype):
    """Halves and their neighbours, small powers of two, zeros of both signs."""
    x = rng.integers(-8, 9, n) * 0.5 + rng.choice([0, 0, 1, -1], n) * np.finfo(dtype).eps
    return np.where(rng.random(n) < 0.1, rng.choice([0.0, -0.0], n), x).astype(dtype)


KINDS = {"normal": normal, "float line": draw_float_line, "beside integers": beside_integers}


def draw(kind, dtypes, n, rng):
    inputs = []
    for dtype in dtypes:
        x = np.empty(n, dtype)
        x.real = KINDS[kind](rng, n, real_dtype(dtype))
        if dtype.startswith("complex"):
            x.imag = KINDS[kind](rng, n, real_dtype(dtype))
        inputs.append(x)
    return inputs


def parts(e):
    return [e.value, *e.dz, *e.dzbar, *e.vjp, e.certified]


def compare(monkeypatch, fn, dtypes, kind, n, seed):
    """The share certified by the fast path, after comparing all its samples with Arb's bits."""
    rng = np.random.default_rng(seed)
    program = trace_value(fn, dtypes)
    if any(len(program.shapes[i]) != 1 for i in program.inputs):
        pytest.skip("the fast path leaves functions along an axis to Arb")
    dtype = program.dtypes[program.outputs[0]]
    inputs, u = draw(kind, dtypes, n, rng), draw_upstreams(dtype, n, rng)
    monkeypatch.setenv("ARGAND_FAST", "1")
    fast = certify(program, inputs, u, dtype)
    taken = fast.bits == BITS
    if not taken.any():
        return 0.0
    monkeypatch.setenv("ARGAND_FAST", "0")
    arb = certify(program, [x[taken] for x in inputs], u[taken], dtype)
    assert not (arb.bits == BITS).any()
    for mine, theirs in zip(parts(fast), parts(arb), strict=True):
        mine = mine[taken]
        assert mine.dtype == theirs.dtype
        differ = np.flatnonzero(
            (mine.view(np.uint8) != theirs.view(np.uint8)).reshape(len(mine), -1).any(1)
        )
        where = [[x[taken][i] for x in (*inputs, u)] for i in differ[:1]]
        assert not differ.size, (where, mine[differ[:1]], theirs[differ[:1]])
    return taken.mean()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["normal", "float line"])
@pytest.mark.parametrize("single", [True, False])
@pytest.mark.parametrize(
    "subject", [s for s in catalogue() if not any(s.cores)], ids=lambda s: s.name
)
def test_subjects_have_the_same_bits(monkeypatch, points, subject, single, kind):
    dtypes = subject.input_dtypes(subject.dtypes[0 if single else 1])
    compare(monkeypatch, subject.plain, dtypes, kind, 4 * points, seed=1)


FUNCTIONS = {
    "Exp": lambda z: z * tf.exp(z),
    "LoneExp": lambda z: tf.exp(-z * z),
    "TwoExp": lambda z: tf.exp(z) + tf.exp(-3 * z),
    "Expm1": lambda z: (tf.exp(z) - 1) / z,
    "Softplus": lambda z: tf.math.log(1 + tf.exp(z)),
    "Sigmoid": lambda z: 1 / (1 + tf.exp(-z)),
    "named Expm1": tf.math.expm1,
    "named Sigmoid": tf.sigmoid,
    "Log1p of": lambda z: tf.math.log(1 + z),
    "Log": tf.math.log,
    "Log1p": tf.math.log1p,
    "Sqrt": tf.sqrt,
    "Pow": lambda z: tf.pow(z, tf.constant(0.3 - 1.7j, z.dtype)),
    "Sin": tf.sin,
    "Cos": tf.cos,
    "Sinh": tf.sinh,
    "Cosh": tf.cosh,
    "Tan": tf.tan,
    "Tanh": tf.tanh,
    "Reciprocal": tf.math.reciprocal,
    "Square": lambda z: tf.square(z) - z,
    "RealDiv": lambda z: (z - 1) / (z * z + 2),
    "ComplexAbs": lambda z: tf.complex(tf.abs(z), tf.abs(tf.math.real(z))),
    "AbsOfExp": lambda z: tf.abs(tf.exp(z)),
    "Imag": lambda z: tf.math.imag(z) * tf.math.real(z),
    "Select": lambda z: tf.where(tf.math.real(z) > tf.math.imag(z), z * z, tf.exp(z)),
    "Equal": lambda z: tf.where(tf.equal(z, tf.math.conj(z)), z, 3 * z),
    "NotEqual": lambda z: tf.where(tf.not_equal(tf.math.real(z), 1), z, 3 * z),
    "LessEqual": lambda z: tf.where(
        tf.logical_or(tf.math.real(z) <= 1, tf.logical_not(tf.math.imag(z) >= -1)), z, z * z
    ),
    "LogicalAnd": lambda z: tf.where(
        tf.logical_and(tf.math.real(z) < 1, tf.math.imag(z) > -1), z, z * z
    ),
    "Maximum": lambda z: tf.complex(
        tf.maximum(tf.math.real(z), 1), tf.minimum(tf.math.imag(z), tf.math.real(z))
    ),
    "Round": lambda z: z * tf.complex(tf.round(tf.math.real(z)), tf.math.imag(z)),
    "Rint": lambda z: z * tf.complex(tf.math.rint(tf.math.real(z)), tf.math.imag(z)),
    "Sum": lambda z: z * tf.reduce_sum(tf.reshape(z, [1, 1]), axis=1),
    "Mean": lambda z: z + tf.reduce_mean(z[:, None], axis=1),
    "Prod": lambda z: z + tf.reduce_prod(tf.reshape(z, [1, 1]), axis=1),
    "Max": lambda z: tf.complex(tf.reduce_max(tf.math.real(z)[:, None], axis=1), tf.math.imag(z)),
    "Min": lambda z: tf.complex(tf.reduce_min(tf.math.real(z)[:, None], axis=1), tf.math.imag(z)),
}
REAL = {
    "Exp": lambda x: x * tf.exp(x),
    "Log": tf.math.log,
    "Tanh": tf.tanh,
    "Softplus": lambda x: tf.math.log(1 + tf.exp(x)),
    "named Softplus": tf.nn.softplus,
    "Sqrt": tf.sqrt,
    "Abs": lambda x: tf.abs(x) * x,
    "Pow": lambda x: tf.pow(x, x),
    "Round": lambda x: x - tf.round(x),
    "Clip": lambda x: tf.clip_by_value(x, -1.0, 2.0) * x,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_operation_has_the_same_bits(monkeypatch, name):
    shares = [
        compare(monkeypatch, FUNCTIONS[name], [dtype], kind, 3000, seed=2)
        for dtype in ("complex64", "complex128")
        for kind in KINDS
    ]
    assert max(shares) > 0.4  # 0.9 and more where no part is zero in exact arithmetic


@pytest.mark.parametrize("name", REAL)
def test_every_operation_on_reals_has_the_same_bits(monkeypatch, name):
    shares = [
        compare(monkeypatch, REAL[name], [dtype], kind, 3000, seed=3)
        for dtype in ("float32", "float64")
        for kind in KINDS
    ]
    assert max(shares) > 0.4  # log and sqrt have half the line


def test_no_operation_of_the_table_is_left_out():
    seen = set()
    for functions, dtype in ((FUNCTIONS, "complex128"), (REAL, "float64")):
        for fn in functions.values():
            seen |= with_lone_exponential(rewritten(trace_value(fn, [dtype]))).op_types()
    # names of older graphs, each the same rule as one that is tested
    assert set(RULES) - seen <= {"Add", "Inv", "Select", "Reshape", "ExpandDims", "Squeeze"}


def test_results_can_be_rounded_to_the_other_precision(monkeypatch):
    z = draw("normal", ["complex128"], 3000, np.random.default_rng(4))[0]
    e = argand.exact(lambda z: z * tf.exp(z), z, dtype="complex64")
    monkeypatch.setenv("ARGAND_FAST", "0")
    same = argand.exact(lambda z: z * tf.exp(z), z, dtype="complex64")
    assert (e.bits == BITS).mean() > 0.99
    np.testing.assert_array_equal(e.value.view(np.uint8), same.value.view(np.uint8))


def test_what_is_not_finite_is_not_certified():
    z = np.full(FEWEST, 1 + 1j)
    z[::4] = [complex(np.nan, 1), complex(1, np.inf)] * (FEWEST // 8)
    e = argand.exact(tf.exp, z)
    np.testing.assert_array_equal(e.certified, np.isfinite(z))
    assert np.isnan(e.value[~e.certified]).all()


LOADING = """
import numpy as np, tensorflow as tf, sys, argand
from argand.exact.fast import BITS, LOADING
z = np.full(LOADING // 2, 1 + 1j)
first = argand.exact(tf.exp, z)
assert "numba" not in sys.modules and (first.bits != BITS).all()
second = argand.exact(tf.exp, z)
assert (second.bits == BITS).all()
assert (second.value == first.value).all()
"""


def test_kernels_are_loaded_when_enough_samples_have_come():
    subprocess.run([sys.executable, "-c", LOADING], check=True)


def test_no_samples_are_no_error():
    assert argand.exact(tf.exp, np.zeros(0)).value.shape == (0,)


def test_few_samples_and_unknown_operations_are_left_to_arb():
    assert (argand.exact(tf.exp, np.ones(FEWEST - 1)).bits != BITS).all()
    assert (argand.exact(tf.math.asinh, np.full(FEWEST, 0.5)).bits != BITS).all()


MEMORY = """
import resource, numpy as np, tensorflow as tf
from argand.exact.reference import certify
from argand.frontend.trace import trace_value
program = trace_value(lambda z: z * tf.exp(z), ["complex64"])
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
certify(program, [np.full(20_000, 1 + 2j, "complex64")], None, "complex64")
z = np.full(10**7, 1 + 2j, "complex64")  # without a passing array that could be used again
before = peak()
e = certify(program, [z], None, "complex64")
results = sum(a.nbytes for a in (e.value, *e.dz, *e.dzbar, e.certified, e.bits))
assert (e.bits > 0).all()
print(peak() - before - results)
"""


def test_ten_million_points_need_less_than_200_megabytes():
    pytest.importorskip("resource")
    out = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    assert int(out.stdout) < 200e6
