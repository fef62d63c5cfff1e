"""Figures as SVG that a page holds: small, in its colours, and with names of their own."""

import re

from argand.report.figure import INK, SERIES, drawing, literal, sheet, typeset


def drawn(alt="what it shows", title="a $ is no formula"):
    figure, (left, right) = sheet(2, 2.0, 1.0)
    left.plot([0, 1], [0, 1], color=SERIES[1])
    right.plot([0, 1], [1, 0], color=INK, marker="o")
    left.set_title(literal(title))
    return drawing(figure, alt)


def test_it_says_in_words_what_it_shows_and_has_the_pages_colours():
    svg = drawn("1 < 2")
    assert svg.startswith('<svg class="figure" role="img" aria-label="1 &lt; 2"')
    assert "var(--series-1)" in svg or 'class="line1"' in svg
    assert INK not in svg
    assert not any(colour in svg for colour in SERIES)
    assert "a $ is no formula" in svg


def test_the_same_figure_is_the_same_text_and_another_shares_no_name_with_it():
    assert drawn() == drawn()
    names = [set(re.findall(r' id="([^"]+)"', drawn(alt))) for alt in ("one", "two")]
    assert names[0]
    assert not names[0] & names[1]
    for name in re.findall(r'href="#([^"]+)"', drawn("one")):
        assert name in names[0]


def test_nothing_is_left_of_a_file_of_its_own():
    svg = drawn()
    assert "<metadata" not in svg
    assert "<?xml" not in svg
    assert "xlink" not in svg
    assert len(svg) < 8000


def test_a_formula_is_drawn_in_outlines_or_not_at_all():
    assert typeset(r"\frac{1}{z}").startswith('<svg class="formula"')
    assert "<text" not in typeset("z^2")
    assert typeset(r"\nosuchcommand") is None
