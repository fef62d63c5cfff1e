"""Interleaving, stopping and synchronising, on a clock that only the callables advance."""

import gc
from collections import Counter

import numpy as np
import pytest

from argand.timing.paired import LEAST_ROUNDS, MOST_ROUNDS, SHORTEST, TRIES, Rounds, measure


class Machine:
    """Callables that take the seconds they are told to, and a log of what was called."""

    def __init__(self):
        self.now, self.log = 0.0, []

    def task(self, name, seconds):
        def act():
            self.log.append(name)
            self.now += seconds() if callable(seconds) else seconds

        return act

    def clock(self):
        return self.now

    def run(self, tasks, budget=1.0, **more):
        acts = {name: self.task(name, seconds) for name, seconds in tasks.items()}
        return measure(acts, baseline=next(iter(tasks)), budget=budget, clock=self.clock, **more)


def test_every_callable_is_timed_once_a_round_in_a_shuffled_order():
    machine = Machine()
    found = machine.run({"a": 0.01, "b": 0.02, "c": 0.03}, budget=0.0)
    assert {len(s) for s in found.seconds.values()} == {LEAST_ROUNDS}
    timed = machine.log[-3 * LEAST_ROUNDS :]
    orders = [tuple(timed[i : i + 3]) for i in range(0, len(timed), 3)]
    assert all(set(order) == {"a", "b", "c"} for order in orders)
    assert len(set(orders)) > 2
    for name, seconds in {"a": 0.01, "b": 0.02, "c": 0.03}.items():
        np.testing.assert_allclose(found.seconds[name], seconds)


def test_a_short_call_is_repeated_within_a_sample_equally_for_all():
    machine = Machine()
    found = machine.run({"a": SHORTEST / 50, "b": SHORTEST / 25})
    assert found.calls == pytest.approx(50, abs=1)
    np.testing.assert_allclose(found.seconds["b"], SHORTEST / 25)
    counted = Counter(machine.log)
    assert found.tries == TRIES
    assert counted["b"] == 2 + TRIES * found.calls * len(found.seconds["b"])


def test_a_thread_that_wakes_late_in_half_of_the_calls_moves_no_ratio():
    rng = np.random.default_rng(2)
    late = lambda: SHORTEST * (1.2 if rng.random() < 0.5 else 1.8)  # noqa: E731
    found = Machine().run({"a": SHORTEST, "b": late}, budget=1e9)
    assert np.median(found.seconds["b"] / found.seconds["a"]) == pytest.approx(1.2)


@pytest.mark.parametrize(("seconds", "tries"), [(1, 3), (1.4, 2), (2, 2), (3, 1), (50, 1)])
def test_a_long_call_is_not_tried_again(seconds, tries):
    found = Machine().run({"a": seconds * SHORTEST}, budget=0.0)
    assert (found.calls, found.tries) == (1, tries)


def test_first_calls_are_not_counted():
    machine = Machine()
    times = iter([9.0])
    found = machine.run({"a": lambda: next(times, 0.01), "b": 0.01})
    assert found.seconds["a"].max() < 1


def test_it_stops_as_soon_as_all_ratios_are_narrow():
    assert len(Machine().run({"a": 0.01, "b": 0.02}, budget=1e9).seconds["a"]) == LEAST_ROUNDS


def test_a_noisy_pair_goes_on_until_the_budget_is_spent_or_the_rounds_are():
    rng = np.random.default_rng(1)
    noisy = {"a": 0.01, "b": lambda: 0.01 * np.exp(rng.normal(0, 0.5))}
    machine = Machine()
    found = machine.run(noisy, budget=2.0)
    assert LEAST_ROUNDS < len(found.seconds["a"]) < MOST_ROUNDS
    spent = sum(s.sum() for s in found.seconds.values())
    assert 2.0 <= spent < 2.2


def visits(machine, tasks, budgets, least=5):
    acts = {name: machine.task(name, seconds) for name, seconds in tasks.items()}
    rounds = Rounds(acts, baseline=next(iter(tasks)), clock=machine.clock)
    for budget in budgets:
        rounds.visit(budget, least)
    return rounds.taken.seconds


def test_visits_add_to_one_another_and_each_takes_the_least_at_least():
    machine = Machine()
    found = visits(machine, {"a": 0.01, "b": 0.02}, [0.0, 0.0, 0.0])
    assert {len(s) for s in found.values()} == {15}
    assert Counter(machine.log)["b"] == 2 + 15  # the first calls come once


def test_a_visit_says_what_the_least_rounds_take():
    machine = Machine()
    acts = {"a": machine.task("a", 0.01), "b": machine.task("b", 0.02)}
    rounds = Rounds(acts, baseline="a", clock=machine.clock)
    assert rounds.visit(1e9, 20) == pytest.approx(20 * 0.03)
    assert rounds.visit(0.0, 5) == pytest.approx(5 * 0.03)


def test_a_visit_whose_ratios_are_known_takes_as_many_rounds_as_the_first():
    machine = Machine()
    rounds = Rounds({"a": machine.task("a", 0.01)}, baseline="a", clock=machine.clock)
    rounds.visit(1e9, 20)
    rounds.visit(1e9, 5)
    assert len(rounds.taken.seconds["a"]) == 2 * 20


def test_one_slow_visit_of_three_moves_no_median():
    machine = Machine()
    rng = np.random.default_rng(3)
    slow = lambda: 1.4 if 1 < machine.now < 2 else 1.0  # noqa: E731
    noisy = lambda: 0.01 * slow() * np.exp(rng.normal(0, 0.05))  # noqa: E731
    found = visits(machine, {"a": 0.01, "b": noisy}, [1.0, 1.0, 1.0])
    ratios = found["b"] / found["a"]
    assert (ratios > 1.25).mean() == pytest.approx(1 / 3, abs=0.1)
    assert np.median(ratios) == pytest.approx(1.0, abs=0.07)


def test_what_was_started_is_finished_inside_the_sample():
    machine = Machine()
    queue = []

    def start():
        queue.append(0.02)  # asynchronous: returns at once

    def finish():
        machine.now += sum(queue)
        queue.clear()

    found = measure({"a": start}, baseline="a", budget=0.0, synchronise=finish, clock=machine.clock)
    np.testing.assert_allclose(found.seconds["a"], 0.02)


def test_the_collector_is_off_while_timing_and_back_on_afterwards():
    seen = []
    machine = Machine()
    act = machine.task("a", 0.01)
    measure(
        {"a": lambda: (seen.append(gc.isenabled()), act())},
        baseline="a",
        budget=0.0,
        clock=machine.clock,
    )
    assert not any(seen[-LEAST_ROUNDS:])
    assert gc.isenabled()


def test_a_seed_fixes_the_order():
    first, second = Machine(), Machine()
    for machine in (first, second):
        machine.run({"a": 0.01, "b": 0.01}, seed=4)
    assert first.log == second.log
