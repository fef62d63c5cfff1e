"""Frontiers are exact to the last float, and narrow regions are seen."""

import numpy as np
import pytest

from argand.sweep.jobs.frontiers import find_frontiers
from argand.sweep.jobs.job import Frontiers
from argand.sweep.store.store import Store
from argand.sweep.study import Study

EXP = """
import argand
import tensorflow as tf

@argand.subject("e^x", argand.real("x", -1.0, 1.0))
def exponential(x):
    return tf.exp(x)

@exponential.variant
@tf.custom_gradient
def halved(x):
    return 0.25 * (tf.exp(0.5 * x) * (4 * tf.exp(0.5 * x))), lambda u: u * tf.exp(x)
"""


def frontiers(target, folder, precision=1, **fields):
    study = Study(scale="frontier", resolution=9, name="reach", **fields)
    store = Store(folder)
    outcome = find_frontiers(Frontiers(study, target, precision), store)
    assert outcome.state == "made"
    assert find_frontiers(Frontiers(study, target, precision), store).state == "kept"
    return store.table(outcome.name)[0].to_pandas()


def test_the_frontiers_of_exp_are_the_known_ones(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(EXP)
    found = frontiers(f"{path}:exponential", tmp_path, modes=("eager", "graph"))
    value = found[(found.quantity == "value") & (found.ray == "x") & (found["mode"] == "eager")]
    auto = value[value.variant == "auto"].set_index("after")
    assert auto.loc["overflow", "x"] == 709.782712893384
    assert auto.loc["overflow", "hex"] == "0x1.62e42fefa39efp+9"
    assert auto.loc["overflow", "before"] == "accurate"
    # TensorFlow flushes what is below 2^-1022, from the next float on.
    assert auto.loc["accurate", "before"] == "flushed"
    assert np.nextafter(auto.loc["accurate", "x"], 0) == pytest.approx(-708.396418532264, abs=1e-12)
    # 4·e^(x/2) times e^(x/2) overflows where e^x is above the largest float over 4.
    halved = value[value.variant == "halved"].set_index("after")
    assert halved.loc["spurious_overflow", "x"] == pytest.approx(709.782712893384 - np.log(4))


def test_the_band_in_which_the_automatic_gradient_of_z_exp_z_vanishes_is_seen(tmp_path):
    found = frontiers(
        "z_exp_z", tmp_path, modes=("graph",), variants=("auto", "stable"), dtypes=("complex128",)
    )
    ray = found[(found.quantity == "gradient") & (found.ray == "Re z = Im z")]
    band = ray[(ray.variant == "auto") & (ray.before == "spurious_underflow")]
    assert band.x.max() == pytest.approx(-708.4, abs=0.5)
    assert not ray[ray.variant == "stable"].after.str.startswith("spurious").any()


def test_a_given_ray_finds_the_frontier_that_its_algebra_has(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        EXP.replace("argand.real(", "argand.plane(").replace("-1.0, 1.0", "(-9, 9), (-9, 9)")
    )
    found = frontiers(
        f"{path}:exponential", tmp_path, modes=("graph",), variants=("auto",),
        rays=((1.0, 0.001),),
    )  # fmt: skip
    value = found[(found.quantity == "value") & (found.ray == "(1, 0.001)")]
    place = value[value.after == "overflow"].iloc[0]
    # The larger component of e^(x + ix/1000) is e^x·cos(x/1000), which is all there is of it.
    assert place.x + np.log(np.cos(place.y)) == pytest.approx(709.782712893384, abs=1e-12)


def test_the_frontier_of_a_gradient_moves_with_the_size_of_the_upstream(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(EXP)
    found = frontiers(
        f"{path}:exponential", tmp_path, modes=("graph",), variants=("auto",),
        axes=((0, "|u|"),), fixed={"x": 600.0},
    )  # fmt: skip
    along = found[(found.quantity == "gradient") & (found.ray == "|u|")]
    over = along[along.after == "overflow"].y.item()
    assert np.log(over) + 600 == pytest.approx(709.782712893384, abs=1e-9)
