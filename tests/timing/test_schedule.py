"""Seconds are shared out equally, what is left over is used, and the late do not delay others."""

import pytest

from argand.timing.schedule import Schedule


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def run(seconds, groups, cells, overhead, uses):
    """Each cell costs ``overhead`` and then ``uses`` of its budget; what was run, and when."""
    clock = Clock()
    schedule = Schedule(seconds, clock)
    done = []
    for group in schedule.groups(range(groups)):
        for cell, in_time in schedule.cells(range(cells)):
            if in_time:
                clock.now += overhead
                clock.now += uses(schedule.budget())
                done.append((group, cell))
    return done, clock.now


def test_all_cells_are_run_and_the_time_is_used():
    done, end = run(100, 5, 4, 1.0, lambda budget: budget)
    assert len(done) == 20
    assert end == pytest.approx(100, rel=0.1)


def test_a_budget_leaves_time_for_the_overhead_of_later_cells():
    budgets = []
    run(40, 1, 4, 2.0, lambda budget: budgets.append(budget) or budget)
    assert budgets == pytest.approx([8, 8, 8, 8])


def test_what_one_group_leaves_the_next_has():
    budgets = []
    clock = Clock()
    schedule = Schedule(30, clock)
    for group in schedule.groups("abc"):
        for _ in schedule.cells([group]):
            budgets.append(schedule.budget())
            clock.now += 0.0 if group == "a" else budgets[-1]
    assert budgets == pytest.approx([10, 15, 15])


def test_a_group_that_is_late_loses_its_last_cells_but_never_its_first():
    done, end = run(10, 5, 3, 4.0, lambda budget: 0.0)
    assert {group for group, cell in done if cell == 0} == set(range(5))
    assert len(done) < 15
    assert end <= 5 * 4.0 + 4.0
