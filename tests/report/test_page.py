"""The page read back as a browser would: it answers, it is whole, it escapes, and it survives
results that are broken."""

import dataclasses
import json
import shutil
import urllib.parse

import pytest
from bs4 import BeautifulSoup

from argand.report import page as pages
from argand.report.page import report
from argand.subject import TargetError
from argand.sweep.store.results import results

MAPS, CHECK = "maps/window", "check/square.json"


def parsed(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def page(built):
    return parsed(built)


@pytest.fixture
def copy(swept, tmp_path):
    """A copy of the sweep that a test may damage."""
    return shutil.copytree(swept, tmp_path / "copy")


def rows(page, table):
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in page.find(id=table).find_all("tr")
    ]


def notes(page):
    return [note.get_text() for note in page.find_all(class_="note")]


def test_the_first_table_has_one_row_for_a_subject_that_answers(page):
    head, row = rows(page, "page-answer")
    assert head == ["function", "right?", "safe?", "accurate?", "fast?"]
    assert row[0] == "square"
    assert "✓ auto" in row[1]
    for name in ("published", "raises", "narrow"):
        assert f"✗ {name}" in row[1]
    assert row[2].startswith("auto ")
    assert "ulp" in row[3]
    assert "only one is right" in row[4]


def test_why_a_variant_is_wrong_is_said_with_its_witness(page):
    text = page.find(id="square").get_text(" ")
    assert "conjugate of ∂f/∂z is missing" in text
    assert "no gradient here" in text
    assert "not timed: wrong" in text


def test_every_picture_says_in_words_what_it_shows_and_has_its_figures(page):
    pictures = page.find_all("svg", role="img")
    assert len(pictures) > 10
    for picture in pictures:
        assert picture["aria-label"].strip()
    maps = [p for p in pictures if p["aria-label"].startswith("Verdicts of auto, gradient")]
    assert maps
    assert "accurate" in maps[0]["aria-label"]
    text = page.get_text(" ")
    for part in ("Worst cases", "Distribution of errors", "Profile along the axes", "Over commits",
                 "All maps counted", "How to read it", "What produced this"):  # fmt: skip
        assert part in text


def test_a_worst_case_has_the_command_that_replays_it(page):
    commands = [c.get_text() for c in page.find_all("code") if c.get_text().startswith("argand ex")]
    assert commands
    assert all("--at=" in c and ":square" in c and "--dtype=complex" in c for c in commands)


def test_nothing_is_loaded_from_elsewhere_and_links_resolve(page, built):
    for tag in page.find_all(["img", "image"]):
        assert (tag.get("src") or tag.get("href")).startswith("data:")
    assert not page.find_all(["link", "iframe", "object"])
    assert not [s for s in page.find_all("script") if s.get("src")]
    for link in page.find_all(["a", "use"], href=True):
        target = urllib.parse.unquote(link["href"])
        if target.startswith("#"):
            assert page.find(id=target[1:]) is not None, target
        else:
            assert (built.parent / target).is_file(), target
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_no_path_of_this_machine_is_told(page, target):
    folder = target.rpartition("/")[0]
    assert folder not in str(page)


def test_a_capped_table_has_all_its_rows_in_the_file_beside_the_page(built):
    kept = (built.parent / "index.data" / "square.distribution.csv").read_text().splitlines()
    assert kept[0] == "panel,over,variant,ulp,share"
    assert len(kept) > 100


def test_foreign_text_is_text(swept, tmp_path, monkeypatch):
    evil = "<script>alert(1)</script>"

    def poisoned(of):
        checks, _ = genuine(of)
        (check,) = checks
        subject = check["subject"]
        subject |= {"formula": f"\\nosuchcommand {evil}", "note": evil, "hard_points": [evil]}
        subject["name"] = evil
        for variant in subject["variants"].values():
            variant |= {"note": evil, "limits": [evil]}
        subject["variants"]["auto"]["wrong"] = f'formula: "{evil}'
        for finding in check["findings"]:
            finding |= {"message": f'"{evil}', "source": evil, "computed": evil, "op": evil}
        return [check], [evil]

    genuine = pages._checks
    monkeypatch.setattr(pages, "_checks", poisoned)
    report(swept, tmp_path / evil.replace("/", "."), tmp_path / "page.html")
    page = parsed(tmp_path / "page.html")
    (script,) = page.find_all("script")
    assert "alert" not in script.get_text()
    assert page.get_text().count(evil) > 5
    link = page.find(id="page-answer").find("a")
    assert link.get_text() == evil
    assert page.find(id=urllib.parse.unquote(link["href"][1:])) is not None


