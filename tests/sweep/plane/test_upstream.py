"""Upstreams by name: what they are, and that a random one belongs to its place."""

import numpy as np
import pytest

from argand.subject import TargetError
from argand.sweep.plane.upstream import at_places, named, suits

X, Y = np.linspace(-3, 3, 501), np.linspace(2, 5, 501)


def at(name, dtype="complex128", size=None, core=(), seed=0, xs=X, ys=Y):
    return at_places(name, xs, ys, size, seed, dtype, core)


@pytest.mark.parametrize(
    ("given", "name"),
    [(1, "1"), (1.0, "1"), (1j, "1j"), ("1j", "1j"), (-0.5 + 2j, "-0.5+2j"), (0.1, "0.1"),
     ("random", "random"), (1e300, "1e+300")],
)  # fmt: skip
def test_a_number_has_one_name_that_reads_back(given, name):
    assert named(given) == name == named(name)
    if given not in ("random",):
        assert complex(name) == complex(given)


@pytest.mark.parametrize("wrong", [0, float("inf"), "large", None, (1, 2)])
def test_what_is_no_upstream_is_refused(wrong):
    with pytest.raises(TargetError, match="upstreams of a study has"):
        named(wrong)


def test_numbers_are_themselves_in_every_dtype():
    assert (at("1") == 1).all()
    assert (at("-0.5+2j", "complex64") == np.complex64(-0.5 + 2j)).all()
    assert at("1", "float32").dtype == np.float32
    assert suits("1", "float32")
    assert suits("random", "float32")
    assert not suits("1j", "float32")


@pytest.mark.parametrize("dtype", ["float32", "complex128"])
def test_tiny_and_huge_are_normal_numbers_near_the_ends_of_the_range(dtype):
    info = np.finfo(dtype)
    tiny, huge = at("tiny", dtype)[0].real, at("huge", dtype)[0].real
    assert info.tiny < tiny < 1e6 * info.tiny
    assert info.max / 1e6 < huge < info.max


def test_a_random_upstream_is_a_function_of_the_place_and_the_seed():
    u = at("random")
    few = slice(100, 110)
    np.testing.assert_array_equal(at("random", xs=X[few], ys=Y[few]), u[few])
    assert not np.array_equal(at("random", seed=1), u)
    assert len(set(u)) == u.size
    assert at("random", xs=np.array([-0.0]), ys=Y[:1]) == at("random", xs=np.zeros(1), ys=Y[:1])


def test_a_random_upstream_has_every_phase_and_size():
    u = at("random", xs=np.arange(20_000.0), ys=np.zeros(20_000))
    assert abs(np.mean(u / np.abs(u))) < 0.02
    octaves = np.log2(np.abs(u))
    assert -20 < octaves.min() < -19.9
    assert 19.9 < octaves.max() < 20
    assert abs(octaves.mean()) < 0.4
    signs = np.sign(at("random", "float64", xs=np.arange(20_000.0), ys=np.zeros(20_000)))
    assert set(signs) == {-1, 1}
    assert abs(signs.mean()) < 0.03


def test_a_size_of_its_own_keeps_the_direction():
    size = np.linspace(0, 4, X.size)
    np.testing.assert_array_equal(at("1j", size=size), 1j * size)
    np.testing.assert_array_equal(at("-2", size=size), -size)
    np.testing.assert_allclose(np.abs(at("random", size=size)), size, rtol=1e-15)


def test_the_entries_of_a_row_differ():
    assert at("1j", core=(3,))[7].tolist() == [1j, -0.5j, 0.25j]
