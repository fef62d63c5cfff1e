"""A real measurement, kept, read back and compared with another of the same machine."""

import platform

import numpy as np
import pytest

from argand.compare.accuracy import accuracy_differences
from argand.compare.computed import POINTS
from argand.compare.measure import measure
from argand.compare.measured import read
from argand.compare.sides import comparable, sides
from argand.compare.speed import speeds
from argand.targets import from_catalogue
from argand.timing.plan import Plan


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Two measurements, one after the other, read from their folders."""
    folder = tmp_path_factory.mktemp("machines")
    for name in ("2", "1"):
        made = measure([from_catalogue("exp_squared")], Plan((100,), (), 2.0))
        made.keep(folder / f"{name}-{made.name}")
    return [read(each) for each in sorted(folder.iterdir(), reverse=True)]


def test_the_same_machine_computes_the_same_digits(twice):
    kept, notes = comparable(twice)
    assert notes == []
    assert accuracy_differences(sides(kept)).empty
    of = kept[0].results
    assert set(of["variant"]) == {"auto", "published", "custom", "stable"}
    assert set(of["mode"]) == {"eager", "graph", "xla"}
    stable = of[(of["variant"] == "stable") & (of["mode"] == "graph")]
    assert len(stable) == 2 * 2 * 2 * POINTS  # dtypes, value and gradient
    assert stable.loc[stable["verdict"] == "accurate", "ulp"].max() <= 4
    assert not (of["verdict"] == "undecided").any()


def test_times_are_there_with_floors_and_transfers(twice):
    times = twice[0].times
    assert {"auto", "custom", "stable"} <= set(times.loc[times["quantity"] == "time", "variant"])
    assert (times["value"] > 0).all()
    assert set(times["quantity"]) == {"time", "floor", "transfer"}
    table = speeds(sides(twice))
    # On a busy machine a run leaves out its last cells, not always the same.
    both = table[table["judgement"] != "not timed there"]
    assert (both["side"] == sides(twice)[1].label).any()
    assert np.isfinite(both["ratio"]).all()
    assert (table["stream"] > 0).all()


def test_the_name_tells_hardware_and_tensorflow_but_no_host(twice):
    name = twice[0].name
    assert "-threads-" in name
    assert "-tensorflow-" in name
    assert platform.node().lower() not in name
