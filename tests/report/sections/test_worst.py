"""Worst cases: the furthest off of each kind once, with all its modes, and what replays it."""

import pandas as pd

from argand.report.sections.findings import broken
from argand.report.sections.worst import from_check, from_sweep, replay


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
        "argand exact 'my file.py:f' --dtype=complex64 --at=0x1p+0,-0x1p+1 --upstream=1+2j"
    )
    assert replay("f", ["complex"], ["0x1p+0"] * 6, "", "complex64") == ""


def finding(**more):
    one = {
        "variant": "auto", "mode": "graph", "dtype": "complex128", "quantity": "gradient",
        "kind": "wrong", "message": "No digit is right.", "input": ["0x1p+0", "0x1p+1"],
        "upstream": "(1+0j)", "computed": "0j", "exact": "1j", "op": "Exp",
        "source": "/home/ann/mine.py:3", "condition": 1234.5,
    }  # fmt: skip
    return one | more


def checked(*findings):
    subject = {"inputs": [{"kind": "complex"}], "dtypes": ["complex64", "complex128"]}
    return {"target": "mine.py:f", "subject": subject, "findings": list(findings)}


def test_a_finding_stands_for_its_modes_and_quotes_its_condition_number():
    older = finding(kind="spurious_nan")
    del older["condition"]
    found = from_check(
        checked(
            finding(dtype="complex64", condition=None),
            finding(),
            finding(mode="xla", condition=7.0),
            older,
            finding(kind="formula"),
        )
    )
    assert list(found["dtype"]) == ["complex128", "complex128", "complex64"]
    assert found["modes"].tolist() == ["graph, xla", "graph", "graph"]
    assert found["condition"].tolist() == ["1.23e+03", "", ""]
    assert found["replay"][0] == (
        "argand exact mine.py:f --dtype=complex128 --at=0x1p+0,0x1p+1 --upstream=1+0j"
    )


def test_what_is_broken_is_told_once_for_all_dtypes_and_modes():
    (one,) = broken(
        checked(finding(), finding(kind="dtype"), finding(kind="dtype", dtype="complex64"))
    )
    assert (one["kind"], one["dtypes"], one["modes"]) == ("dtype", "complex128, complex64", "graph")
