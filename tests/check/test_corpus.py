"""Every defect of the corpus is found, with its kind, by the probe that is to find it; every right
gradient is left alone. ``python -m corpus.whole`` asks all probes, in all modes."""

import re
from pathlib import Path

import numpy as np
import pytest
from corpus import DEFECTS, RIGHT, sound_rows, wrong_rows
from corpus.entry import entries

from argand.check import ask
from argand.check.options import Options
from argand.check.probes import probes
from argand.subject import Variant
from argand.trial.points.ordinary import ordinary
from argand.trial.problems import problems
from argand.verdict import KINDS

SAMPLES = 192
SAMPLES_OF_ROWS = 64
ROWS = entries({**vars(sound_rows), **vars(wrong_rows)})
ROOT = Path(__file__).parents[2]
CONTRACTS = [name for name in probes() if name != "rounding"]
# Of the catalogue's variants, tests/catalogue/test_ready_made.py asks these.
ASKED_THERE = {"second_order", "keyword"}


def asked(entry, names, dtypes=None):
    options = Options(
        dtypes=dtypes or entry.dtypes,
        modes=entry.modes,
        domain=entry.domain,
        reference=entry.reference,
        core=entry.core,
        surrogate=entry.surrogate,
        samples=SAMPLES_OF_ROWS if entry.name in ROWS else SAMPLES,
    )
    return ask(names, entry.fn, options)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_with_its_kind(name):
    entry = DEFECTS[name]
    names = [name for name, probe in probes().items() if entry.kinds & {*probe.KINDS}]
    findings = asked(entry, names).findings
    assert entry.kinds <= {f.kind for f in findings}
    first = next(f for f in findings if f.kind in entry.kinds)
    assert re.search(entry.says, first.message)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] * isinstance(entry.fn, Variant))
        for name, entry in RIGHT.items()
    ],
)
def test_a_right_gradient_breaks_no_contract(name):
    entry = RIGHT[name]
    catalogued = isinstance(entry.fn, Variant)
    # Of the catalogue one dtype here, by turns: `make corpus` asks both.
    dtypes = [entry.fn.subject.dtypes[[*RIGHT].index(name) % 2]] if catalogued else None
    report = asked(entry, [n for n in CONTRACTS if not (catalogued and n in ASKED_THERE)], dtypes)
    assert {f.kind for f in report.findings} <= entry.tolerated
    assert entry.reference or not report.unproved  # a black box has no formula to prove
    made, _ = problems(
        entry.fn, entry.dtypes, entry.domain, entry.reference, entry.core,
        surrogate=entry.surrogate,
    )  # fmt: skip
    for problem in made:
        assert problem.exact(*ordinary(problem, 8, np.random.default_rng(0))).certified.any()


def test_the_corpus_is_as_large_as_it_claims():
    assert len(DEFECTS) >= 30
    assert len(RIGHT) >= 30
    expected = [kind for entry in DEFECTS.values() for kind in entry.kinds]
    elsewhere = {"approximate_forward"}  # tests/check/probes/test_formula.py has its defects
    assert {kind for kind in KINDS if expected.count(kind) < 2} == elsewhere
    assert all(entry.what for entry in DEFECTS.values())


def test_the_published_table_is_of_this_corpus_and_the_readme_quotes_it():
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in (ROOT / "reports/checkers.md").read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    named = [row[0] for row in rows if len(row) == 7 and row[0] not in ("defect", "---")]
    assert named == [entry.name for entry in DEFECTS.values()]
    (caught,) = (row[1:] for row in rows if row[0] == "defects caught")
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    sentence = readme[readme.index("Of the defective gradients") :].partition("([table]")[0]
    assert re.findall(r"\d+ of \d+", sentence) == caught
    (alarms,) = (row[1:] for row in rows if row[0] == "false alarms")
    assert ("none raises a false alarm" in sentence) == all(a.startswith("0 of") for a in alarms)
