"""A subject of a user's own, with one right gradient and three wrong ones; and how many points a
primitive is tried at: few in a normal run, `--points 10000` for more."""

import textwrap

import pytest

SUBJECT = """
    import tensorflow as tf
    import argand

    @argand.subject("z^2", argand.plane("z", (-2.0, 2.0), (-2.0, 2.0)))
    def square(z):
        return z * z

    @square.variant
    @tf.custom_gradient
    def published(z):
        return z * z, lambda u: u * 2 * z

    @square.variant
    @tf.custom_gradient
    def raises(z):
        def grad(u):
            raise ValueError("no gradient here")
        return z * z, grad

    @square.variant
    @tf.custom_gradient
    def narrow(z):
        return z * z, lambda u: tf.cast(u * 2 * tf.math.conj(z), tf.complex64)
"""


@pytest.fixture(scope="session")
def target(tmp_path_factory):
    """Where the subject is: variants auto (right), published (conjugate forgotten), raises and
    narrow (a gradient of another dtype)."""
    path = tmp_path_factory.mktemp("subjects") / "mine.py"
    path.write_text(textwrap.dedent(SUBJECT))
    return f"{path}:square"


def pytest_addoption(parser):
    parser.addoption(
        "--points", type=int, default=2000, help="points for each primitive of tests/exact"
    )
    parser.addoption("--kills", type=int, default=1, help="of argand sweep, of tests/sweep")


@pytest.fixture(scope="session")
def points(request):
    return request.config.getoption("--points")
