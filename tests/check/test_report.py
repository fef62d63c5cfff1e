"""What is said of findings."""

import json

import pytest

from argand.check import Finding, Report
from argand.check.report import LeftOpen
from argand.verdict import FAILING, KINDS, VERDICTS


def finding(kind, variant="custom", mode="eager", quantity="gradient", message="Why.", **more):
    return Finding(variant, mode, "float64", quantity, kind, message, **more)


def test_every_failing_verdict_has_its_place_after_the_contracts():
    assert {v.name for v in VERDICTS if v.failing} == FAILING
    places = [kind in FAILING for kind in KINDS]
    assert places == sorted(places)
    assert finding("formula").gravity == (0, 0)


def test_a_paragraph_says_what_where_and_what_to_do():
    text = finding(
        "wrong",
        input=("0x1p0",),
        upstream="1",
        computed="2",
        exact="3",
        op="Mul",
        source="a.py:4",
        advice="Rearrange it.",
    ).describe()
    for words in ("wrong", "custom", "float64", "Why.", "0x1p0", "computed 2, exact 3", "a.py:4"):
        assert words in text
    assert text.endswith("→ Rearrange it.")


def test_modes_that_show_the_same_are_grouped():
    report = Report("f", [finding("wrong", mode=m) for m in ("eager", "graph", "xla")])
    (paragraph,) = report.grouped("limit")
    assert "eager, graph, xla" in paragraph


def test_what_follows_from_a_graver_finding_is_left_out_of_the_text_only():
    report = Report(
        "f",
        [
            finding("formula"),
            finding("error", "other", message="float64 has no kernel"),
            finding("dtype", "other", message="float64 has no kernel", follows="error"),
            finding("inaccurate"),
            finding("inaccurate", "third"),
        ],
    )
    heads = {s: [p.split(";")[0] for p in report.grouped(s)] for s in ("defect", "limit")}
    assert heads == {
        "defect": ["formula (custom", "error (other"], "limit": ["inaccurate (third"]
    }  # fmt: skip
    assert len(report.to_json()["findings"]) == 5


def test_where_the_reference_is_undecided_is_said_with_an_example():
    assert str(LeftOpen(222, 4096, ("0.0",))) == (
        "at 222 of 4096 samples the reference is undecided, e.g. at x = 0.0"
    )
    assert str(LeftOpen(1, 2, ("0.0", "[1.0, 2.0]"))).endswith("e.g. at (0.0, [1.0, 2.0])")


def test_a_report_is_a_table_too():
    frame = Report("f", [finding("shape"), finding("dtype")]).to_frame()
    assert frame["kind"].tolist() == ["shape", "dtype"]
    assert "severity" in Report("f").to_frame().columns


def test_nothing_decided_is_not_ok():
    assert Report("f", samples=10, undecided=9).ok
    assert not Report("f", samples=10, undecided=10).ok
    assert not Report("f").ok


@pytest.mark.parametrize(("findings", "ok"), [([], True), ([finding("dtype")], False)])
def test_the_json_has_the_fixed_keys(findings, ok):
    report = json.loads(json.dumps(Report("f", findings, 10, 1).to_json()))
    assert report["ok"] is ok
    assert list(report) == [
        "target", "ok", "samples", "undecided", "undefined", "special", "left_open",
        "notes", "unproved", "auto", "changes", "answer", "findings",
    ]  # fmt: skip
    for entry in report["findings"]:
        assert set(entry) == {
            "variant", "mode", "dtype", "quantity", "kind", "input", "upstream", "computed",
            "exact", "op", "source", "message", "error", "condition", "about", "follows", "advice",
            "brief", "place", "explained", "severity",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("dtypes", "kinds", "line"),
    [
        (
            ["float64", "complex64", "complex128"],
            {"complex64": "formula", "complex128": "keyword"},
            "right for real tensors; for complex ones it is zero; if complex is not meant: "
            "--dtype float64",
        ),
        (
            ["float32", "complex64"],
            {"float32": "missing_gradient"},
            "right for complex tensors; for real ones a gradient is None; if real is not meant: "
            "--dtype complex64",
        ),
        (["float64", "complex128"], {"complex128": "inaccurate"}, ""),  # no contract is broken
        (["float64", "complex128"], {"complex128": "formula", "float64": "shape"}, ""),
        (["complex128"], {"complex128": "formula"}, ""),  # nothing is known of real tensors
    ],
)
def test_the_first_line_says_for_which_kind_it_is_right(dtypes, kinds, line):
    briefs = {"formula": "it is zero"}
    found = [
        Finding("f", "graph", d, "gradient", kind, "Why.", brief=briefs.get(kind, ""))
        for d, kind in kinds.items()
    ]
    assert Report("f", found, dtypes=dtypes).by_kind == line


def test_json_tells_what_was_left_open():
    report = Report("f", samples=9, undecided=2, undefined=3, notes=["why"], unproved={"f"})
    told = report.to_json()
    assert (told["undecided"], told["undefined"]) == (2, 3)
    assert (told["notes"], told["unproved"]) == (["why"], ["f"])
    json.dumps(told)
