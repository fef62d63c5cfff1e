"""The summary of a run: a line a subject, what the control says, and what got no time."""

import io

import pandas as pd
import pytest
from rich.console import Console

from argand.timing.asv_results import COLUMNS
from argand.timing.terminal import summarise


def row(quantity, variant, value, low=None, high=None, state="measured", size=1000,
        mode="xla", dtype="complex128"):  # fmt: skip
    values = {
        "subject": "z_exp_z", "dtype": dtype, "mode": mode, "device": "CPU:0",
        "quantity": quantity, "variant": variant, "value": value, "low": low, "high": high,
        "size": size, "samples": 30, "state": state,
    }  # fmt: skip
    return {c: values.get(c) for c in COLUMNS}


def shown(rows):
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(summarise(pd.DataFrame(rows, columns=list(COLUMNS))))
    return console.export_text()


def test_the_summary_answers_in_one_line_a_subject():
    text = shown(
        [
            row("time", "auto", 2e-3),
            row("time", "stable", 1.7e-3),
            row("time", "auto", 7e-3, size=1),
            row("time", "auto", 8e-3, mode="eager"),
            row("time", "auto", 9e-3, dtype="complex64"),
            row("ratio", "auto", 1.0, 0.98, 1.02),
            row("ratio", "custom", 0.8, 0.75, 0.85),
            row("ratio", "custom", 0.33, 0.3, 0.4, mode="eager"),
            row("ratio", "stable", 0.9, 0.5, 1.3),
            row("over_floor", "stable", 1.23),
            row("stream_share", "stable", 0.456),
            row("failing", "custom", 3, mode="eager"),
        ]
    )
    (line,) = [line for line in text.splitlines() if line.strip().startswith("z_exp_z")]
    words = "z_exp_z xla 2 0.80 [0.75 0.85] − 0.90 [0.50 1.30] ?934 ×1.23 46 %"
    assert line.split() == words.split()
    assert "1 pairs, 0 called different" in text
    assert "z_exp_z custom 3" in text


def test_twenty_subjects_with_long_names_are_readable_at_100_columns():
    rows = [
        row("time", "auto", 123e-3), row("ratio", "custom", 10.55, 0.12, 11.99),
        row("ratio", "stable", 10.55, 0.12, 11.99), row("over_floor", "auto", 12.34),
        row("stream_share", "auto", 0.99),
    ]  # fmt: skip
    text = shown([{**r, "subject": f"a_subject_named_{i:03}"} for i in range(20) for r in rows])
    assert all(f"a_subject_named_{i:03}" in text for i in range(20))
    assert "…" not in text


def test_a_control_that_fails_and_a_variant_without_a_time_are_told():
    text = shown(
        [
            row("time", "auto", 2e-3),
            row("ratio", "auto", 1.2, 1.1, 1.3),
            row("time", "stable", None, state="failed"),
        ]
    )
    assert "1 pairs, 1 called different" in text
    assert "no time: z_exp_z stable complex128" in text


@pytest.mark.parametrize("rows", [[], [row("time", "auto", None, None, None, state="failed")]])
def test_the_summary_of_nothing_says_so(rows):
    text = shown(rows)
    assert "no times" in text
    assert "0 pairs" in text
    assert "nan" not in text
