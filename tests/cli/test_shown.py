"""What the commands print, without a command."""

import json
from typing import ClassVar

import pytest
import typer
from typer.testing import CliRunner

from argand.check.report import LeftOpen
from argand.cli import app
from argand.cli.shown import (
    progress,
    show_json,
    show_point,
    show_report,
    show_subjects,
    subject_row,
)
from argand.subject import plane, real, subject

QUANTITIES = ("value", "dz", "dzbar", "vjp", "dzdz", "dzdzbar", "dzbardzbar", "condition")


@subject("xz", real("x", 0, 1), plane("z", (0, 1), (0, 1)))
def product(x, z):
    return x * z


class Report:
    """As much of a check's report as is shown."""

    target, samples, undecided, undefined, special = "mine", 10, 2, 1, 4
    notes, by_kind = ("a hint",), ""
    left_open: ClassVar = {"float64": LeftOpen(2, 10, ("0.0",))}

    def __init__(self, findings):
        self.findings = findings

    def of(self, severity):
        return self.findings.get(severity, [])

    def grouped(self, severity):
        return self.of(severity)

    def table(self):
        return [("auto", "right", "none", "none")]


def test_json_is_one_line_as_it_is_written(capsys):
    show_json({"formula": "∂f"})
    assert capsys.readouterr().out == '{"formula": "∂f"}\n'


def test_a_subject_is_a_row_for_json_and_for_people(capsys):
    row = subject_row(product)
    assert json.loads(json.dumps(row)) == row
    assert row["inputs"] == [{"name": "x", "kind": "real"}, {"name": "z", "kind": "complex"}]
    show_subjects([product])
    out = capsys.readouterr().out
    assert all(word in out for word in ("product", "xz", "complex64", "auto"))


def test_a_point_shows_what_there_is_and_numbers_several(capsys):
    row = dict.fromkeys((*QUANTITIES, "condition_gradient")) | {
        "at": ["1", "2"], "state": "certified", "bits": 128,
        "value": "2.0", "dz": ["7.5", "8.5"], "vjp": ["9.5"],
    }  # fmt: skip
    show_point("mine", row)
    out = capsys.readouterr().out
    assert out.startswith("mine at 1, 2 (certified, 128 bits)\n")
    assert all(word in out for word in ("value", "dz[0]", "8.5", "vjp ", "9.5"))
    assert "condition" not in out
    show_point("mine", row | {"state": "NaN input", "bits": 0})
    assert "(NaN input)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("findings", "last"),
    [
        ({}, "no finding; 10 results"),
        (
            {"limit": ["lost"], "defect": ["bad", "worse"]},
            "2 defects, 1 limit (json lists all); 10 results",
        ),
        ({"advice": ["one"]}, "1 advice (json lists all); 10 results"),
    ],
)
def test_a_report_shows_its_groups_its_notes_and_its_counts(capsys, findings, last):
    show_report(Report(findings))
    out = capsys.readouterr().out
    assert out.count("✗") == len(findings.get("defect", []))
    assert ("Limits: " in out) == ("limit" in findings)
    if "limit" in findings:
        assert out.index("✗ worse") < out.index("Limits: ") < out.index("○ lost")
    assert "note: a hint" in out
    assert out.splitlines()[-1] == (
        f"{last} judged, 2 undecided (float64: at 2 of 10 samples the reference is undecided, "
        "e.g. at x = 0.0), 1 where the function is undefined; 4 special points tried"
    )


def test_progress_is_a_line_a_step_where_there_is_no_terminal(capsys):
    with progress("drawing") as told:
        told("first", 1, 2)
        told("second", 2, 2)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "1/2 first\n2/2 second\n")


def test_no_help_text_loses_what_stands_in_brackets(monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    for name, command in typer.main.get_command(app).commands.items():
        shown = CliRunner().invoke(app, [name, "--help"]).stdout
        for parameter in command.params:
            words = getattr(parameter, "help", None) or ""
            assert " ".join(words.split()) in " ".join(shown.split()), parameter.name
