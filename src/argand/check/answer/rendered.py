"""An answer as text for a terminal, and as HTML for a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from argand.check.answer import Reply

WIDTH = 100


@dataclass(frozen=True)
class Screen:
    """What is shown of a report: the ``heading``, what is right ``by_kind``, the ``replies`` by
    variant, ``remarks`` each with its label, ``paragraphs`` of findings, and the ``counts``."""

    heading: str
    by_kind: str
    replies: dict[str, Reply]
    remarks: Sequence[tuple[str, str]]
    paragraphs: Sequence[str]
    counts: str

    def as_text(self) -> str:
        """Lines of at most WIDTH characters, but for the paragraphs."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield self.heading
        if self.by_kind:
            yield from _wrapped("  ", self.by_kind)
        for variant, reply in self.replies.items():
            if len(self.replies) > 1:
                yield f"  {variant}"
            for question, line in reply.lines.items():
                yield from _wrapped(f"    {question:<11}", str(line))
        for label, remark in self.remarks:
            yield from _wrapped(f"  {label}: ", remark)
        for paragraph in self.paragraphs:
            yield f"\n{paragraph}"
        yield f"\n{self.counts}"

    def as_html(self) -> str:
        """A table, with the paragraphs folded under it."""
        rows = []
        for variant, reply in self.replies.items():
            name = f"{escape(variant)}: " if len(self.replies) > 1 else ""
            rows += [
                f"<tr><th style='text-align:left'>{name}{question}</th><td>{line.mark}</td>"
                f"<td style='text-align:left'>{escape(line.told)}</td></tr>"
                for question, line in reply.lines.items()
            ]
        remarks = "".join(f"<li>{label}: {escape(told)}</li>" for label, told in self.remarks)
        folded = "".join(
            f"<pre style='white-space:pre-wrap'>{escape(p)}</pre>" for p in self.paragraphs
        )
        told = f"<p>{escape(self.by_kind)}</p>" if self.by_kind else ""
        return (
            f"<div><strong>{escape(self.heading)}</strong>{told}<table>{''.join(rows)}</table>"
            f"{f'<ul>{remarks}</ul>' if remarks else ''}"
            f"<details><summary>{escape(self.counts)}</summary>{folded}</details></div>"
        )


def _wrapped(first: str, text: str) -> Sequence[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
