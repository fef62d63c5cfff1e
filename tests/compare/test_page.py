"""The page of a comparison, and what its command line names."""

import subprocess

import pytest
from bs4 import BeautifulSoup
from compare_tables import measured, result, two_machines

from argand.compare.operand import operands
from argand.compare.page import compare
from argand.subject import TargetError


@pytest.fixture
def two():
    return two_machines()


def test_the_page_answers_with_ratio_digits_and_passport(two, tmp_path):
    out = tmp_path / "compare.html"
    size = compare(two, out)
    page = BeautifulSoup(out.read_text(encoding="utf-8"), "html.parser")
    assert size == len(out.read_bytes()) < 3e6
    row = page.select_one("#page-answer tbody tr").get_text(" ")
    assert "z_exp_z complex128" in row
    assert "×0.50 [0.48, 0.52]" in row
    assert "1 differ, 1 in the verdict" in row
    assert "cpu.threads" in page.get_text()
    assert "inaccurate" in page.select_one("section[aria-labelledby=page-digits]").get_text()
    assert page.find("svg", attrs={"role": "img"})["aria-label"]


def test_the_page_says_what_has_no_result_on_a_device(tmp_path):
    both = [result("0x1p+0", 0.1, device=device) for device in ("CPU:0", "GPU:0")]
    lacking = [result("0x1p+0", 0.1, variant="custom", mode=mode) for mode in ("eager", "graph")]
    compare([measured("one", [], [*both, *lacking])], tmp_path / "compare.html")
    page = BeautifulSoup((tmp_path / "compare.html").read_text(encoding="utf-8"), "html.parser")
    assert "2 without any" in page.select_one("#page-answer tbody tr").get_text(" ")
    assert page.select_one("p.note").get_text() == (
        "no result of z_exp_z on one, GPU:0: custom in eager, graph (complex128); it raises there, "
        "or TensorFlow leaves it to the processor"
    )


def test_names_are_text_and_the_same_inputs_are_the_same_bytes(two, tmp_path):
    pages = []
    for name in ("a", "b"):
        compare(two, tmp_path / name / "compare.html")
        pages.append((tmp_path / name / "compare.html").read_bytes())
    assert pages[0] == pages[1]
    assert b"<script>alert" not in pages[0]
    assert b"&lt;script&gt;alert" in pages[0]


def test_a_folder_and_a_machine_are_found_and_others_refused(two, tmp_path):
    machines = tmp_path / "machines"
    for m in two:
        m.keep(machines / m.name)
    found = operands([str(machines / "one"), "two"], machines, tmp_path / "asv")
    assert [m.name for m in found] == ["one", "two"]
    with pytest.raises(TargetError, match=r"'three' is neither .* \(one, two\)"):
        operands(["three"], machines, tmp_path / "asv")
    with pytest.raises(TargetError, match="one is named twice"):
        operands(["one", "one"], machines, tmp_path / "asv")


def test_a_commit_without_timings_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands = (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "first"])
    for command in commands:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *identity, *command], check=True)
    (tmp_path / "asv").mkdir()
    (tmp_path / "asv" / "benchmarks.json").write_text("{}")
    with pytest.raises(TargetError, match="no results of commit"):
        operands(["HEAD"], tmp_path / "machines", tmp_path / "asv")
    with pytest.raises(TargetError, match=r"with TensorFlow 2\.20\.0; run"):
        operands(["HEAD@2.20.0"], tmp_path / "machines", tmp_path / "asv")
