"""What an author says of a function once."""

import pytest

import argand
from argand.check.options import Options
from argand.declared import declare, declared_in_project, declared_of
from argand.subject import TargetError


def test_what_is_declared_is_taken_where_a_call_says_nothing():
    @declare(domain=(1, 2), dtypes=["float32"])
    def f(x):
        return x * x

    assert declared_of(f) == {"domain": (1, 2), "dtypes": ["float32"]}
    own = Options(domain=(3, 4)).of(f)
    assert own.domain == (3, 4)
    assert own.dtypes == ["float32"]
    report = argand.check(f, modes=["eager"], samples=16)
    assert report.dtypes == ["float32"]


def test_what_takes_no_attribute_is_told():
    with pytest.raises(TargetError, match="wrap it in a def"):
        declare(domain=(1, 2))(len)


def test_a_project_declares_in_its_pyproject(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.argand."mine:f"]\ndomain = [[0, 1]]\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    assert declared_in_project("mine:f", inner) == {"domain": [[0, 1]]}
    assert declared_in_project("mine:g", inner) == {}
    (inner / "pyproject.toml").write_text('[tool.argand."mine:f"]\ndomains = 3\n')
    with pytest.raises(TargetError, match="says 'domains', which is not one of dtypes, domain"):
        declared_in_project("mine:f", inner)
    (inner / "pyproject.toml").write_text("[tool")
    with pytest.raises(TargetError, match="cannot be read"):
        declared_in_project("mine:f", inner)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"modes": ["fast"]}, "mode 'fast'"),
        ({"modes": []}, "no mode"),
        ({"quick": True, "thorough": True}, "exclude"),
        ({"max_ulp": float("nan")}, "max_ulp"),
        ({"max_ulp": float("inf")}, "max_ulp=inf"),
        ({"samples": 0}, "samples=0"),
    ],
)
def test_options_that_make_no_sense_are_one_line(wrong, words):
    with pytest.raises(TargetError, match=words):
        Options(**wrong)
