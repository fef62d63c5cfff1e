"""A cell checks before it times, and what is wrong gets no time and a reason."""

import numpy as np
import pytest
import tensorflow as tf

from argand.subject import plane, real, subject
from argand.targets import from_catalogue
from argand.timing import cell as cell_module
from argand.timing.cell import FLOORS, Workload
from argand.timing.memory import peak_bytes
from argand.timing.timed import TIMED


@pytest.fixture
def rows():
    """The softened maximum of each row of three numbers, and its right and wrong gradients."""

    @subject("ln Σ exp xᵢ", real("x", -3.0, 3.0, entries=3))
    def soft_maximum(x):
        return tf.math.log(tf.reduce_sum(tf.exp(x), axis=-1))

    @soft_maximum.variant
    @tf.custom_gradient
    def custom(x, /):
        e = tf.exp(x)
        total = tf.reduce_sum(e, axis=-1, keepdims=True)
        return tf.math.log(total)[..., 0], lambda u: u[..., None] * e / total

    return soft_maximum


def add_rows(soft_maximum, factor):
    """``stable``: the gradient of rows times ``factor(x)``."""

    @soft_maximum.variant
    @tf.custom_gradient
    def stable(x, /):
        e = tf.exp(x)
        total = tf.reduce_sum(e, axis=-1, keepdims=True)
        return tf.math.log(total)[..., 0], lambda u: u[..., None] * e / total * factor(x)


@pytest.fixture
def squares():
    """A subject whose variants are right, wrong everywhere, in XLA only, or raise."""

    @subject("z^2", plane("z", (-3.0, 3.0), (-3.0, 3.0)))
    def square(z):
        return z * z

    @square.variant
    @tf.custom_gradient
    def custom(z):
        return z * z, lambda u: u * tf.math.conj(2 * z)

    return square


def add_stable(square, grad):
    @square.variant
    @tf.custom_gradient
    def stable(z):
        return z * z, lambda u: grad(u, z)


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_right_variants_control_and_floors_have_paired_times(squares, mode):
    cell = Workload(squares, "complex64").measure(mode, 100, 0.0)
    assert set(cell.seconds) == {"auto", "custom", "control", *FLOORS}
    assert len({len(s) for s in cell.seconds.values()}) == 1
    assert all((s > 0).all() for s in cell.seconds.values())
    assert cell.refused == {}
    assert all(0 <= worth.ulp < 10 for worth in cell.worth.values())
    assert all(worth.failing == 0 for worth in cell.worth.values())
    assert cell.moved == 1  # two operands are read, two results written: what a stream moves
    assert all(np.isnan(t) == (mode == "eager") for t in cell.trace.values())
    assert all(t >= 0 or mode == "eager" for t in cell.compile.values())


@pytest.mark.parametrize(
    ("grad", "words"),
    [
        (lambda u, z: u * 2 * z, "conjugate of ∂f/∂z is missing"),
        (lambda u, z: u * tf.math.conj(2.00001 * z), "off by the factor 1"),
        (lambda u, z: None, "None"),
        (lambda u, z: tf.math.real(u * tf.math.conj(2 * z)), "float32"),
    ],
    ids=["conjugate", "factor", "none", "dtype"],
)
def test_a_wrong_gradient_gets_no_time_and_says_so(squares, grad, words):
    add_stable(squares, grad)
    cell = Workload(squares, "complex64").measure("graph", 10, 0.0)
    assert "stable" not in cell.seconds
    assert words in cell.refused["stable"]
    assert "custom" in cell.seconds


@pytest.mark.parametrize("made", [np.nan, 0.0])
def test_results_decide_where_the_formula_proves_nothing(squares, made):
    """Right in exact arithmetic, and not in floating point: (1e30)² overflows float32."""

    def grad(u, z):
        huge = tf.cast(tf.complex(1e30, 0.0), z.dtype)
        factor = huge * huge / huge / huge  # inf/inf
        return u * tf.math.conj(2 * z) * (factor if np.isnan(made) else 1 / (huge * huge))

    add_stable(squares, grad)
    cell = Workload(squares, "complex64").measure("graph", 10, 0.0)
    assert "stable" not in cell.seconds
    assert cell.refused["stable"]


