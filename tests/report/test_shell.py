"""The shell of a page: all but the templates is text, and a page replaces an earlier one whole."""

import hashlib
from base64 import b64encode
from pathlib import Path

import jinja2
import pytest

from argand.report import shell
from argand.report.shell import render, write
from argand.subject import TargetError


@pytest.fixture
def template(tmp_path, monkeypatch):
    """A page of three lines, whose text is given."""
    (tmp_path / "style.css").write_text("b {}\n")
    (tmp_path / "script.js").write_text("go()\n")
    (tmp_path / "macros.html").write_text("{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}")
    (tmp_path / "t.html").write_text(
        "{{ policy }}\n\n{{ style }}{{ script }}\n{{ text }} {{ once('p') }} {{ once('p') }}"
    )
    monkeypatch.setattr(shell, "_TEMPLATES", tmp_path)


@pytest.mark.usefixtures("template")
def test_text_is_escaped_and_the_policy_has_the_scripts_own_hash():
    page = render("t.html", text="<b>&")
    digest = b64encode(hashlib.sha256(b"go()\n").digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "&lt;b&gt;&amp;" in page
    assert "\n\n" not in page


@pytest.mark.usefixtures("template")
def test_a_picture_that_comes_again_is_a_reference():
    page = render("t.html", text="")
    assert page.count("<image") == page.count("<use") == 1
    assert render("t.html", text="") == page  # ids begin anew in each page


@pytest.mark.usefixtures("template")
def test_a_name_that_the_page_lacks_is_an_error():
    with pytest.raises(jinja2.UndefinedError):
        render("t.html")


@pytest.mark.usefixtures("template")
def test_a_fragment_may_call_the_macros_and_sees_no_value_but_its_own(tmp_path):
    (tmp_path / "t.html").write_text("{{ fragment(source, word='<x>') }}{{ text }}")
    assert render("t.html", source="{{ bold(word) }}", text="") == "<b>&lt;x&gt;</b>\n"
    with pytest.raises(jinja2.UndefinedError):
        render("t.html", source="{{ text }}", text="")


def test_the_templates_lie_beside_the_report_with_style_and_script():
    folder = Path(shell.__file__).parent / "templates"
    assert {"page.html", "compare.html", "style.css", "script.js"} <= {
        f.name for f in folder.iterdir()
    }


def test_a_page_replaces_an_earlier_one_with_its_files(tmp_path):
    out = tmp_path / "new" / "page.html"
    assert write(out, "é", "page.data", {"a.csv": "1\n", "b.csv": "2\n"}) == 2
    write(out, "later", "page.data", {"b.csv": "3\n"})
    assert out.read_text() == "later"
    found = {f.name: f.read_text() for f in (out.parent / "page.data").iterdir()}
    assert found == {"b.csv": "3\n"}


def test_where_nothing_can_be_written_the_place_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetError, match=r"page\.html cannot be written"):
        write(tmp_path / "file" / "page.html", "", "page.data", {})
