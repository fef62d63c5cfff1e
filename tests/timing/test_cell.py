"""A cell checks before it times, and what is wrong gets no time and a reason."""

import numpy as np
import pytest
import tensorflow as tf

from argand.subject import from_catalogue, plane, real, subject
from argand.timing.cell import FLOORS, Workload


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
    cell = Workload(squares, "complex64", 100).measure(mode, 100, 0.0)
    assert set(cell.seconds) == {"auto", "custom", "control", *FLOORS}
    assert len({len(s) for s in cell.seconds.values()}) == 1
    assert all((s > 0).all() for s in cell.seconds.values())
    assert cell.refused == {}
    assert all(0 <= e < 10 for e in cell.gradient_ulp.values())


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
    cell = Workload(squares, "complex64", 10).measure("graph", 10, 0.0)
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
    cell = Workload(squares, "complex64", 10).measure("graph", 10, 0.0)
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

    work = Workload(identity, "float32", 10)
    work.refused, work.probes = {"auto": "wrong under this compiler"}, ["custom"]
    cell = work.measure("eager", 10, 0.0)
    assert set(cell.seconds) == {"custom", *FLOORS}
    assert set(cell.refused) == {"auto"}


def test_all_sizes_see_the_same_points_and_a_defect_names_one(squares):
    a, b = (Workload(squares, "complex128", n) for n in (50, 50))
    np.testing.assert_array_equal(a.inputs[0], b.inputs[0])
    assert np.abs(a.upstream) == pytest.approx(1.0)


def test_two_real_inputs_and_a_complex_value_are_timed_too():
    cell = Workload(from_catalogue("complex_paraboloid"), "float64", 5).measure("graph", 5, 0.0)
    assert {"auto", "custom", "stable"} <= set(cell.seconds)
