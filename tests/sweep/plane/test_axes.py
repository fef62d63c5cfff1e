"""The plane: which components its axes move, and how far they reach."""

import numpy as np
import pytest

from argand.subject import Subject, plane, real, subject
from argand.sweep.plane.axes import make_plane
from argand.sweep.plane.movable import components
from argand.sweep.study import Along, Study
from argand.targets import from_catalogue
from argand.trial.problems import problem


def grid_of(made: Subject, scale, dtype, **fields):
    study = Study(scale=scale, resolution=21, name="test", **fields)
    return make_plane(study, made.inputs, problem(made, "auto", dtype))


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
    assert (grid.x.label, grid.y.label) == ("x", "|u|")
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
    reason = grid_of(from_catalogue("complex_paraboloid"), "frontier", "float64")
    assert reason == "no frontier of its value within 100000 along x"


def test_components_that_no_axis_moves_rest_inside_their_window():
    @subject("wz", plane("w", (1.0, 2.0), (0.0, 1.0)), real("t", 3.0, 5.0))
    def product(w, t):
        import tensorflow as tf

        return w * tf.cast(t, w.dtype)

    labels = [c.label for c in components(product.inputs)]
    assert labels == ["Re w", "Im w", "t"]
    (_, t), _ = grid_of(product, "window", "complex128").samples(slice(0, 1))
    assert ((t > 3) & (t < 5)).all()

    fixed = grid_of(product, "window", "complex128", fixed={"t": 4.0, "Im w": 0.25})
    (w, t), _ = fixed.samples(slice(0, 1))
    assert (t == 4).all()
    assert (w.imag == 0).all()  # an axis moves it
    slice_ = grid_of(product, "window", "complex128", fixed={"Im w": 0.25}, axes=(("t", "Re w"),))
    (w, t), _ = slice_.samples(slice(0, 1))
    assert (w.imag == 0.25).all()
    assert (t[0], t[-1]) == (3, 5)
    assert slice_.bounds == ((1, 2), (0.25, 0.25), (3, 5))
    assert "no component 'Im t' to fix" in grid_of(
        product, "window", "complex128", fixed={"Im t": 1}
    )
    assert grid_of(product, "window", "complex128", axes=((0, 3),)) == (
        "it has no component 3, but 0: Re w, 1: Im w, 2: t"
    )
    assert grid_of(product, "window", "complex128", axes=((0, "Re w"),)) == (
        "both axes are its component 0"
    )


def test_a_complex_upstream_does_not_suit_a_real_function():
    reason = grid_of(from_catalogue("exp_squared"), "window", "float64", upstreams=(1j,))
    assert reason == "its values are float64, and the upstream 1j is complex"


def test_an_axis_may_have_a_window_or_scale_of_its_own():
    axes = ((Along("Re z", window=(-720.0, -700.0)), Along(1, scale="float line")),)
    grid = grid_of(from_catalogue("z_exp_z"), "window", "complex128", axes=axes)
    assert (grid.x.values[0], grid.x.values[-1]) == (-720, -700)
    assert grid.y.values[-1] == np.finfo(float).max


def test_the_size_of_the_upstream_is_an_axis_and_its_direction_is_not():
    fields = {"axes": ((1, "|u|"),), "upstreams": (1j,)}
    grid = grid_of(from_catalogue("z_exp_z"), "window", "complex64", **fields)
    (z,), upstream = grid.samples(slice(20, 21))
    assert (upstream == 1j * np.finfo(np.float32).max).all()
    assert (z.real == np.float32(4)).all()
    assert grid.samples(slice(0, 1))[1].tolist() == [0] * 21


def test_two_entries_of_a_row_span_the_plane_and_the_rest_lie_apart():
    @subject("softmax", plane("z", (-1.0, 1.0), (-2.0, 2.0), entries=3))
    def softmax(z):
        import tensorflow as tf

        e = tf.exp(z)
        return e / tf.reduce_sum(e, -1, keepdims=True)

    study = Study("window", 5, axes=((0, 2),), name="rows")
    grid = make_plane(study, softmax.inputs, problem(softmax, "auto", "complex128"))
    assert (grid.x.label, grid.y.label) == ("Re z[0]", "Re z[1]")
    (z,), upstream = grid.samples(slice(1, 2))
    assert z.shape == upstream.shape == (5, 3)
    assert z[:, 0].real.tolist() == grid.x.values.tolist()
    assert (z[:, 1].real == grid.y.values[1]).all()
    assert len(set(z[0].imag)) == 3  # at rest, each at a place of its own
    assert upstream[0].tolist() == [1, -0.5, 0.25]
    assert [c.label for c in grid.components][4:] == ["Re z[2]", "Im z[2]"]
