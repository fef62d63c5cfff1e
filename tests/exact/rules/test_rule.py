"""The record that a rule is, and the ways to write one."""

import pytest
from flint import acb, arb

from argand.exact.edges.cuts import NEGATIVE
from argand.exact.edges.kinks import VERTICAL
from argand.exact.edges.zeros import signed
from argand.exact.rules.rule import Rule, at, holomorphic, vertical_at
from argand.exact.rules.table import RULES

ROOT = holomorphic(lambda v: v.sqrt(), lambda g, v: 1 / (2 * g), cut=NEGATIVE)


def test_a_holomorphic_function_has_one_slope():
    assert ROOT.slopes(arb(2), arb(4)) == ((arb(0.25), None),)


def test_on_its_cut_a_function_is_known_by_the_sign_of_zero_only():
    assert not ROOT.value(acb(-4)).is_finite()
    assert ROOT.sided(signed(complex(-4, -0.0), False)) == acb(0, -2)
    assert ROOT.sided(signed(complex(4, -0.0), False)) == acb(2)


def test_a_rule_without_partials_is_constant():
    assert Rule(lambda a, b: a).slopes(arb(1), arb(1), arb(2)) == ((None, None), (None, None))


def test_points_are_met_by_exact_balls_only():
    assert at(1, -1)(arb(-1))
    assert not at(1)(arb(1, 1e-9))
    assert vertical_at(0)(arb(0)) is VERTICAL
    assert vertical_at(0)(arb(1)) is None


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_says_what_its_ties_mean(name):
    rule = RULES[name]
    assert rule.ties in ("", "compare", "choose")
    assert (rule.ties != "compare") or rule.partials is None
    assert (rule.ties != "choose") or rule.partials is not None
