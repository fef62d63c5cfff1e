"""Results are judged as TensorFlow gives them for tensors of the length that a study asks for."""

import numpy as np
import pytest

from argand.sweep.jobs.batches import FEW, MANY, Batches, Map
from argand.sweep.jobs.job import Tile
from argand.sweep.jobs.prepared import plane_of, problems_of
from argand.sweep.jobs.tile import sweep_tile
from argand.sweep.store.store import Store
from argand.sweep.study import Setting, Study

MINE = """
import argand
import tensorflow as tf

@argand.subject("log z", argand.plane("z", (9e29, 1e30), (9e29, 1e30)))
def log(z):
    return tf.math.log(z)

@argand.subject("z", argand.plane("z", (1.0, 2.0), (1.0, 2.0)))
def same(z):
    return z * 1

@same.variant
def counted(z):
    return z * tf.cast(tf.shape(z)[0], z.dtype)

@same.variant
def summed(z):
    return tf.reduce_sum(z)
"""


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    path = tmp_path_factory.mktemp("mine") / "mine.py"
    path.write_text(MINE)
    return path


def test_the_maps_of_short_tensors_differ_where_the_kernel_does(mine, tmp_path):
    study = Study("window", 6, modes=("graph",), lengths=(1, 3, 4, 8), name="short")
    store, verdicts = Store(tmp_path), {}
    for length in study.lengths:
        tile = Tile(study, f"{mine}:log", 0, Setting(length=length), 0, 6)
        name = sweep_tile(tile, store).name
        assert name == f"maps/short/log.complex64.length-{length}.00000"
        points = store.table(name)[0].to_pandas()
        verdicts[length] = points[points.quantity == "value"].verdict.tolist()
    # TensorFlow's vectorised complex log squares |z|, which overflows; its scalar one does not.
    assert set(verdicts[1]) == set(verdicts[3]) == {"accurate"}
    assert set(verdicts[4]) == set(verdicts[8]) == {"spurious_nan"}
    assert len({len(v) for v in verdicts.values()}) == 1


def plane_and_problem(target, variant, n):
    plane = plane_of(Study("window", n, name="w"), target, "complex64", Setting())
    return plane, problems_of(target, "complex64")[variant]


@pytest.mark.parametrize(("length", "n", "called"), [(0, 5, FEW), (0, 3000, MANY), (3, 7, 3)])
def test_every_call_has_the_length_that_is_asked_for(mine, length, n, called):
    plane, counted = plane_and_problem(f"{mine}:same", "counted", n)
    inputs, upstream = plane.at(plane.x.values, plane.y.values)
    exact = counted.exact(inputs, upstream)
    batches = Batches(("z",), "CPU:0", length)
    (of, value), _ = batches.judged(counted, "graph", inputs, upstream, exact)
    assert of == Map("counted", "graph", "value", "")
    np.testing.assert_allclose(value.computed, called * inputs[0], rtol=1e-6)
    assert len(value.codes) == n


def test_a_result_of_another_length_is_said_in_words(mine):
    plane, summed = plane_and_problem(f"{mine}:same", "summed", 4)
    inputs, upstream = plane.samples(slice(0, 4))
    exact = summed.exact(inputs, upstream)
    results = dict(Batches(("z",), "CPU:0").judged(summed, "graph", inputs, upstream, exact))
    assert all(isinstance(found, str) for found in results.values())
