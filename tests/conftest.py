"""How many points a primitive is tried at: few in a normal run, `--points 10000` for more."""

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--points", type=int, default=2000, help="points for each primitive of tests/exact"
    )


@pytest.fixture(scope="session")
def points(request):
    return request.config.getoption("--points")
