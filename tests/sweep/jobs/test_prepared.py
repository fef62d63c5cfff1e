"""A worker makes each subject's Problems once."""

import pytest

from argand.subject import TargetError
from argand.sweep.jobs.job import Tile
from argand.sweep.jobs.prepared import asked_of, batches_of, find, key_of, plane_of, problems_of
from argand.sweep.study import Setting, Study


def test_a_target_that_is_no_subject_is_refused():
    with pytest.raises(TargetError, match="not a subject"):
        find("argand.exact:exact")


def test_the_variants_of_a_subject_share_the_trace_of_the_plain_formula(target):
    found = problems_of(target, "complex128")
    assert list(found) == ["auto", "published", "raises", "narrow"]
    assert len({id(problem.truth) for problem in found.values()}) == 1
    assert problems_of(target, "complex128") is found
    assert found["auto"].run("graph") is found["auto"].run("graph")


def test_a_job_asks_for_the_variants_and_modes_of_its_study(target):
    study = Study("window", variants=("published", "auto"), modes=("xla", "eager"), name="s")
    job = Tile(study, target, 1, Setting(length=3))
    assert [(problem.variant, mode) for problem, mode in asked_of(job, "complex128")] == [
        ("published", "xla"), ("published", "eager"), ("auto", "xla"), ("auto", "eager"),
    ]  # fmt: skip
    assert (batches_of(job).inputs, batches_of(job).length) == (("z",), 3)


def test_a_study_that_does_not_ask_for_the_dtype_has_no_plane(target):
    study = Study("window", dtypes=("complex64",), name="s")
    assert plane_of(study, target, "complex128", Setting()) == ""


def test_a_key_is_that_of_one_job_in_one_dtype(target):
    study = Study("window", name="s")
    keys = {
        key_of(Tile(study, target, k, start=start, stop=9), dtype)
        for k, dtype in enumerate(("complex64", "complex128"))
        for start in (0, 5)
    }
    assert len(keys) == 4
