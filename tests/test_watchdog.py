"""Code that never returns ends the process with one line; code that does is left alone."""

import subprocess
import sys
import textwrap
import time

import pytest

from argand import watchdog

HANGING = """
    import time
    import tensorflow as tf

    def sleeps(x):
        time.sleep(1e6)

    def loops(x):
        while True:
            pass

    @tf.custom_gradient
    def backward(x, /):
        def grad(u):
            while True:
                pass
        return x * x, grad
"""
RUN = (
    "import sys; from argand import watchdog, cli; watchdog.LIMIT = 1; "
    "sys.argv = ['argand', 'check', sys.argv[1]]; cli.main()"
)


@pytest.fixture
def told(monkeypatch):
    """What is told of calls that take longer than a tenth of a second."""
    monkeypatch.setattr(watchdog, "LIMIT", 0.1)
    monkeypatch.setattr(watchdog, "_INTERVAL", 0.01)
    lines = []
    with watchdog.watched(lines.append):
        yield lines


def wait_for(lines):
    for _ in range(500):
        if lines:
            return
        time.sleep(0.01)


def test_the_outermost_call_is_told(told):
    with watchdog.call("outside"), watchdog.call("inside"):
        wait_for(told)
    assert told == ["outside"]


def test_calls_that_return_are_left_alone(told):
    for _ in range(20):
        with watchdog.call("short"):
            time.sleep(0.02)
    time.sleep(0.3)
    assert told == []


def test_a_call_that_raises_is_over(told):
    with pytest.raises(ValueError, match="gone"), watchdog.call("raising"):
        raise ValueError("gone")
    time.sleep(0.3)
    assert told == []


@pytest.mark.parametrize(
    ("source", "name", "words"),
    [
        (HANGING, "sleeps", "the value"),
        (HANGING, "loops", "the value"),
        (HANGING, "backward", "the gradient of the function"),
        ("while True: pass\n", "f", "importing"),
    ],
)
def test_what_never_returns_is_one_line_and_exit_2(tmp_path, source, name, words):
    path = tmp_path / "hanging.py"
    path.write_text(textwrap.dedent(source))
    done = subprocess.run(
        [sys.executable, "-c", RUN, f"{path}:{name}"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "has not returned after 1 s" in done.stderr
    assert words in done.stderr
