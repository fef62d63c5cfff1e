"""``argand check … --surrogate``: named on the command line, in pyproject.toml or declared."""

import sys

import pytest

from argand.cli import main

MINE = """
import tensorflow as tf
import argand

@tf.custom_gradient
def straight(x, /):
    return tf.round(x), lambda u: u

@argand.declare(surrogate=tf.identity)
@tf.custom_gradient
def said(x, /):
    return tf.round(x), lambda u: u

@tf.custom_gradient
def clipped(x, /):
    return tf.identity(x), lambda u: tf.clip_by_value(u, -1.0, 1.0)

def clipping(u, x):
    return tf.clip_by_value(u, -1.0, 1.0)

def of_three(x, y, z):
    return x
"""


@pytest.fixture
def check(monkeypatch, capsys, tmp_path):
    """Call ``argand check`` of a function of MINE; returns (exit code, stdout, stderr)."""
    (tmp_path / "mine.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)

    def call(name, *options):
        arguments = ["check", f"mine.py:{name}", "--quick", "--dtype", "float32", *options]
        monkeypatch.setattr(sys, "argv", ["argand", *arguments])
        with pytest.raises(SystemExit) as exit:
            main()
        return exit.value.code, *capsys.readouterr()

    return call


def test_without_one_it_is_a_defect_that_says_what_to_declare(check):
    code, out, _ = check("straight")
    assert code == 1
    assert "This is the gradient of x; if that is meant, declare surrogate=tf.identity." in out


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("straight", ["--surrogate", "tf.identity"]),
        ("straight", ["--surrogate", "tensorflow:identity"]),
        ("said", []),
        ("clipped", ["--surrogate", "mine.py:clipping"]),
    ],
)
def test_with_one_it_is_right(check, name, options):
    code, out, _ = check(name, *options)
    assert code == 0, out


def test_the_project_may_say_it(check, tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.argand."mine.py:straight"]\nsurrogate = "tf.identity"\n'
    )
    assert check("straight")[0] == 0


def test_another_ones_gradient_is_still_wrong(check):
    assert check("said", "--surrogate", "tf.negative")[0] == 1


def test_one_of_other_inputs_is_refused_in_a_line(check):
    code, out, err = check("straight", "--surrogate", "mine.py:of_three")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "takes 3 input(s), the function 1" in err