def test_without_times_it_says_so(swept, tmp_path):
    report(swept, tmp_path / "none", tmp_path / "page.html")
    page = parsed(tmp_path / "page.html")
    assert any("no folder" in note for note in notes(page))
    assert "Not timed" in page.get_text()


def test_the_same_results_give_the_same_bytes(swept, timed, built, tmp_path):
    report(swept, timed, tmp_path / "index.html")
    assert (tmp_path / "index.html").read_bytes() == built.read_bytes()
    for kept in (built.parent / "index.data").iterdir():
        assert (tmp_path / "index.data" / kept.name).read_bytes() == kept.read_bytes()


def test_no_sweep_and_a_folder_that_cannot_be_written_are_refused(swept, tmp_path):
    with pytest.raises(TargetError, match="no finished sweep"):
        report(tmp_path, tmp_path, tmp_path / "page.html")
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetError, match="cannot be written"):
        report(swept, tmp_path / "none", tmp_path / "file" / "page.html")


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "foreign"])
@pytest.mark.parametrize("of", ["maps/window", "frontiers/window", "check"])
def test_a_damaged_result_is_one_line_and_the_rest_is_reported(copy, tmp_path, of, damage):
    path = sorted((copy / of).rglob("*.json" if of == "check" else "*128*.parquet"))[0]
    if damage == "gone":
        path.unlink()
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.write_bytes(b'{"mine": 1}')
    report(copy, tmp_path / "none", tmp_path / "page.html")
    page = parsed(tmp_path / "page.html")
    said = [n for n in notes(page) if (path.stem in n and "window" in n) or path.name in n]
    assert len({n for n in said}) == 1, notes(page)
    assert str(tmp_path) not in said[0]
    if of != "check":
        assert page.find(id="square") is not None
        assert "Float line over Re z, Im z, complex128" in page.get_text()


def test_results_of_another_format_are_said_to_be(copy, tmp_path):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    report(copy, tmp_path / "none", tmp_path / "page.html")
    assert any("format 99" in note for note in notes(parsed(tmp_path / "page.html")))


def test_a_sweep_of_an_older_version_is_refused_in_a_line(copy, tmp_path):
    manifest = json.loads((copy / "manifest.json").read_text())
    older = manifest | {"format": 1, "results": list(manifest["results"])}
    (copy / "manifest.json").write_text(json.dumps(older))
    with pytest.raises(TargetError, match="another version of argand"):
        report(copy, tmp_path / "none", tmp_path / "page.html")


def test_timings_of_another_project_are_one_line_and_the_rest_is_shown(swept, timed, tmp_path):
    asv = shutil.copytree(timed, tmp_path / "asv")
    (asv / "box" / "foreign-env.json").write_text(
        json.dumps(
            {
                "commit_hash": "c" * 40, "date": 1, "env_name": "e", "params": {"machine": "box"},
                "requirements": {}, "result_columns": ["result", "params"],
                "results": {"other.time_it": [[1.0], []]},
            }
        )
    )  # fmt: skip
    (asv / "box" / "cut-env.json").write_text('{"commit_ha')
    report(swept, asv, tmp_path / "page.html")
    page = parsed(tmp_path / "page.html")
    said = notes(page)
    assert sum("foreign-env.json" in n for n in said) == 1
    assert sum("cut-env.json" in n for n in said) == 1
    assert "Over commits" in page.get_text()


def test_the_page_is_made_without_tensorflow(swept, timed, tmp_path):
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from argand.report.page import report;"
        f"report(Path({str(swept)!r}), Path({str(timed)!r}), Path({str(tmp_path / 'p.html')!r}));"
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", f"if __name__ == '__main__':\n {code}"]).returncode
        == 0
    )


def test_no_map_at_all_is_said(swept, tmp_path, monkeypatch):
    whole = results(swept)
    every = whole.manifest["results"].items()
    without = whole.manifest | {"results": {k: v for k, v in every if k.startswith("check/")}}
    monkeypatch.setattr(pages, "read", lambda _: dataclasses.replace(whole, manifest=without))
    report(swept, tmp_path / "none", tmp_path / "page.html")
    page = parsed(tmp_path / "page.html")
    assert any("no map" in note for note in notes(page))
    assert page.find(id="square") is not None
