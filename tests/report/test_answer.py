"""The first screen in words: never rounded to perfection, and the best of what is right."""

import pytest

from argand.report.answer import Row, Speed, in_short, percent


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "100 %"),
        (0.0, "0 %"),
        (0.999, "99.9 %"),
        (0.99996, "99.996 %"),
        (0.00001, "0.001 %"),
        (0.5, "50.0 %"),
        (None, "—"),
        (float("nan"), "—"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share, words):
    assert percent(share) == words


def row(variant, right="right", safe=1.0, speed=()):
    why = "" if right == "right" else "formula: its sign is reversed"
    return Row("f", variant, right, why, {"window": safe, "none": None}, [], 1.0, list(speed))


def test_the_safest_and_fastest_are_chosen_among_the_right():
    (short,) = in_short(
        [
            row("auto", safe=0.9),
            row("published", "wrong", safe=1.0),
            row("custom", safe=0.95, speed=[Speed("graph", 0.7, 0.69, 0.71, "faster")]),
            row("stable", safe=0.99, speed=[Speed("graph", 0.6, 0.3, 1.5, "cannot tell")]),
        ]
    )
    assert short.wrong == [("published", "formula: its sign is reversed")]
    assert short.safest.startswith("stable: 99.0 %")
    assert "published" not in short.safest + short.fastest
    assert short.fastest == "graph: custom ×0.70"  # what cannot be told is not the fastest


def test_where_nothing_is_right_or_timed_it_says_so():
    (short,) = in_short([row("auto", "wrong")])
    assert short.safest == "no variant is right"
    (short,) = in_short([row("auto"), row("custom")])
    assert short.fastest == "not timed"
