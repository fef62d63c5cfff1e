"""Seconds are shared out equally, what is left over is used, and the late do not delay others."""

from collections import Counter

import numpy as np
import pytest

from argand.timing.budget import VISITS, Budget


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def run(seconds, groups, cells, overhead, uses, share=1.0):
    """A cell costs ``overhead``, a visit ``uses`` of its budget. The visits, and the end."""
    clock = Clock()
    budget = Budget(seconds, clock)
    done = []
    for group in budget.groups(range(groups)):
        begun = []
        for cell, in_time in budget.cells(range(cells)):
            if in_time:
                clock.now += overhead
                budget.prepared()
                clock.now += (seconds := uses(budget.seconds()))
                budget.visited(share * seconds)
                begun.append(cell)
        done += [(group, cell) for cell in begun]
        for cell in budget.visits(begun):
            clock.now += uses(budget.seconds())
            done.append((group, cell))
    return done, clock.now


def test_all_cells_are_visited_and_the_time_is_used():
    done, end = run(100, 5, 4, 1.0, lambda budget: budget)
    assert Counter(done) == {(group, cell): VISITS for group in range(5) for cell in range(4)}
    assert end == pytest.approx(100, rel=0.1)


def test_the_visits_of_a_cell_are_apart():
    done, _ = run(100, 1, 4, 1.0, lambda budget: budget)
    assert [cell for _, cell in done] == list(range(4)) * VISITS


def test_a_budget_leaves_time_for_the_overhead_and_the_visits_that_follow():
    budgets = []
    run(44, 1, 4, 2.0, lambda budget: budgets.append(budget) or budget)
    assert budgets == pytest.approx([36 / (4 * VISITS)] * 4 * VISITS)


def test_what_one_group_leaves_the_next_has():
    budgets = []
    clock = Clock()
    budget = Budget(30, clock)
    for group in budget.groups("abc"):
        for _ in budget.cells([group]):
            budget.prepared()
            budgets.append(budget.seconds())
            clock.now += 0.0 if group == "a" else VISITS * budgets[-1]
    assert np.multiply(VISITS, budgets) == pytest.approx([10, 15, 15])


def test_a_group_that_is_late_loses_its_last_cells_but_never_its_first():
    done, end = run(10, 5, 3, 4.0, lambda budget: 0.0)
    assert {group for group, cell in done if cell == 0} == set(range(5))
    assert len(set(done)) < 15
    assert end <= 5 * 4.0 + 4.0


def test_what_takes_longer_than_its_budget_takes_the_place_of_the_last_cells():
    """Rounds that an interval needs are taken whatever the budget: 1 s a visit here."""
    done, end = run(100, 1, 40, 0.5, lambda budget: max(1.0, budget))
    assert len(done) == VISITS * len(set(done))
    assert len(set(done)) < 30
    assert end == pytest.approx(100, rel=0.1)


def test_a_visit_that_is_late_by_a_round_costs_no_cell():
    """Rounds are whole: each visit takes a little more than its budget, and needs far less."""
    done, end = run(100, 1, 10, 0.5, lambda budget: budget + 0.2, share=0.1)
    assert len(done) == VISITS * 10
    assert end == pytest.approx(100, rel=0.1)


def test_a_group_without_a_cell_to_visit_leaves_its_time():
    budget = Budget(10, Clock())
    assert [list(budget.visits([])) for _ in budget.groups("ab")] == [[], []]
