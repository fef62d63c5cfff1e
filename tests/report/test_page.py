"""The page read back as a browser would: it answers, it is whole, and it escapes."""

import dataclasses

import pytest
from bs4 import BeautifulSoup

from argand.report.page import report
from argand.subject import TargetError
from argand.sweep.jobs import Check, Tile
from argand.sweep.proof import check_subject
from argand.sweep.store import Store
from argand.sweep.study import Study
from argand.sweep.tile import sweep_tile

STUDIES = [
    Study(scale="window", resolution=24, modes=("eager", "graph"), name="window"),
    Study(scale="float line", resolution=24, modes=("graph",), name="float_line"),
]


@pytest.fixture(scope="module")
def swept(target, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("swept"))
    names = [sweep_tile(Tile(s, target, 1, start=0, stop=24), store).name for s in STUDIES]
    names.append(check_subject(Check(target), store).name)
    manifest = {
        "format": 1,
        "commit": {"hash": "0123456789abcdef", "date": "2026-01-02", "changed": False},
        "passport": {
            "cpu": {"model": "A <b>bold</b> CPU", "threads": 2},
            "versions": {"tensorflow": "2.0"},
        },
        "studies": [dataclasses.asdict(s) | {"upstream": "1"} for s in STUDIES],
        "results": store.hashes(names),
    }  # fmt: skip
    store.keep_json("manifest", manifest)
    return store


@pytest.fixture(scope="module")
def page(swept, tmp_path_factory):
    out = tmp_path_factory.mktemp("page") / "html" / "index.html"
    steps = []
    size = report(swept.folder, out.parent / "none", out, lambda *step: steps.append(step))
    assert size == out.stat().st_size
    assert [step[1:] for step in steps] == [(1, 2), (2, 2)]
    return BeautifulSoup(out.read_text(encoding="utf-8"), "html.parser")


def rows(page, table):
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in page.find(id=table).find_all("tr")
    ]


def test_the_first_table_answers_in_short(page):
    head, row = rows(page, "short")
    assert head == ["function", "wrong gradients", "right, and safest", "right, and fastest"]
    assert "published formula" in row[1]
    assert "conjugate of ∂f/∂z is missing" in row[1]
    assert "raises error" in row[1]
    assert "narrow dtype" in row[1]
    assert row[2].startswith("auto:")


def test_each_variant_is_right_or_wrong_and_safe_by_study(page):
    table = {row[1]: row for row in rows(page, "answer")[1:]}
    assert table["auto"][2] == "✓ right"
    assert table["auto"][4] != "0 %"
    for name in ("published", "raises", "narrow"):
        assert table[name][2] == "✗ wrong"
        assert "wrong" in table[name][-1]
    assert table["raises"][3:5] == ["0 %", "0 %"]  # no gradient is nowhere safe


def test_each_plane_has_both_maps_with_words_and_a_table(page):
    images = page.find_all("img", class_="figure")
    assert len(images) == 2 * len(STUDIES)
    for image in images:
        assert image["src"].startswith("data:image/png;base64,")
        assert "square" in image["alt"]
        assert image.find_next("table") is not None


def test_nothing_is_loaded_from_elsewhere_and_links_resolve(page):
    for tag in page.find_all(src=True):
        assert tag["src"].startswith("data:")
    assert not page.find_all(["script", "link", "iframe"])
    for link in page.find_all("a", href=True):
        assert link["href"].startswith("#")
        assert page.find(id=link["href"][1:]) is not None


def test_foreign_text_is_text(page):
    assert "A <b>bold</b> CPU" in page.get_text()
    assert page.find("b") is None


def test_without_times_it_says_so(page):
    text = page.get_text()
    assert "no folder" in text
    assert "Not timed" in text


def test_the_same_results_give_the_same_bytes(swept, tmp_path):
    for name in ("a.html", "b.html"):
        report(swept.folder, tmp_path / "none", tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_unusable_results_and_folders_are_refused(swept, tmp_path):
    with pytest.raises(TargetError, match="no finished sweep"):
        report(tmp_path, tmp_path, tmp_path / "page.html")
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetError, match="cannot be written"):
        report(swept.folder, tmp_path / "none", tmp_path / "file" / "page.html")


def test_a_result_that_is_gone_is_named(swept, tmp_path):
    broken = Store(tmp_path)
    manifest = swept.json("manifest")
    broken.keep_json("manifest", manifest)
    with pytest.raises(TargetError, match=r"square\.json is gone"):
        report(broken.folder, tmp_path / "none", tmp_path / "page.html")
    (tmp_path / "check").mkdir()
    (check,) = (swept.folder / "check").iterdir()
    (tmp_path / "check" / check.name).write_bytes(check.read_bytes())
    with pytest.raises(TargetError, match=r"square\.complex128.*is gone"):
        report(broken.folder, tmp_path / "none", tmp_path / "page.html")
