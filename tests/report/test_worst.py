"""Worst cases: the furthest off of each kind once, with all its modes, and what replays it."""

import pandas as pd

from argand.report.worst import from_sweep, replay


def case(**more):
    one = {
        "variant": "auto", "mode": "graph", "quantity": "gradient", "by": "z",
        "verdict": "wrong", "dtype": "complex128", "ulp": 1e15, "input": "0x1p+0,0x1p+1",
        "at_upstream": "1", "computed": "0j", "exact": "1j", "condition": 2.0, "op": "Exp",
        "source": "/home/ann/mine.py:3", "reason": "", "command": "argand exact mine.py:f",
    }  # fmt: skip
    return one | more


def test_the_furthest_off_stands_for_its_modes_and_double_comes_first():
    found = from_sweep(
        pd.DataFrame(
            [
                case(dtype="complex64"),
                case(mode="eager", ulp=float("nan")),
                case(mode="xla", ulp=2e15, computed="2j"),
                case(verdict="accurate"),
                case(verdict="spurious_nan", ulp=float("inf"), condition=float("nan")),
            ]
        )
    )
    assert list(found["dtype"]) == ["complex128", "complex128", "complex64"]
    assert found["modes"][0] == "eager, xla"
    assert found["computed"][0] == "2j"
    assert found["blame"][0] == "Exp, mine.py:3"
    assert found["condition"].tolist() == ["2", "", "2"]
    assert from_sweep(pd.DataFrame(columns=list(case()))).empty


def test_the_command_quotes_what_a_shell_would_read():
    command = replay("my file.py:f", ["complex"], ["0x1p+0", "-0x1p+1"], "(1+2j)", "complex64")
    assert command == (
        "argand exact 'my file.py:f' --at=0x1p+0,-0x1p+1 --upstream=1+2j --dtype=complex64"
    )
    assert replay("f", ["complex"], ["0x1p+0"] * 6, "", "complex64") == ""
