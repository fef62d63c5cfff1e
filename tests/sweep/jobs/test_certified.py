"""What is exact is computed once for the same formula and samples, and read back as it was."""

import numpy as np
import pytest

from argand.sweep.jobs.certified import certified
from argand.sweep.store.store import Store
from argand.targets import from_catalogue
from argand.trial.problem import Problem
from argand.trial.problems import problem

Z = np.array([1 + 1j, 800, 0, np.nan], np.complex128)
U = np.array([1, 1j, 2, 1], np.complex128)


@pytest.fixture
def counted(monkeypatch):
    """The samples of each call of Problem.exact."""
    calls, exact = [], Problem.exact

    def count(self, inputs, upstream):
        calls.append(len(upstream))
        return exact(self, inputs, upstream)

    monkeypatch.setattr(Problem, "exact", count)
    return calls


def test_it_reads_back_what_it_computed(tmp_path, counted):
    store, auto = Store(tmp_path), problem(from_catalogue("z_exp_z"), "auto", "complex128")
    right = auto.exact([Z], U)
    counted.clear()
    for found in (certified(auto, [Z], U, store), certified(auto, [Z], U, store)):
        for name in ("value", "state", "bits"):
            np.testing.assert_array_equal(getattr(found, name), getattr(right, name))
        np.testing.assert_array_equal(found.gradients[0], right.gradients[0])
    assert counted == [4]


def test_other_samples_upstreams_or_formulas_are_other_questions(tmp_path, counted):
    store, auto = Store(tmp_path), problem(from_catalogue("z_exp_z"), "auto", "complex128")
    other = problem(from_catalogue("exp_over_z"), "auto", "complex128")
    variant = problem(from_catalogue("z_exp_z"), "stable", "complex128")
    for of, z, u in ((auto, Z, U), (auto, 2 * Z, U), (auto, Z, 2 * U), (other, Z, U)):
        certified(of, [z], u, store)
    assert len(counted) == 4
    certified(variant, [Z], U, store)  # of the same formula
    assert len(counted) == 4
