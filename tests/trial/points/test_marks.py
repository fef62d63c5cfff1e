"""Every rule on balls that says where its operation ends, bends or jumps has marks there."""

import itertools

import pytest
from flint import acb, arb

from argand.exact.balls import ONE
from argand.exact.rules.table import NAMED, RULES
from argand.trial.points.marks import MARKS

VALUES = (-2, -1, -0.5, 0, 0.5, 1, 2, 6)


def operands(rule, kind):
    """Exact operands, as many as the rule takes, and those of them at which something happens."""
    for n in (1, 2):
        for values in itertools.product(VALUES, repeat=n):
            balls = [kind(v) for v in values]
            try:
                odd = rule.sharp(*balls) is not None or rule.undefined(*balls)
            except (TypeError, AttributeError):
                continue
            yield values, odd


def isolated(rule, values, kind):
    """Whether nothing happens a little further, on some side of some operand."""
    for k, step in itertools.product(range(len(values)), (-0.25, 0.25)):
        moved = [kind(v + step * (i == k)) for i, v in enumerate(values)]
        if rule.sharp(*moved) is None and not rule.undefined(*moved):
            return True
    return False


def marked(name, values, kind):
    def met(mark):
        first, second = mark.sides(*map(kind, values))
        gap = first - second
        return bool(gap == 0) or (mark.whole and gap.is_integer())

    return any(met(mark) for mark in MARKS.get(name, ()))


@pytest.mark.parametrize("name", sorted(set(RULES) - set(NAMED)))  # those have parameters
def test_a_rule_is_marked_where_it_has_no_value_or_no_derivative(name):
    rule = RULES[name]
    for kind in (arb, acb):
        for values, odd in operands(rule, kind):
            if odd and isolated(rule, values, kind):
                assert marked(name, values, kind), (name, kind.__name__, values)


@pytest.mark.parametrize(
    ("name", "values"),
    [("gamma", (-2,)), ("zeta", (1,)), ("erfinv", (-1,)), ("bessel_k", (0.5, 0)),
     ("polygamma", (1, -1)), ("hyp2f1", (1, 1, 2, 1))],
)  # fmt: skip
def test_an_exact_function_is_marked_at_its_poles_and_ends(name, values):
    assert marked(f"argand.{name}", values, arb)
    assert not marked(f"argand.{name}", (*values[:-1], 0.25), arb)


def test_ties_are_marked():
    for name, rule in RULES.items():
        if rule.ties and name != "SelectV2":
            assert marked(name, (0.5, 0.5), arb), name
    assert not marked("Less", (0.5, 1), arb)
    assert ONE == 1


def test_marks_are_of_rules_but_for_those_that_are_still_to_come():
    assert set(MARKS) - set(RULES) <= {"FloorMod", "Mod", "FloorDiv"}
