"""The plane: which components its axes move, and how far they reach."""

import numpy as np
import pytest

from argand.subject import Subject, TargetError, from_catalogue, plane, real, subject
from argand.sweep.grid import components, make_grid
from argand.sweep.study import Study
from argand.trace import trace_value


def grid_of(made: Subject, scale, dtype, **fields):
    study = Study(scale=scale, resolution=21, name="test", **fields)
    return make_grid(study, made, dtype, trace_value(made.plain, made.input_dtypes(dtype)))


def test_a_complex_input_spans_the_plane():
    grid = grid_of(from_catalogue("z_exp_z"), "window", "complex64")
    assert (grid.x.label, grid.y.label) == ("Re z", "Im z")
    (z,), upstream = grid.samples(slice(2, 4))
    assert z.dtype == np.complex64
    np.testing.assert_array_equal(z.real.reshape(2, 21), np.tile(grid.x.values, (2, 1)))
    np.testing.assert_array_equal(z.imag.reshape(2, 21)[:, 0], grid.y.values[2:4])
    assert (upstream == 1).all()


def test_one_real_input_is_swept_against_its_upstream():
    grid = grid_of(from_catalogue("exp_squared"), "window", "float64")
    (x,), upstream = grid.samples(slice(0, 21))
    assert (grid.x.label, grid.y.label) == ("x", "u")
    assert set(upstream) == set(grid.y.values)
    assert set(x) == set(np.linspace(-6, 6, 21))


def test_two_real_inputs_span_the_plane():
    grid = grid_of(from_catalogue("complex_paraboloid"), "float line", "float32")
    (x, y), upstream = grid.samples(slice(0, 1))
    assert x.dtype == y.dtype == np.float32
    assert upstream.dtype == np.complex64
    assert x[-1] == np.finfo(np.float32).max
    assert (y == -np.finfo(np.float32).max).all()


@pytest.mark.parametrize(
    ("name", "dtype", "frontier"),
    [("exp_squared", "float64", 26.64), ("exp_squared", "float32", 9.4)],
)
def test_the_frontier_study_reaches_a_little_past_where_the_value_leaves_the_range(
    name, dtype, frontier
):
    grid = grid_of(from_catalogue(name), "frontier", dtype)
    assert frontier < grid.x.values[-1] < 1.25 * frontier
    assert grid.x.values[0] == -grid.x.values[-1]


def test_the_frontier_of_z_exp_z_is_that_of_its_vanishing():
    grid = grid_of(from_catalogue("z_exp_z"), "frontier", "complex128")
    assert 745 < grid.x.values[-1] < 1000  # e^-745 is the last subnormal


def test_no_frontier_within_reach_means_no_grid():
    assert grid_of(from_catalogue("complex_paraboloid"), "frontier", "float64") is None


def test_components_that_no_axis_moves_rest_inside_their_window():
    @subject("wz", plane("w", (1.0, 2.0), (0.0, 1.0)), real("t", 3.0, 5.0))
    def product(w, t):
        import tensorflow as tf

        return w * tf.cast(t, w.dtype)

    labels = [c.label for c in components(product.inputs)]
    assert labels == ["Re w", "Im w", "t"]
    (_, t), _ = grid_of(product, "window", "complex128").samples(slice(0, 1))
    assert ((t > 3) & (t < 5)).all()


def test_a_complex_upstream_for_a_real_function_is_refused():
    with pytest.raises(TargetError, match="upstream 1j"):
        grid_of(from_catalogue("exp_squared"), "window", "float64", upstream=1j)
