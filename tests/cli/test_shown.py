"""What the commands print, without a command."""

import json

import typer
from typer.testing import CliRunner

from argand.check.report import Report
from argand.cli import app
from argand.cli.shown import (
    progress,
    show_answers,
    show_json,
    show_point,
    show_subjects,
    subject_row,
)
from argand.subject import plane, real, subject
from argand.trial.finding import Finding

QUANTITIES = ("value", "dz", "dzbar", "vjp", "dzdz", "dzdzbar", "dzbardzbar", "condition")


@subject("xz", real("x", 0, 1), plane("z", (0, 1), (0, 1)))
def product(x, z):
    return x * z


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


def test_of_several_targets_each_has_a_line_first(capsys):
    right = Report("f", facts={}, variants=["f"], samples=9)
    wrong = Report("g", [Finding("g", "graph", "float64", "gradient", "formula", "It is off.")])
    show_answers({"m:f": right, "m:g": wrong}, {"m:h": "it reads a file"}, "text", False, False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == ["✓ m:f: no defect", "✗ m:g: 1 defect", "? m:h: it reads a file", ""]
    show_answers({"m:f": right}, {"m:h": "it reads a file"}, "json", False, False)
    first, second = json.loads(capsys.readouterr().out)
    assert (first["target"], second) == ("f", {"target": "m:h", "refused": "it reads a file"})


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
