"""Where functions are tried."""

import numpy as np
import pytest

from argand.check.samples import draw_inputs, draw_upstreams, generic_points
from argand.floats import real_dtype

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
