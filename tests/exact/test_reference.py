"""An Exact answers about quantities, gradients, states and places."""

from dataclasses import fields

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import argand
from argand.exact.reference import STATES, Exact, certify
from argand.frontend.trace import trace_value

N = 6
states = arrays(np.uint8, N, elements=st.integers(0, len(STATES) - 1))


def made(state, inputs=2, vjp=True, order=1):
    """An Exact of ``inputs`` inputs whose numbers are all different."""
    numbers = iter(np.arange(20 * N, dtype=float).reshape(20, N))
    derivatives = [tuple(next(numbers) for _ in range(inputs)) for _ in range(3)]
    second = [next(numbers) for _ in range(5)] if order == 2 else []
    products = derivatives[2] if vjp else None
    bits = np.arange(N)
    return Exact(next(numbers), *derivatives[:2], products, state, bits, *second)


@given(states)
def test_every_sample_is_certified_undefined_or_undecided(state):
    exact = made(state)
    ways = np.array([exact.certified, exact.undefined, exact.undecided])
    assert (ways.sum(axis=0) == 1).all()
    assert (exact.undecided == ((state != 1) & (state != 2))).all()


@given(states, st.integers(-3, 1))
def test_a_quantity_is_the_value_or_a_gradient(state, by):
    exact = made(state)
    assert exact.quantity(by) is (exact.value if by < 0 else exact.vjp[by])
    assert exact.gradients is exact.vjp


def test_without_upstream_there_is_a_value_and_no_gradient():
    exact = made(np.ones(N, np.uint8), vjp=False)
    assert exact.quantity(-1) is exact.value
    with pytest.raises(ValueError, match="upstream"):
        exact.quantity(0)
    with pytest.raises(ValueError, match="upstream"):
        _ = exact.gradients


@given(states, st.lists(st.integers(0, N - 1)), st.booleans(), st.sampled_from([1, 2]))
def test_at_places_every_field_is_taken_there(state, places, vjp, order):
    exact = made(state, vjp=vjp, order=order)
    places = np.array(places, int)
    there = exact.at(places)
    for f in fields(Exact):
        whole, part = getattr(exact, f.name), getattr(there, f.name)
        if isinstance(whole, tuple):
            assert all((p == w[places]).all() for w, p in zip(whole, part, strict=True))
        else:
            assert (whole is part is None) or (part == whole[places]).all()
    assert (there.certified == exact.certified[places]).all()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(-40, 40), min_size=1, max_size=8), st.data())
def test_samples_do_not_depend_on_their_company(xs, data):
    z, u = np.array(xs), np.ones(len(xs))
    program = trace_value(lambda x: tf.where(x > 0, x * tf.exp(x), tf.abs(x)), ["float64"])
    whole = certify(program, [z], u, "float64")
    k = data.draw(st.integers(0, len(xs) - 1))
    alone, there = certify(program, [z[[k]]], u[[k]], "float64"), whole.at(np.array([k]))
    assert there.state == alone.state
    assert np.array_equal(there.value, alone.value, equal_nan=True)
    assert np.array_equal(there.quantity(0), alone.quantity(0), equal_nan=True)


@settings(deadline=None, max_examples=25)
@given(st.floats(-30, 30), st.floats(-30, 30))
def test_the_gradient_by_a_function_is_the_product_with_its_derivatives(x, y):
    z, u = np.array([complex(x, y)]), np.array([2 - 1j])
    exact = argand.exact(lambda z: tf.math.conj(z) * tf.exp(z), z, upstream=u)
    expected = u * np.conj(exact.dz[0]) + np.conj(u) * exact.dzbar[0]
    assert exact.certified.all()
    np.testing.assert_allclose(exact.quantity(0), expected, rtol=1e-13)


def test_a_program_without_output_is_refused():
    program = trace_value(tf.exp, ["float64"])
    with pytest.raises(ValueError, match="no output"):
        certify(program.to([None]), [np.ones(1)], None, "float64")
