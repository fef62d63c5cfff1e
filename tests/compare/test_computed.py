"""What is computed at fixed points: a row for each point, exact texts, and hashes that tell."""

import numpy as np
import pytest
import tensorflow as tf

from argand.compare.computed import POINTS, compute
from argand.subject import plane, real, subject
from argand.verdict import CODE


@subject("x^2", real("x", 1.0, 2.0))
def square(x):
    return x * x


@square.variant
@tf.custom_gradient
def custom(x):
    return x * x, lambda u: u * 2 * x


@square.variant
@tf.custom_gradient
def published(x):
    def grad(u):
        raise ValueError("no gradient here")

    return x * x, grad


@subject("Σ zᵢ", plane("z", (-1.0, 1.0), (-1.0, 1.0), entries=2))
def total(z):
    return tf.reduce_sum(z, axis=-1)


@pytest.fixture(scope="module")
def made():
    """What was computed of both subjects on the processor, and what was told."""
    told = []
    return compute([square, total], ["CPU:0"], told.append), told


def test_every_part_has_a_row_for_each_point(made):
    points, results = made[0].tables()
    assert points.groupby(["subject", "dtype"]).size().unique().tolist() == [2 * POINTS]
    parts = ["subject", "dtype", "variant", "mode", "quantity", "by"]
    assert results.groupby(parts).size().unique().tolist() == [2 * POINTS]
    assert set(results["verdict"]) <= set(CODE)
    of = results[results["subject"] == "square"]
    assert set(of["variant"]) == {"auto", "custom"}
    assert set(zip(of["quantity"], of["by"], strict=True)) == {("value", ""), ("gradient", "x")}


def test_what_raises_is_told_and_left_out(made):
    said = [line for line in made[1] if line.startswith("no result")]
    assert len(said) == 2 * 3  # dtypes and modes
    assert all("square published" in line and "no gradient here" in line for line in said)


def test_numbers_are_read_back_as_they_were_computed(made):
    points, results = made[0].tables()
    at = points[(points["subject"] == "square") & (points["dtype"] == "float64")]
    value = results[
        (results["subject"] == "square") & (results["dtype"] == "float64")
        & (results["quantity"] == "value") & (results["variant"] == "auto")
        & (results["mode"] == "eager")
    ]  # fmt: skip
    x = np.array([float.fromhex(h) for h in at["input"]])
    with np.errstate(over="ignore", under="ignore"):
        np.testing.assert_array_equal([float.fromhex(h) for h in value["computed"]], x * x)


def test_a_row_is_one_text_with_its_entries_and_a_complex_one_has_commas(made):
    points, results = made[0].tables()
    rows = points[points["subject"] == "total"]
    assert rows["input"].str.count(" ").unique().tolist() == [1]
    assert rows["input"].str.count(",").unique().tolist() == [2]
    value = results[(results["subject"] == "total") & (results["quantity"] == "value")]
    assert value["computed"].str.count(",").unique().tolist() == [1]


def test_the_hashes_are_the_same_each_time_and_differ_by_formula_and_dtype(made):
    again = compute([square], [])
    assert again.results == []
    for mine, all_of in ((again.formulas, made[0].formulas), (again.digests, made[0].digests)):
        assert mine.items() <= all_of.items()
        assert len(set(all_of.values())) == len(all_of)
