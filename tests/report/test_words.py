"""Shares are never rounded to all or nothing, and texts hold no path of this machine."""

import pytest

from argand.report.words import number, percent, portable


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


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("raised in /home/ann/project/mine.py:12, twice", "raised in mine.py:12, twice"),
        ("/usr/lib/python3/site-packages/keras/src/ops.py:3", "ops.py:3"),
        ("/opt/x/site-packages/argand/verdict.py: no", "argand/verdict.py: no"),
        ("/home/ann/argand/src/argand/catalogue/log.py:3", "argand/catalogue/log.py:3"),
        (r"C:\Users\ann\mine.py", "mine.py"),
        ("u/x and 1/2 of mine.py:f", "u/x and 1/2 of mine.py:f"),
        ("see /tmp", "see /tmp"),
    ],
)
def test_a_path_is_cut_to_what_is_not_of_this_machine(text, cut):
    assert portable(text) == cut


def test_a_number_has_three_digits_and_a_minus_sign():
    assert number(-0.123456) == "−0.123"
