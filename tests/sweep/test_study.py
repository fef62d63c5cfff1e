"""Studies: found by file, refused with field and reason before any work."""

from pathlib import Path

import pytest

from argand.subject import TargetError
from argand.sweep.study import Study, find_studies

SHIPPED = Path(__file__).parents[2] / "stability"


def test_the_shipped_studies_cover_the_float_line_and_the_window():
    found = {study.name: study for study in find_studies(SHIPPED)}
    assert {s.scale for s in found.values()} == {"float line", "window", "frontier"}
    assert all(s.resolution**2 >= 40_000 for s in found.values())


def test_names_choose_and_unknown_names_are_refused():
    assert [s.name for s in find_studies(SHIPPED, ["window"])] == ["window"]
    with pytest.raises(TargetError, match=r"no study 'nothing'.*float_line"):
        find_studies(SHIPPED, ["nothing"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scale", "logarithmic"),
        ("resolution", 1),
        ("resolution", -5),
        ("subjects", ("nothing",)),
        ("modes", ("fast",)),
        ("modes", ()),
        ("dtypes", ("int32",)),
    ],
)
def test_a_wrong_field_is_named_with_the_reason(field, value):
    with pytest.raises(TargetError, match=field) as refusal:
        Study(**({"scale": "window"} | {field: value}))
    assert "\n" not in str(refusal.value)


def test_a_wrong_file_is_named(tmp_path):
    (tmp_path / "mine.py").write_text("1 / 0\n")
    with pytest.raises(TargetError, match=r"mine\.py: ZeroDivisionError"):
        find_studies(tmp_path)
    with pytest.raises(TargetError, match="no folder"):
        find_studies(tmp_path / "absent")


def test_a_name_is_declared_once(tmp_path):
    text = "from argand.sweep.study import Study\nmine = Study(scale='window')\n"
    (tmp_path / "a.py").write_text(text)
    (tmp_path / "b.py").write_text(text)
    with pytest.raises(TargetError, match=r"b\.py declares the study 'mine' a second time"):
        find_studies(tmp_path)
