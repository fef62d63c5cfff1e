"""Rays: where they run, and that they end where the plane does."""

import numpy as np
import pytest

from argand.sweep.plane.axes import make_plane
from argand.sweep.plane.rays import rays
from argand.sweep.study import Along, Study
from argand.targets import from_catalogue
from argand.trial.problems import problem


def rays_of(name, dtype, *given, **fields):
    subject = from_catalogue(name)
    study = Study(**({"scale": "window", "name": "w", "resolution": 5} | fields))
    plane = make_plane(study, subject.inputs, problem(subject, "auto", dtype))
    return {ray.name: ray for ray in rays(plane, given)}


def test_rays_run_through_the_origin_and_along_the_diagonals():
    plane = rays_of("z_exp_z", "complex128")
    assert list(plane) == ["Re z", "Im z", "Re z = Im z", "Re z = −Im z"]
    assert plane["Re z = −Im z"].place(np.array([2.0])) == (2.0, -2.0)
    real = rays_of("exp_squared", "float64")
    assert real["x"].place(np.array([2.0])) == (2.0, 1.0)
    assert real["|u|"].place(np.array([2.0])) == (pytest.approx(2.4), 2.0)


def test_given_rays_end_where_the_plane_does():
    ray = rays_of("z_exp_z", "complex64", (-3.0, 4.0))["(-3, 4)"]
    x, y = ray.place(ray.values)
    assert x.dtype == y.dtype == np.float32
    np.testing.assert_allclose(x, -0.75 * y, rtol=1e-6)
    assert (y.min(), y.max()) == (-10, 10)
    line = rays_of("z_exp_z", "complex128", (0.0, 1.0, 3.0, 0.0))["(0, 1, 3, 0)"]
    x, y = line.place(line.values)
    assert (x == 3).all()
    assert (y.min(), y.max()) == (-10, 10)
    assert "(0, 1, 30, 0)" not in rays_of("z_exp_z", "complex128", (0.0, 1.0, 30.0, 0.0))


def test_rays_of_a_window_beside_the_origin_run_through_it():
    beside = rays_of("z_exp_z", "complex128", axes=((Along(0, window=(-720.0, -700.0)), 1),))
    assert list(beside) == ["Re z", "Im z"]
    assert beside["Re z"].place(np.array([-701.0])) == (-701, 0)
    assert beside["Im z"].place(np.array([1.0])) == (-710, 1)
