"""Programs drawn from every operation that argand follows end in an answer or in one line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from argand.exact.rules.composed import ALIASES, COMPOSED
from argand.exact.rules.shaped import SHAPED
from argand.exact.rules.structural import STRUCTURAL
from benchmarks.scripts import fuzz, programs


@st.composite
def ended(draw):
    """How a drawn program ends: ``tried`` raises where that is a traceback."""
    return fuzz.tried(lambda n: draw(st.integers(0, n - 1)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(ended())
def test_no_drawn_program_ends_in_a_traceback(end):
    replay, ends = end
    assert ends.count(",") == 1, replay


def test_every_operation_can_be_drawn():
    assert programs.MISSING == []
    assert {*COMPOSED, *SHAPED, *STRUCTURAL, *ALIASES} <= programs.COVERED


def test_a_traceback_is_told_with_a_program_that_replays_it(monkeypatch, capsys):
    monkeypatch.setattr(fuzz, "exact", lambda *arguments: 1 / 0)
    monkeypatch.setattr("sys.argv", ["fuzz.py", "1", "--seed", "7"])
    assert fuzz.main() == 1
    out, err = capsys.readouterr()
    assert "ZeroDivisionError" in err
    assert out.startswith("seed 7:\nimport numpy")
    monkeypatch.setattr(fuzz, "exact", lambda *arguments: "certified")
    monkeypatch.setattr(fuzz, "checked", lambda *arguments: "none")
    assert fuzz.main() == 0
    exec(out.split("\n", 1)[1].split("argand.exact")[0], {})
