"""Where functions are tried."""

import numpy as np
import pytest

from argand.floats import real_dtype
from argand.trial.points.drawn import draw_inputs, draw_upstreams, generic_points

DTYPES = ["float32", "float64", "complex64", "complex128"]


def components(x):
    return [x.real, x.imag] if x.dtype.kind == "c" else [x]


@pytest.mark.parametrize("dtype", DTYPES)
def test_inputs_cover_the_float_line_and_hold_no_subnormal(dtype):
    (x,) = draw_inputs([dtype], None, 4096, np.random.default_rng(0))
    info = np.finfo(real_dtype(dtype))
    assert x.dtype == dtype
    for part in components(x):
        size = np.abs(part.astype(np.float64))
        assert np.isfinite(size).all()
        assert ((size == 0) | (size >= info.tiny)).all()
        assert size.max() == info.max
        assert (size == 0).any()
        assert ((size > 0.5) & (size < 2)).sum() > 100
        assert (part < 0).sum() > 1000


@pytest.mark.parametrize("dtype", ["float32", "complex128"])
def test_inputs_stay_within_the_domain_and_reach_its_ends(dtype):
    domain = [(-1.0, 3.0), (1e-30, 1e30)]
    (x,) = draw_inputs([dtype], domain, 1024, np.random.default_rng(0))
    for part, (low, high) in zip(components(x), domain, strict=False):
        real = part.dtype.type
        assert (part.min(), part.max()) == (real(low), real(high))


@pytest.mark.parametrize("dtype", DTYPES)
def test_upstreams_are_one_in_half_and_else_of_every_phase_and_size(dtype):
    u = draw_upstreams(dtype, 2048, np.random.default_rng(0))
    size = np.abs(u).astype(np.float64)
    assert u.dtype == dtype
    assert 0.4 < np.mean(u == 1) < 0.6
    assert np.any(u == (1j if dtype.startswith("complex") else -1))
    assert np.any(u == 0)
    size = size[size > 0]
    assert size.min() < 1e-30
    assert size.max() > 1e30
    assert np.isfinite(size).all()
    assert size.min() >= np.finfo(real_dtype(dtype)).tiny


def test_generic_points_are_off_every_axis():
    (z,) = generic_points(["complex128"], None, 64, np.random.default_rng(0))
    assert (z.real != 0).all()
    assert (z.imag != 0).all()
    assert np.abs(z).max() < 3


@pytest.mark.parametrize("dtype", ["float32", "complex128"])
def test_rows_are_of_entries_far_apart_near_each_other_and_within_the_domain(dtype):
    rng = np.random.default_rng(0)
    (x,) = draw_inputs([dtype], None, 2048, rng, [(3,)])
    assert (x.shape, x.dtype) == ((2048, 3), dtype)
    size = np.sort(np.abs(x.real.astype(np.float64)), axis=1)
    assert np.isfinite(size).all()
    assert (size[:, 2] / 1e6 > size[:, 0]).sum() > 200
    assert (size[:, 2] / 64 < size[:, 0]).sum() > 200
    domain = [(-1.0, 3.0), (1e-3, 1e3)]
    x, t = draw_inputs([dtype, "float64"], domain[:1] * (2 if dtype[0] == "c" else 1) + domain[1:],
                       512, rng, [(4,), ()])  # fmt: skip
    assert (x.shape, t.shape) == ((512, 4), (512,))
    for part in components(x):
        assert (part.min(), part.max()) == (-1, 3)
    assert (t.min(), t.max()) == (1e-3, 1e3)


def test_numbers_are_drawn_as_if_there_were_no_rows():
    for cores in (None, [(), ()]):
        rng = np.random.default_rng(3)
        drawn = draw_inputs(["float64", "complex64"], None, 64, rng, cores)
        if cores is None:
            first = drawn
    assert all(np.array_equal(a, b) for a, b in zip(first, drawn, strict=True))


@pytest.mark.parametrize("dtype", DTYPES)
def test_upstreams_of_rows_ask_for_one_entry_in_half_and_for_all_in_the_others(dtype):
    u = draw_upstreams(dtype, 1024, np.random.default_rng(0), (3,))
    assert (u.shape, u.dtype) == ((1024, 3), dtype)
    count = (u != 0).sum(axis=1)
    assert 0.35 < np.mean(count == 1) < 0.65
    assert (count == 3).sum() > 256
    assert np.isfinite(u).all()
