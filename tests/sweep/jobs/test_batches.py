"""Results are judged as TensorFlow gives them for tensors of the length that a study asks for."""

import numpy as np
import pytest

from argand.sweep.jobs.batches import FEW, MANY, Judge
from argand.sweep.jobs.certified import compute
from argand.sweep.jobs.job import Tile
from argand.sweep.jobs.prepared import find, truth_of
from argand.sweep.jobs.tile import sweep_tile
from argand.sweep.plane.axes import make_plane
from argand.sweep.plane.study import Setting, Study
from argand.sweep.store.store import Store

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


@pytest.mark.parametrize(("length", "n", "called"), [(0, 5, FEW), (0, 3000, MANY), (3, 7, 3)])
def test_every_call_has_the_length_that_is_asked_for(mine, length, n, called):
    target = f"{mine}:same"
    plane = make_plane(
        Study("window", n, name="w"), find(target), "complex64", truth_of(target, "complex64")
    )
    inputs, upstream = plane.at(plane.x.values, plane.y.values)
    exact = compute(truth_of(target, "complex64"), inputs, upstream, "complex64")
    runner = Judge(target, "CPU:0", length)
    value, _ = [j for _, j in runner.judged("counted", "graph", inputs, upstream, exact)]
    np.testing.assert_allclose(value.computed, called * inputs[0], rtol=1e-6)
    assert len(value.codes) == n


def test_a_result_of_another_length_is_said_in_words(mine):
    target = f"{mine}:same"
    truth = truth_of(target, "complex64")
    plane = make_plane(Study("window", 4, name="w"), find(target), "complex64", truth)
    inputs, upstream = plane.samples(slice(0, 4))
    exact = compute(truth, inputs, upstream, "complex64")
    results = dict(Judge(target, "CPU:0").judged("summed", "graph", inputs, upstream, exact))
    assert all(isinstance(found, str) for found in results.values())