def test_without_a_right_auto_the_others_have_times_and_no_control():
    @subject("x", real("x", 1.0, 2.0))
    def identity(x):
        return x

    @identity.variant
    @tf.custom_gradient
    def custom(x):
        return x, lambda u: u

    work = Workload(identity, "float32")
    work.refused, work.right = {"auto": "wrong under this compiler"}, ["custom"]
    cell = work.measure("eager", 10, 0.0)
    assert set(cell.seconds) == {"custom", *FLOORS}
    assert set(cell.refused) == {"auto"}


def test_all_variants_and_commits_see_the_same_points(squares):
    a, b = (Workload(squares, "complex128").operands(50) for _ in range(2))
    np.testing.assert_array_equal(a.inputs[0], b.inputs[0])
    assert np.abs(a.upstream) == pytest.approx(1.0)


def test_two_real_inputs_and_a_complex_value_are_timed_too():
    work = Workload(from_catalogue("complex_paraboloid"), "float64")
    cell = work.measure("graph", 5, 0.0)
    assert {"auto", "custom", "stable"} <= set(cell.seconds)


@pytest.mark.parametrize(("size", "expected"), [(1, 1), (7, 2), (300, 100)])
def test_a_size_counts_numbers_where_a_sample_is_a_row(rows, size, expected):
    on = Workload(rows, "float64").operands(size)
    assert on.inputs[0].shape == (expected, 3)
    assert on.upstream.shape == (expected,)
    assert on.numbers.shape == (3 * expected,)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (lambda x: 0.5, "the formula of the gradient is wrong: it is off by the factor 0.5"),
        (lambda x: tf.exp(x - 90) * tf.exp(90 - x), "the gradient by input 0 is wrong at"),
    ],
    ids=["formula", "float32 flushes"],
)
def test_rows_are_checked_and_timed(rows, factor, words):
    add_rows(rows, factor)
    cell = Workload(rows, "float32").measure("graph", 300, 0.0)
    assert {"auto", "custom", "control"} <= set(cell.seconds)
    assert "stable" not in cell.seconds
    assert words in cell.refused["stable"]
    assert cell.worth["custom"].ulp < 10
    assert cell.moved == pytest.approx((2 * 300 + 2 * 100) / (4 * 300))


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
@pytest.mark.parametrize("timed", TIMED[1:])
def test_each_part_is_timed_apart_and_without_floors(squares, timed, mode):
    cell = Workload(squares, "complex128").measure(mode, 100, 0.0, timed)
    assert set(cell.seconds) == {"auto", "custom", "control"}
    assert cell.refused == {}


def test_a_gradient_that_is_right_once_may_be_wrong_twice(squares):
    @squares.variant
    @tf.custom_gradient
    def stable(z):
        return z * z, lambda u: u * tf.math.conj(2 * tf.stop_gradient(z))

    work = Workload(squares, "complex128")
    assert "stable" in work.measure("graph", 10, 0.0).seconds
    cell = work.measure("graph", 10, 0.0, "second order")
    assert cell.refused == {"stable": "the gradient of the gradient is None"}


def test_memory_at_the_peak_counts_what_is_kept_between(squares):
    """XLA fuses: it holds two results. The eager gradient holds at least one tensor more."""
    if np.isnan(peak_bytes(lambda: tf.ones(10), "CPU:0", lambda: None)):
        pytest.skip("TensorFlow's allocator does not count on this processor: oneDNN's does")
    peaks = {
        mode: Workload(squares, "complex128").measure(mode, 100_000, 0.0).peak_bytes["auto"]
        for mode in ("eager", "xla")
    }
    assert peaks["xla"] == pytest.approx(2 * 1.6e6, rel=0.1)
    assert peaks["eager"] > peaks["xla"] + 1e6


def test_what_the_device_leaves_to_the_processor_gets_no_time(squares, monkeypatch):
    monkeypatch.setattr(cell_module, "left_to_processor", lambda *_: "it is the processor's")
    cell = Workload(squares, "complex64").measure("graph", 10, 0.0)
    assert set(cell.seconds) == set(FLOORS)
    assert cell.refused == dict.fromkeys(("auto", "custom"), "it is the processor's")
