"""Worst cases: a search from the plane's worst points ends at worse ones, within the plane."""

import shlex

import pytest

from argand.replay import replay
from argand.sweep.jobs.job import Tile, Worst
from argand.sweep.jobs.tile import sweep_tile
from argand.sweep.jobs.worst_cases import find_worst
from argand.sweep.store.store import Store
from argand.sweep.study import Along, Study
from argand.targets import from_catalogue, resolve

MINE = """
import argand
import tensorflow as tf

@argand.subject("e^z - 1", argand.plane("z", (-2.0, 2.0), (-2.0, 2.0)))
def expm1(z):
    return tf.exp(z) - 1

@argand.subject("softmax", argand.real("x", -2.0, 2.0, entries=3))
def softmax(x):
    e = tf.exp(x)
    return e / tf.reduce_sum(e, -1, keepdims=True)

@softmax.variant
@tf.custom_gradient
def unsummed(x, /):
    e = tf.exp(x)
    s = e / tf.reduce_sum(e, -1, keepdims=True)
    return s, lambda u: u * s
"""


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    path = tmp_path_factory.mktemp("mine") / "mine.py"
    path.write_text(MINE)
    return path


def worst(target, folder, **fields):
    fields = {"scale": "window", "resolution": 16, "modes": ("graph",), "name": "small"} | fields
    job = Worst(Study(**fields), target, 1)
    store = Store(folder)
    outcome = find_worst(job, store)
    assert outcome.state == "made"
    assert find_worst(job, store).state == "kept"
    return store, store.table(outcome.name)[0].to_pandas()


def test_the_search_finds_what_the_grid_misses_and_says_who_is_to_blame(mine, tmp_path):
    store, table = worst(f"{mine}:expm1", tmp_path, resolution=64, modes=("eager",))
    row = table[(table.quantity == "value") & (table.verdict == "inaccurate")].iloc[0]
    tile = Tile(
        Study("window", 64, modes=("eager",), name="small"), f"{mine}:expm1", 1, start=0, stop=64
    )
    points = store.table(sweep_tile(tile, store).name)[0].to_pandas()
    of_grid = points[(points.quantity == "value")].ulp
    assert row.ulp > 10 * of_grid.max() > 40
    assert row.op == "Sub"
    assert row.source.endswith("mine.py:7")
    assert row.condition < 2
    re, im = map(float.fromhex, row.input.split(","))
    assert abs(complex(re, im)) < 0.3
    accurate = table[table.verdict == "accurate"].set_index("quantity").ulp
    assert (accurate <= 4).all()


def test_the_command_certifies_the_witness_again(tmp_path):
    _, table = worst(
        "z_exp_z", tmp_path, variants=("auto",), axes=((Along(0, window=(-714.0, -709.0)), 1),)
    )
    row = table[(table.quantity == "gradient") & (table.verdict == "spurious_underflow")].iloc[0]
    program, verb, target, dtype, at, upstream = row.command.split()
    assert (program, verb, target, dtype) == ("argand", "exact", "z_exp_z", "--dtype=complex128")
    options = {part.split("=")[0]: part.split("=")[1] for part in (at, upstream)}
    (again,) = replay(resolve(target), [options["--at"]], options["--upstream"], "complex128")
    assert again["vjp"] == [row.exact]
    assert again["certified"]
    assert row.computed in ("0j", "(-0+0j)", "-0j")
    # The largest that vanishes is where e^(Re z) is flushed, at the edge of the band.
    assert float.fromhex(row.input.split(",")[0]) == pytest.approx(-709, abs=1e-6)


def test_the_search_stays_in_the_plane(tmp_path):
    _, table = worst(
        "complex_paraboloid", tmp_path, variants=("auto",), axes=((0, "|u|"),), fixed={"y": 2.0}
    )
    assert len(table)
    for row in table.itertuples():
        x, y = map(float.fromhex, row.input.split())
        assert y == 2
        assert -10 <= x <= 10


def test_rows_have_worst_cases_too(mine, tmp_path):
    _, table = worst(f"{mine}:softmax", tmp_path, axes=((0, 1),))
    wrong = table[(table.variant == "unsummed") & (table.quantity == "gradient")]
    assert "wrong" in set(wrong.verdict)
    assert "accurate" not in set(wrong.verdict)
    right = table[(table.variant == "auto") & (table.quantity == "value")]
    assert {"accurate"} == set(right.verdict)
    assert all(len(row.input.split()) == 3 for row in table.itertuples())
    row = wrong[wrong.verdict == "wrong"].iloc[0]
    _, _, target, *options = shlex.split(row.command)
    given = dict(option.removeprefix("--").split("=", 1) for option in options)
    (again,) = replay(resolve(target), [given["at"]], given["upstream"], given["dtype"])
    assert again["vjp"] == [row.exact]


def test_a_plane_that_does_not_suit_has_no_worst_case(tmp_path):
    outcome = find_worst(
        Worst(Study("frontier", 8, name="reach"), "complex_paraboloid", 0), Store(tmp_path)
    )
    assert outcome.name == ""
    assert "no frontier" in outcome.reason
    assert from_catalogue("complex_paraboloid").kind == "real"
