"""A file of the folder is a section by being there, whoever draws it."""

import copy
import importlib
import re
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from argand.report import page as pages
from argand.report import sections as folder
from argand.report.page import report
from argand.report.sections import sections

HEADINGS = ["What the check found", "Profile along the axes", "Distribution of errors",
            "Worst cases", "Times"]  # fmt: skip
CONTRIBUTING = Path(__file__).parents[3] / "CONTRIBUTING.md"


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes a section into a folder that is the package's as well."""
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])

    def write(name, text):
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        sections.cache_clear()
        names.append(f"{folder.__name__}.{name}")

    names = []
    yield write
    sections.cache_clear()
    for name in names:
        sys.modules.pop(name, None)
        vars(folder).pop(name.rpartition(".")[2], None)


def parsed(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def headings(page, subject="square"):
    return [h.get_text() for h in page.find(id=subject).find_all("h3")]


def test_the_sections_stand_in_the_order_of_their_places(built):
    places = [s.PLACE for s in sections()]
    assert places == sorted(set(places))
    found = headings(parsed(built))
    assert [h for h in found if " over " not in h] == HEADINGS
    assert " over Re z, Im z, complex128" in found[1]


def test_the_section_of_contributing_is_shown_where_it_says_until_its_file_is_gone(
    swept, timed, built, tmp_path, written
):
    text = CONTRIBUTING.read_text()
    example = re.search(r"```python\n# src/argand/report/sections/(\w+)\.py\n(.*?)```", text, re.S)
    name, code = example.groups()
    assert len(code.splitlines()) <= 20
    written(name, code)
    report(swept, timed, tmp_path / "with" / "index.html")
    page = parsed(tmp_path / "with" / "index.html")
    title = "All points by verdict"
    found = headings(page)
    assert found.index(title) == found.index("Profile along the axes") - 1
    verdicts = page.find("h3", string=title).find_next("table").find_all("td")
    assert "accurate" in [cell.get_text() for cell in verdicts]
    (tmp_path / f"{name}.py").unlink()
    sections.cache_clear()
    report(swept, timed, tmp_path / "index.html")
    assert (tmp_path / "index.html").read_bytes() == built.read_bytes()


def test_a_section_with_nothing_to_show_has_no_heading_and_its_text_is_escaped(
    swept, timed, tmp_path, written
):
    part = "TITLE = {title!r}\nPLACE = {place}\nTEMPLATE = '<p>{{{{ text }}}}</p>'\n"
    part += "def section(of):\n    return {values}\n"
    written("nothing", part.format(title="Nothing", place=5, values=None))
    written("foreign", part.format(title="<b>", place=6, values="{'text': '<script>'}"))
    report(swept, timed, tmp_path / "page.html")
    page = parsed(tmp_path / "page.html")
    assert headings(page)[0] == "<b>"
    assert page.find("h3", string="<b>").find_next("p").get_text() == "<script>"


def test_parts_that_processes_draw_are_those_that_are_drawn_here(
    swept, timed, built, tmp_path, monkeypatch
):
    def twice(of):
        (check,), notes = genuine(of)
        other = copy.deepcopy(check)
        other["subject"]["name"] = "other"
        return [check, other], notes

    genuine = pages._checks
    monkeypatch.setattr(pages, "_checks", twice)
    report(swept, timed, tmp_path / "index.html")
    page = parsed(tmp_path / "index.html")
    assert str(page.find(id="square")) == str(parsed(built).find(id="square"))
    assert headings(page, "other")[0] == "What the check found"
    assert "Not timed" in page.find(id="other").get_text()
