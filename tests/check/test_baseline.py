"""What a baseline knows stays quiet; what is new or worse fails; what is better is told."""

import json
from dataclasses import replace

import pytest
import tensorflow as tf

import argand
from argand.check.baseline import compared, recorded
from argand.subject import TargetError
from argand.testing import assert_gradient

QUICK = {"dtypes": ["float64"], "modes": ["eager"], "samples": 192}


def power(n):
    """x ↦ x³, whose gradient overflows inside the sooner the larger n is."""

    @tf.custom_gradient
    def cube(x):
        large = 10.0 ** (40 * n)
        return x * x * x, lambda u: u * 3 * (x * large) * x / large

    return cube


@pytest.fixture(scope="module")
def reports():
    return {n: argand.check(power(n), **QUICK) for n in (1, 3)}


def test_what_is_known_is_quiet_and_what_is_worse_fails(tmp_path, reports):
    path = tmp_path / "argand.json"
    early, late = reports[3], reports[1]
    first = compared(path, early, 4.0)
    assert (first.worse, first.better) == ((), ())
    assert first.told.endswith("recorded")
    same = compared(path, early, 4.0)
    assert (same.worse, same.better) == ((), ())
    better = compared(path, late, 4.0)
    assert better.worse == ()
    assert better.better
    assert compared(path, late, 4.0, update=True).worse == ()
    worse = compared(path, early, 4.0).worse
    assert any("fails for |x| beyond" in line and "→" in line for line in worse)


def test_a_worse_error_fails_and_a_slightly_larger_one_does_not(tmp_path, reports):
    path, report = tmp_path / "argand.json", reports[1]
    compared(path, report, 4.0)
    held = json.loads(path.read_text())
    key = next(k for own in recorded(report).values() for k in own["limits"])
    for known, error, worse in ((10.0, 19.0, 0), (10.0, 21.0, 1), (1.0, 3.0, 0)):
        for own in held["targets"][report.target].values():
            own["limits"][key] = known
        path.write_text(json.dumps(held))
        found = replace(next(f for f in report.findings if f.severity == "limit"), error=error)
        assert len(compared(path, replace(report, findings=[found]), 4.0).worse) == worse


def test_an_edge_that_moved_inward_is_worse(tmp_path, reports):
    path, report = tmp_path / "argand.json", reports[1]
    compared(path, report, 4.0)
    held = json.loads(path.read_text())
    ((_, known),) = held["targets"][report.target].items()
    key = next(k for k in known["edges"] if k.endswith("beyond"))
    known["edges"][key] *= 1.5
    path.write_text(json.dumps(held))
    assert len(compared(path, report, 4.0).worse) == 1


def test_a_check_with_a_baseline_is_not_ok_where_something_is_worse(tmp_path):
    path = tmp_path / "argand.json"
    assert argand.check(power(1), baseline=path, **QUICK).ok
    again = argand.check(power(1), baseline=path, **QUICK)
    assert again.ok
    assert again.changes.worse == ()
    worse = argand.check(power(3), baseline=path, **QUICK)
    assert not worse.ok
    assert "worse: " in str(worse)
    with pytest.raises(AssertionError, match="worse than"):
        assert_gradient(power(3), baseline=path, dtypes=["float64"], modes=["eager"])


def test_a_folder_that_is_not_there_is_one_line(tmp_path, reports):
    with pytest.raises(TargetError, match="in no folder that is there"):
        compared(tmp_path / "no" / "argand.json", reports[1], 4.0)


@pytest.mark.parametrize("text", ["", "{}", '{"argand": 2, "targets": {}}', "[]"])
def test_what_is_no_baseline_is_one_line(tmp_path, text, reports):
    path = tmp_path / "argand.json"
    path.write_text(text)
    with pytest.raises(TargetError, match="is no baseline that argand 1 wrote"):
        compared(path, reports[1], 4.0)
    assert path.read_text() == text
