"""What `argand exact` prints: points as text in, certified numbers as text out."""

import json

import pytest
import tensorflow as tf
from typer.testing import CliRunner

from argand.cli import app
from argand.replay import number, replay
from argand.subject import TargetError


def test_a_row_says_value_derivatives_bits_and_what_is_known():
    (row,) = replay(tf.sqrt, ["-0x1p2,-0x0p0"], "1", "complex128")
    assert complex(row["value"]) == -2j
    assert complex(row["dz"][0]) == 0.25j
    assert complex(row["vjp"][0]) == -0.25j
    assert row["certified"]
    assert row["bits"] == 128
    assert row["dzdz"] is None
    end, pole, infinite = replay(tf.math.log, ["1", "0", "inf"], None, "float64")
    assert [r["state"] for r in (end, pole, infinite)] == [
        "certified", "undefined", "infinite input",
    ]  # fmt: skip
    assert pole["undefined"]
    assert not pole["certified"]


def test_order_two_adds_second_derivatives_and_conditions():
    (row,) = replay(tf.exp, ["2.5"], None, "float64", order=2)
    assert row["dzdz"] == row["value"]
    assert float(row["condition"]) == 2.5


@pytest.mark.parametrize(
    ("text", "value"), [("1+2j", 1 + 2j), ("0x1p-3", 0.125), ("0x1p0,-0x1p1", 1 - 2j)]
)
def test_numbers_are_read_exactly(text, value):
    assert number(text) == value


def test_what_is_no_number_is_refused():
    with pytest.raises(TargetError, match="not a number"):
        number("one")


def test_the_command_prints_the_point_the_state_and_the_numbers():
    text = CliRunner().invoke(app, ["exact", "z_exp_z", "--at", "1+2j", "--order", "2"]).stdout
    assert "z_exp_z at 1+2j (certified, 128 bits)" in text
    for quantity in ("value", "dz", "dzbar", "dzdz", "condition"):
        assert quantity in text
    out = CliRunner().invoke(app, ["exact", "z_exp_z", "--at", "0", "--format", "json"]).stdout
    (point,) = json.loads(out)["points"]
    assert point["value"] == "0j"
