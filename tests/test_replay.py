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
from argand.replay import number, numbers, replay
from argand.subject import TargetError
from argand.targets import resolve

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


# --- along the last axis ---------------------------------------------------------------------


def softmax(z):
    e = tf.exp(z)
    return e / tf.reduce_sum(e, -1, keepdims=True)


def log_sum(z, t):
    return tf.math.log(tf.reduce_sum(tf.exp(z), -1)) * t


ROW = [0.5 - 1j, 2 + 0.25j, -0.0 + 3j]


@given(st.lists(st.complex_numbers(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_row_is_read_back_from_its_entries_from_its_components_and_as_a_finding_prints_it(row):
    components = ",".join(h for z in row for h in hexadecimal(z))
    for text in (",".join(map(repr, row)), components, repr(row)):
        assert numbers(text, complex_input=True) == row


@given(st.lists(finite, min_size=1))
def test_a_real_row_is_read_back(row):
    for text in (",".join(map(repr, row)), ",".join(x.hex() for x in row), repr(row)):
        assert numbers(text, complex_input=False) == row


@given(st.complex_numbers(allow_nan=False, allow_infinity=False))
def test_a_row_of_one_entry_is_the_number(z):
    assert numbers(",".join(hexadecimal(z)), complex_input=True) == [z]
    assert numbers(repr(z), complex_input=True) == [number(repr(z))]


@given(st.integers(1, 6), st.booleans())
def test_a_row_that_lacks_a_component_is_refused(entries, complex_input):
    texts = ["0x1p0"] * (2 * entries - 1)
    if complex_input:
        with pytest.raises(TargetError, match=f"has {len(texts)} components"):
            numbers(",".join(texts), complex_input=True)
    else:
        assert numbers(",".join(texts), complex_input=False) == [1.0] * len(texts)


def test_components_that_make_no_whole_entries_are_refused():
    with pytest.raises(TargetError, match="has 3 components"):
        numbers("1,2,3", complex_input=True)


def test_a_row_replays_as_exact_gives_it():
    at = ",".join(h for z in ROW for h in hexadecimal(z))
    u = [1j, 0j, 2 - 1j]
    (row,) = replay(softmax, [at], repr(u), None, core=1)
    got = argand.exact(softmax, np.array(ROW), upstream=np.array(u), core=1)
    assert eval(row["value"]) == got.value.tolist()
    assert eval(row["vjp"][0]) == got.vjp[0].tolist()
    assert np.shape(eval(row["dz"][0])) == (3, 3)
    assert row["certified"]


def test_rows_are_found_by_the_shape_and_beside_numbers():
    (row,) = replay(log_sum, ["1+2j,3j", "0x1p0,-0x1p0"], "0x1p0,0x1p1", None, core=(1, 0))
    got = argand.exact(log_sum, np.array([1 + 2j, 3j]), 1 - 1j, upstream=1 + 2j, core=(1, 0))
    assert complex(row["value"]) == got.value
    assert complex(row["vjp"][1]) == got.vjp[1]
    (row,) = replay(lambda x: tf.reduce_sum(x * x, -1), ["1,2,3"], "2", "float64")
    assert (row["value"], row["vjp"]) == ("14.0", ["[4.0, 8.0, 12.0]"])


def test_one_upstream_is_every_entrys():
    (row,) = replay(softmax, ["1,2,3"], "1", "float64", core=1)
    (same,) = replay(softmax, ["1,2,3"], "1,1,1", "float64", core=1)
    assert row["vjp"] == same["vjp"]


def test_the_command_replays_a_row(tmp_path, monkeypatch):
    (tmp_path / "rows_of_mine.py").write_text(
        "import tensorflow as tf\n\n"
        "def norm(x):\n    return x / tf.reduce_sum(x, -1, keepdims=True)\n"
    )
    monkeypatch.chdir(tmp_path)
    command = ["exact", "rows_of_mine.py:norm", "--at", "1,3", "--upstream", "0,1", "--core", "1"]
    out = CliRunner().invoke(app, [*command, "--dtype", "float64", "--format", "json"]).stdout
    (point,) = json.loads(out)["points"]
    assert (point["value"], point["vjp"]) == ("[0.25, 0.75]", ["[-0.1875, 0.0625]"])
