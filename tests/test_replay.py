"""Numbers written as text, and what is certified there."""

import json

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import argand
from argand.cli import app
from argand.floats import hexadecimal
from argand.replay import number, replay
from argand.subject import TargetError, resolve

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.complex_numbers(allow_nan=False, allow_infinity=False))
def test_every_complex_number_is_read_back_exactly(z):
    assert number(",".join(hexadecimal(z))) == z
    assert number(repr(z)) == z


@given(finite)
def test_every_real_number_is_read_back_exactly(x):
    assert number(x.hex()) == number(repr(x)) == x


@pytest.mark.parametrize("text", ["", "one", "1,2,3", "1+2i", "0x1p9999", "1e5j3", "nan+", "0x,1"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(TargetError, match="is not a number"):
        number(text)


def test_a_row_reads_back_as_the_arrays_of_exact():
    z, u = 0.1 - 0.7j, -2 + 1j
    (row,) = replay(resolve("z_exp_z"), [repr(z)], repr(u), None)
    got = argand.exact(lambda z: z * tf.exp(z), np.array([z]), upstream=u)
    assert complex(row["value"]) == got.value[0]
    assert complex(row["vjp"][0]) == got.vjp[0][0]
    assert (row["certified"], row["bits"]) == (True, int(got.bits[0]))


def test_inputs_come_in_order_and_again_for_each_point():
    rows = replay(resolve("complex_paraboloid"), ["3", "2", "0.5", "-1"], None, "float32")
    assert [complex(r["value"]) for r in rows] == [7 + 6j, 1.25 - 0.5j]
    assert rows[0]["vjp"] is None


def test_the_number_of_inputs_must_fit():
    with pytest.raises(TargetError, match="takes 2 input"):
        replay(resolve("complex_paraboloid"), ["3"], None, None)


def test_a_complex_number_for_a_real_input_is_refused():
    with pytest.raises(TargetError, match="is complex"):
        replay(resolve("exp_squared"), ["1+2j"], None, None)


def test_a_variant_and_a_bare_function_replay_too():
    (row,) = replay(resolve("z_exp_z").variants["custom"], ["1j"], None, "complex64")
    assert complex(row["value"]) == pytest.approx(1j * np.exp(1j), rel=1e-6)
    (row,) = replay(lambda x: tf.nn.relu(x) if x.dtype.is_complex else x * x, ["3"], "1", None)
    assert row["vjp"] == ["6.0"]


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


def test_the_command_prints_the_point_the_state_and_the_numbers():
    text = CliRunner().invoke(app, ["exact", "z_exp_z", "--at", "1+2j", "--order", "2"]).stdout
    assert "z_exp_z at 1+2j (certified, 128 bits)" in text
    for quantity in ("value", "dz", "dzbar", "dzdz", "condition"):
        assert quantity in text
    out = CliRunner().invoke(app, ["exact", "z_exp_z", "--at", "0", "--format", "json"]).stdout
    (point,) = json.loads(out)["points"]
    assert point["value"] == "0j"
