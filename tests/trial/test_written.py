"""What is written is read back, bit for bit."""

import shlex

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from argand.replay import number
from argand.trial.written import hexes, pairs, replay_command, text, witness

FLOAT = st.floats(allow_nan=False)
COMPLEX = arrays(np.complex128, 3, elements=st.complex_numbers(allow_nan=False))


@given(COMPLEX)
def test_components_are_read_back(z):
    parts = [float.fromhex(h) for h in hexes([z])]
    np.testing.assert_array_equal(np.array(parts).view(np.complex128), z)
    assert [number(p) for p in pairs(z)] == z.tolist()


@given(FLOAT)
def test_a_result_is_read_back_as_python_does(x):
    assert float(text(np.array(x))) == x
    assert text(np.array([x])) == f"[{x!r}]"


def test_a_witness_says_where_and_what():
    seen = witness([np.array([1.0, 2.0])], np.array([1.0, 3.0]), 1, 5.0, 6.0)
    assert seen == {
        "input": (float(2).hex(),),
        "upstream": "3.0",
        "computed": "5.0",
        "exact": "6.0",
    }


def test_a_command_survives_the_shell():
    words = shlex.split(replay_command("my file.py:f", "float64", ["0x1p0", "-0x1p1"], "(1+2j)"))
    assert words == ["argand", "exact", "my file.py:f", "--dtype=float64", "--at=0x1p0",
                     "--at=-0x1p1", "--upstream=(1+2j)"]  # fmt: skip
    assert "--upstream" not in replay_command("f", "float64", ["1"], "")
