"""The first screen: the best of what is right, what is worst, and nothing for what is wrong."""

import math

import pandas as pd
import pytest

from argand.report.answer import Row, Speed, accuracy_and_speed, answers, by_subject
from argand.report.counts import COLUMNS


def row(variant, right="right", safe=1.0, speed=(), subject="f"):
    why = "" if right == "right" else "formula: its sign is reversed"
    shares = {"window": safe, "none": None}
    return Row(subject, variant, right, why, shares, [], "", 1.0, "x = 1", list(speed))


def test_the_best_is_the_safest_of_the_right_and_its_speed_is_quoted():
    (answer,) = by_subject(
        [
            row("auto", safe=0.9),
            row("published", "wrong", safe=1.0),
            row("custom", safe=0.95, speed=[Speed("graph", 0.7, 0.69, 0.71, "faster")]),
            row("stable", safe=0.99, speed=[Speed("graph", 1.6, 1.3, 1.9, "slower")]),
        ]
    )
    assert answer.best.variant == "stable"
    assert answer.gain == pytest.approx(0.09)
    assert [s.ratio for s in answer.speed] == [1.6]


def test_of_equally_safe_variants_the_fastest_is_best():
    speed = [Speed("xla", 0.7, 0.69, 0.71, "faster")]
    (answer,) = by_subject([row("auto"), row("custom", speed=speed), row("stable")])
    assert answer.best.variant == "custom"


def test_where_nothing_is_right_there_is_no_best():
    (answer,) = by_subject([row("auto", "wrong")])
    assert answer.best is None
    assert answer.gain == 0
    assert answer.speed == []


def test_what_gains_most_comes_first():
    rows = [
        row("auto", subject="a"),
        row("auto", safe=0.2, subject="b"),
        row("stable", subject="b"),
    ]
    assert [a.subject for a in by_subject(rows)] == ["b", "a"]


def test_the_picture_has_no_point_for_what_is_wrong_or_was_not_timed():
    speed = [Speed("graph", 0.7, 0.69, 0.71, "faster"), Speed("xla", 0.5, 0.4, 0.6, "faster")]
    found = accuracy_and_speed(
        by_subject(
            [row("auto"), row("published", "wrong"), row("custom", speed=speed), row("late")]
        )
    )
    assert list(zip(found["variant"], found["ratio"], strict=True)) == [
        ("auto", 1),
        ("custom", 0.5),
    ]
    assert accuracy_and_speed(by_subject([row("auto")])).empty


def counted(**more):
    one = {
        "study": "window", "subject": "f", "dtype": "complex128", "over": "Re z, Im z",
        "upstream": "1", "length": 0, "device": "CPU:0", "variant": "auto",
        "mode": "graph", "quantity": "gradient", "by": "z", "verdict": "accurate",
        "failing": False, "points": 90, "share": 0.9, "x_low": -1.0, "x_high": 1.0,
        "y_low": -1.0, "y_high": 1.0, "x_label": "Re z", "y_label": "Im z", "max_ulp": 2.0,
        "x_worst": -0.5, "y_worst": 0.25,
    }  # fmt: skip
    return one | more


def check(*variants):
    return {"subject": {"name": "f", "variants": {v: {"wrong": ""} for v in variants}}}


def frontier(**more):
    one = {
        "study": "window", "subject": "f", "dtype": "complex128", "over": "Re z, Im z",
        "upstream": "1", "length": 0, "device": "CPU:0", "variant": "auto",
        "mode": "graph", "quantity": "gradient", "by": "z", "ray": "Re z",
        "before": "accurate", "after": "spurious_nan", "x": 709.0, "y": 0.0, "hex": (709.0).hex(),
    }  # fmt: skip
    return one | more


def answered(rows, *variants, frontiers=()):
    fronts = pd.DataFrame(list(frontiers), columns=list(frontier()))
    counts = pd.DataFrame(rows, columns=COLUMNS)
    return answers(check(*variants), ["window", "else"], counts, fronts, pd.DataFrame())


def test_safe_is_the_worst_map_and_a_map_that_raised_is_nowhere_safe():
    rows = [
        counted(),
        counted(verdict="spurious_nan", failing=True, points=10, share=0.1),
        counted(mode="xla", points=100, share=1.0),
        counted(variant="custom", points=100, share=1.0),  # and none in xla
    ]
    auto, custom = answered(rows, "auto", "custom")
    assert auto.safe == {"window": 0.9, "else": None}
    assert auto.least == 0.9
    assert custom.least == 0.0


def test_undefined_undecided_and_overflow_points_are_not_judged():
    rows = [counted(), counted(verdict="undecided", points=900), counted(verdict="overflow")]
    (auto,) = answered(rows, "auto")
    assert auto.least == 1.0


def test_the_largest_error_has_its_place():
    rows = [counted(), counted(verdict="wrong", failing=True, max_ulp=1e15, x_worst=-3.5)]
    (auto,) = answered(rows, "auto")
    assert auto.max_ulp == 1e15
    assert auto.witness == "Re z = −3.5, Im z = 0.25"
    (none,) = answered([counted(max_ulp=math.nan)], "auto")
    assert math.isnan(none.max_ulp)
    assert none.witness == ""


def test_the_frontier_is_the_nearest_beyond_which_it_fails():
    fronts = [
        frontier(hex=(800.0).hex()),
        frontier(),
        frontier(before="spurious_nan", after="accurate", hex=(1.5).hex()),  # fails on the inside
        frontier(variant="stable", hex=(2.0).hex()),
        frontier(ray="Re z = Im z", hex=(3.0).hex()),
        frontier(dtype="complex64", hex=(88.0).hex()),
    ]
    (auto,) = answered([counted()], "auto", frontiers=fronts)
    assert auto.frontier == "N spurious nan at Re z > 709"
    below = frontier(before="spurious_underflow", after="accurate", hex=(-708.5).hex())
    (auto,) = answered([counted()], "auto", frontiers=[below])
    assert auto.frontier == "↓ spurious underflow at Re z < −708.5"
