"""What is right is accepted: no proof of the contrary, no contract broken."""

import pytest
import tensorflow as tf

import argand
from argand.targets import from_catalogue
from argand.verdict import FAILING

FUNCTIONS = {
    "square": lambda z: z * z,
    "sum with its conjugate": lambda z: z + 2j * tf.math.conj(z),
    "square of the size": lambda z: tf.math.real(z * tf.math.conj(z)),
    "sine": tf.sin,
    "hyperbolic": lambda z: tf.sinh(z / 8),
    "quotient": lambda z: (z - 1) / (z + 1),
    "two inputs": lambda x, y: tf.complex(x * y, tf.exp(x - y)),
    "branches": lambda x: tf.where(tf.math.real(x) < 0, x, x * x),
    "constants": lambda z: tf.constant(3.0, z.dtype) * z,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tensorflows_own_gradient_breaks_no_contract(name):
    report = argand.check(FUNCTIONS[name], modes=["graph"], samples=256)
    assert {f.kind for f in report.findings} <= FAILING
    assert report.samples > 0
    assert not report.unproved


# The gradient of two inputs adds Re u·… and Im u·…, which may cancel anywhere.
@pytest.mark.parametrize("name", [n for n in FUNCTIONS if n != "two inputs"])
def test_tensorflows_own_gradient_is_accurate_where_people_compute(name):
    domain = {"quotient": ((2.0, 8.0), (2.0, 8.0))}.get(name, [(-3.0, -0.5), (0.5, 3.0)])
    report = argand.check(FUNCTIONS[name], domain=domain, modes=["eager"], samples=256, max_ulp=16)
    assert report.findings == []
    assert report.undecided == 0


def test_a_variant_alone_is_held_to_its_subjects_formula():
    published = from_catalogue("z_exp_z").variants["published"]
    report = argand.check(published, modes=["eager"], dtypes=["complex128"], samples=64)
    assert report.variants == ["published"]
    assert report.findings[0].kind == "formula"


def test_a_gradient_that_needs_no_input_is_not_missing():
    report = argand.check(
        lambda x, y: x + tf.zeros_like(y), dtypes=["float64"], modes=["eager"], samples=64
    )
    assert "missing_gradient" not in {f.kind for f in report.findings}
