"""A subject of a user's own, with one right gradient and three wrong ones; and how many points and
kills are tried: few in a normal run, `--points 10000 --kills 20` for a release."""

import gc
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
    parser.addoption("--kills", type=int, default=5, help="of a sweep of cheap jobs, tests/sweep")


@pytest.fixture(autouse=True, scope="module")
def _kept_graphs_are_walked_once():
    """Graphs that TensorFlow and the caches keep are out of the collector's way after each file.
    With them, a collection takes over a second, and there are a hundred."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def points(request):
    return request.config.getoption("--points")
