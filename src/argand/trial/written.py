"""Numbers and points as text: exact, so that Python and ``argand exact`` read them back."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from argand.floats import hexadecimal


def hexes(values: Iterable[Any]) -> tuple[str, ...]:
    """The real components of one sample's inputs (numbers or rows), in order, in hexadecimal."""
    return tuple(h for v in values for entry in np.ravel(v).tolist() for h in hexadecimal(entry))


def pairs(array: Any) -> list[str]:
    """Each number of ``array`` in hexadecimal, a complex one as re,im."""
    return [",".join(hexadecimal(v)) for v in np.ravel(array).tolist()]


def text(result: Any) -> str:
    """A result or upstream of one sample as Python reads it back: a number, or a list of them."""
    return repr(np.asarray(result).tolist())


def witness(
    inputs: Sequence[np.ndarray], upstream: np.ndarray, k: int, computed: Any, exact: Any
) -> dict[str, Any]:
    """The fields of a finding that say where it was seen, and what was and should be there.

    ``inputs`` and ``upstream`` are samples (n, *core), of which it is the ``k``-th.
    """
    return {
        "input": hexes(x[k] for x in inputs),
        "upstream": text(upstream[k]),
        "computed": text(computed),
        "exact": text(exact),
    }


def replay_command(target: str, dtype: str, at: Iterable[str], upstream: str) -> str:
    """The command that certifies one sample again; ``at`` has a text for each input."""
    words = ["argand", "exact", target, f"--dtype={dtype}", *(f"--at={x}" for x in at)]
    return shlex.join([*words, *([f"--upstream={upstream}"] if upstream else [])])
