"""What a run says while it measures: one record, which passes between processes as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Notice:
    """One thing to be told.

    ``kind`` is "progress" for a step of the run, "skipped" for cells that are not measured, and
    "no time" for a variant that is refused: then ``variant_of`` is its subject, name and dtype.
    """

    kind: Literal["progress", "skipped", "no time"]
    words: str
    variant_of: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.kind == "progress":
            return self.words
        of = " ".join(self.variant_of)
        return ": ".join(part for part in (self.kind, of, self.words) if part)

    def line(self) -> str:
        """The notice as one line of JSON."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def of_line(cls, line: str) -> Notice:
        """The notice that ``line`` wrote down."""
        fields = json.loads(line)
        return cls(**fields | {"variant_of": tuple(fields["variant_of"])})
