"""A notice passes between processes as a line, and is told in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argand.timing.notice import Notice


@given(
    st.builds(
        Notice,
        st.sampled_from(["progress", "skipped", "no time"]),
        st.text(),
        st.lists(st.text(), max_size=3).map(tuple),
    )
)
def test_a_notice_is_one_line_and_is_read_back(notice):
    line = notice.line()
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert Notice.of_line(line) == notice


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (Notice("progress", "3 s  log"), "3 s  log"),
        (Notice("skipped", "2 cells"), "skipped: 2 cells"),
        (Notice("no time", "wrong: see", ("log", "auto", "float32")),
         "no time: log auto float32: wrong: see"),
    ],
)  # fmt: skip
def test_it_says_what_of_what_and_why(notice, words):
    assert str(notice) == words
