"""An answer as text for a terminal, and as HTML for a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argand.check.report import Report

WIDTH = 100
_MARKS = {"defect": "✗", "limit": "○", "advice": "→"}
_PLURAL = {"defect": "defects", "limit": "limits", "advice": "pieces of advice"}


def as_text(report: Report, verbose: bool = False) -> str:
    """The answer, then the defects, a paragraph each kind; ``verbose`` adds limits and advice."""
    return "\n".join(_lines(report, verbose))


def _lines(report: Report, verbose: bool) -> Iterator[str]:
    yield heading(report)
    if report.by_kind:
        yield from _wrapped("  ", report.by_kind)
    for variant, found in report.answer.items():
        if len(report.variants) > 1:
            yield f"  {variant}"
        for question, line in found.lines.items():
            yield from _wrapped(f"    {question:<11}", str(line))
    for advised in _advice(report):
        yield from _wrapped("  advice: ", advised)
    for note in report.notes:
        yield from _wrapped("  note: ", note)
    if report.changes is not None:
        yield from _wrapped("  baseline: ", report.changes.told)
        for mark, lines in (("✗ worse", report.changes.worse), ("✓ better", report.changes.better)):
            for told in lines:
                yield from _wrapped(f"    {mark}: ", told)
    shown = ["defect", "limit", "advice"] if verbose else ["defect"]
    for severity in shown:
        for group in report.grouped(severity):
            yield f"\n{_MARKS[severity]} {group}"
    yield f"\n{counts(report, verbose)}"


def heading(report: Report) -> str:
    """What was judged, where, and how long that took."""
    parts = [", ".join(report.dtypes), " ".join(report.modes), report.where]
    told = " · ".join(p for p in parts if p)
    return f"{report.signature or report.target}   {told}   {report.seconds:.1f} s"


def counts(report: Report, verbose: bool) -> str:
    """How much was found, and of how many results."""
    sizes = {name: len(report.of(name)) for name in _MARKS}
    found = [f"{n} {_PLURAL[name] if n > 1 else name}" for name, n in sizes.items() if n]
    more = "" if verbose or not (sizes["limit"] or sizes["advice"]) else " (-v shows all kinds)"
    return (
        f"{', '.join(found) or 'no finding'}{more}; {report.samples} results judged, "
        f"{report.undecided} undecided{_first(report)}, {report.undefined} where the function is "
        f"undefined; {report.special} special points tried"
    )


def _advice(report: Report) -> Sequence[str]:
    return list(dict.fromkeys(f.advice for f in report.advice))


def _first(report: Report) -> str:
    """Where the first undecided sample of each dtype is."""
    told = "; ".join(f"{dtype}: {found}" for dtype, found in report.left_open.items())
    return f" ({told})" if told else ""


def _wrapped(first: str, text: str) -> Sequence[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def as_html(report: Report) -> str:
    """The answer as a table, with the defects folded under it."""
    rows = []
    for variant, found in report.answer.items():
        name = f"{escape(variant)}: " if len(report.variants) > 1 else ""
        rows += [
            f"<tr><th style='text-align:left'>{name}{question}</th><td>{line.mark}</td>"
            f"<td style='text-align:left'>{escape(line.told)}</td></tr>"
            for question, line in found.lines.items()
        ]
    advice = "".join(
        f"<li>{escape(a)}</li>" for a in dict.fromkeys(f.advice for f in report.advice)
    )
    defects = "".join(
        f"<pre style='white-space:pre-wrap'>{escape(group)}</pre>"
        for group in report.grouped("defect")
    )
    told = f"<p>{escape(report.by_kind)}</p>" if report.by_kind else ""
    return (
        f"<div><strong>{escape(heading(report))}</strong>{told}<table>{''.join(rows)}</table>"
        f"{f'<ul>{advice}</ul>' if advice else ''}"
        f"<details><summary>{escape(counts(report, True))}</summary>{defects}</details></div>"
    )
