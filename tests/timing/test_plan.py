"""How much is measured: what the environment asks for, and what asv's command line does."""

import re

import pytest

from argand.subject import TargetError
from argand.timing.plan import FULL, QUICK, all_sizes, asked, asks_to_be_quick, quick_run


def test_without_a_wish_the_grid_is_the_runs():
    assert asked(True, {}) == QUICK
    assert asked(False, {}) == FULL
    assert set(QUICK.sizes) <= set(FULL.sizes)
    assert all_sizes({}) == list(FULL.sizes)


def test_the_environment_asks_for_sizes_and_seconds():
    wish = {"ARGAND_SIZES": "10_000_000 7", "ARGAND_SECONDS": "60"}
    assert asked(True, wish).sizes == (7, 10_000_000)
    assert asked(True, wish).seconds == 60
    assert all_sizes(wish) == [1, 7, 1_000, 100_000, 1_000_000, 10_000_000]


@pytest.mark.parametrize("name", ["ARGAND_SIZES", "ARGAND_SECONDS"])
@pytest.mark.parametrize("text", ["0", "-1", "many", "nan", "inf"])
def test_what_is_no_number_is_refused_in_one_line(name, text):
    with pytest.raises(TargetError, match=f"{name} holds '{text}'"):
        asked(True, {name: text})


@pytest.mark.parametrize(
    ("command", "quick"),
    [
        ("/usr/bin/python3 -m asv run --quick HEAD^!", True),
        ("/env/bin/python /env/bin/asv run -q", True),
        ("asv continuous -eq main HEAD", True),
        ("asv run --qui", True),
        ("asv run HEAD^!", False),
        ("asv run --queue -b quick", False),
        ("python -m pytest -q", False),
        ("pip install -q asv", False),
    ],
)
def test_asvs_command_line_says_whether_it_is_quick(command, quick):
    assert asks_to_be_quick(command.split()) is quick


def test_a_process_that_is_not_asvs_is_not_quick():
    assert quick_run() is False


def test_the_pattern_takes_the_cells_of_the_grid_and_no_others():
    """As asv writes a cell's name: its parameters are their reprs."""
    cell = "value_and_gradient.{}('z_exp_z', 'auto', 'single', 'xla', {}, 'CPU:0')".format
    assert re.search(QUICK.pattern, cell("Variants.track_time", 100000))
    assert re.search(QUICK.pattern, cell("Worth.track_failing", 100000))
    assert not re.search(QUICK.pattern, cell("Variants.track_time", 1000))
    assert not re.search(QUICK.pattern, cell("Variants.track_time", 1000000))
    assert re.search(QUICK.pattern, "apart.Subjects.track_complex('z_exp_z')")
    part = "apart.Parts.track_time('f', 'auto', 'forward', 'single', 'xla', 100000, 'CPU:0')"
    assert not re.search(QUICK.pattern, part)
    assert re.search(FULL.pattern, part)
    assert not re.search(FULL.pattern, "bench_exact.Certified.track_ratio('z', 'complex64')")
