"""Does it run? A function or gradient that raises at the samples has no result to judge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.asked import Asked
from argand.check.black_box import missing_in_xla
from argand.frontend.runner import RunError
from argand.trial.finding import Finding

KINDS = {"error": "Make the function and its gradient run for this dtype and mode."}


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each mode in which value or gradient raise at the samples; a note where a black
    box is of an operation that XLA does not have."""
    for mode in asked.modes:
        try:
            asked.result(mode)
        except RunError as error:
            missing = missing_in_xla(error, mode) if asked.black_box else ""
            if missing:
                asked.note(f"not checked in xla, which has no {missing}")
                continue
            yield asked.problem.finding("error", mode, "gradient", str(error))
