"""The check of a subject, kept with what the subject says of itself."""

from argand.check.report import Report
from argand.sweep.jobs import proof
from argand.sweep.jobs.job import Check
from argand.sweep.jobs.proof import check_subject
from argand.sweep.store.store import Store
from argand.trial.finding import Finding


def test_the_check_of_a_subject_is_kept_with_what_it_says_of_itself(target, tmp_path):
    store = Store(tmp_path)
    outcome = check_subject(Check(target), store)
    kept = store.json(outcome.name)
    kinds = {(f["variant"], f["kind"]) for f in kept["findings"]}
    assert {("published", "formula"), ("raises", "error"), ("narrow", "dtype")} <= kinds
    assert kept["subject"]["formula"] == "z^2"
    wrong = {name: said["wrong"] for name, said in kept["subject"]["variants"].items()}
    assert wrong["auto"] == ""
    assert wrong["published"].startswith("formula (complex64, complex128)")


def test_a_kernels_doing_is_not_the_gradients():
    def found(kind):
        return Finding("f", "xla", "float64", "value", kind, "words")

    report = Report("f", [found("mode_disagreement"), found("length_dependent"), found("wrong")])
    assert proof._wrong(report, "f") == ""
    report.findings.append(found("dtype"))
    assert proof._wrong(report, "f") == "dtype (float64): words"


def test_a_check_is_kept(target, tmp_path):
    store = Store(tmp_path)
    check_subject(Check(target), store)
    assert check_subject(Check(target), store).state == "kept"
