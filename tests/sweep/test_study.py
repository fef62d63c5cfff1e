"""Studies: found by file, refused with field and reason before any work."""

from pathlib import Path

import pytest

from argand.subject import TargetError
from argand.sweep.jobs.job import Frontiers
from argand.sweep.plane.upstream import SIZE
from argand.sweep.study import Along, Setting, Study, find_studies, settings

SHIPPED = Path(__file__).parents[2] / "stability"


def test_the_shipped_studies_cover_what_they_should():
    found = {study.name: study for study in find_studies(SHIPPED)}
    assert {s.scale for s in found.values()} == {"float line", "window", "frontier"}
    assert any(SIZE in (x.component, y.component) for s in found.values() for x, y in s.axes)
    assert len(found["slices"].axes) > 1
    assert all(s.lengths == (0,) and s.upstreams == ("1",) for s in found.values())


def test_long_studies_are_swept_only_by_their_names():
    found = find_studies(SHIPPED, ["upstreams_float_line", "upstreams_window", "lengths"])
    assert all(s.by_name for s in found)
    for study in found[:2]:
        assert study.upstreams == ("1", "1j", "random", "tiny", "huge")
        assert study.resolution**2 >= 10**6
    assert {1, 3, 8} < set(found[2].lengths)
    assert not {s.name for s in found} & {s.name for s in find_studies(SHIPPED)}


def test_every_plane_of_a_study_is_a_setting_of_its_own():
    study = Study(
        "window", axes=((0, 1), (0, SIZE)), upstreams=(1, -2j), lengths=(0, 3), name="many"
    )
    found = settings(study)
    assert len(found) == len(set(found)) == 8
    assert found[1] == Setting(0, "1", 3, "CPU:0")
    names = {Frontiers(study, "f", 0, s).place("f", "complex64") for s in found}
    assert len(names) == 8
    assert "frontiers/many/f.complex64.axes-1.upstream--2j.length-3" in names
    assert hash(study) == hash(Study("window", axes=[(0, 1), (0, SIZE)], upstreams=["1", "-2j"],
                                     lengths=[0, 3], name="many"))  # fmt: skip


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
        ("modes", "graph"),
        ("resolution", 2.5),
        ("axes", ((0,),)),
        ("axes", ((0, 0),)),
        ("axes", ((SIZE, 0),)),
        ("axes", ((-1, 0),)),
        ("axes", ((0, 1.5),)),
        ("axes", ((0, 1), (0, 1))),
        ("axes", ((Along(0, window=(2.0, 1.0)), 1),)),
        ("axes", ((Along(0, window=(0.0, float("nan"))), 1),)),
        ("axes", ((0, Along(SIZE, window=(-1.0, 1.0))),)),
        ("axes", ((Along(0, scale="log"), 1),)),
        ("fixed", {"Im z": float("inf")}),
        ("fixed", ((3, 1.0),)),
        ("upstreams", ()),
        ("upstreams", (0,)),
        ("upstreams", (complex("nan"),)),
        ("upstreams", ("large",)),
        ("upstreams", (1, 1.0)),
        ("lengths", (-1,)),
        ("lengths", (65_537,)),
        ("devices", ("gpu",)),
        ("rays", ((0.0, 0.0),)),
        ("rays", ((1.0, 0.0, 0.0),)),
        ("rays", (45.0,)),
        ("seed", -1),
    ],
)
def test_a_wrong_field_is_named_with_the_reason(field, value):
    with pytest.raises(TargetError, match=field) as refusal:
        Study(**({"scale": "window"} | {field: value}))
    assert "\n" not in str(refusal.value)


def test_an_upstream_of_a_size_of_its_own_is_no_direction():
    with pytest.raises(TargetError, match=r"upstreams .* 'tiny', but its size is an axis"):
        Study("window", axes=((0, SIZE),), upstreams=(1, "tiny"))


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
