"""The domain in which a function is tried: (low, high) of each real component of its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from argand.subject import Subject, TargetError

Domain = tuple[tuple[float, float], ...]  # (low, high) of each real component, inputs in order

ONE_PAIR = (
    "the domain is one (low, high), of real numbers; if complex ones are meant, say the dtype"
)


def window_of(subject: Subject) -> Domain:
    """Where people use ``subject``."""
    return tuple(pair for i in subject.inputs for pair in i.window)


def read_domain(domain: Any, input_dtypes: Sequence[str]) -> Domain | None:
    """``domain`` as a caller writes it: (low, high), nested as he likes, one pair for each real
    component of the inputs in order, or one for all; None for the whole float line.

    Raises TargetError where it has more or fewer pairs, an empty one, or none.
    """
    if domain is None:
        return None
    wanted = sum(2 if d.startswith("complex") else 1 for d in input_dtypes)
    pairs = tuple(_pairs(domain))
    if len(pairs) == 1:
        pairs *= wanted
    if len(pairs) != wanted:
        raise TargetError(
            f"the domain {domain!r} has {len(pairs)} (low, high) pair(s); the inputs have "
            f"{wanted} real component(s), two for each complex input"
        )
    for low, high in pairs:
        if np.isinf([low, high]).any():
            raise TargetError(f"the domain ({low}, {high}) is infinite: give finite ends, or none")
        if not low < high:
            raise TargetError(f"the domain ({low}, {high}) is empty: low must be below high")
    return pairs


def of_one_pair(domain: Any) -> bool:
    """Whether a domain is one (low, high), as people write it for a function of real numbers."""
    return domain is not None and len(_pairs(domain)) == 1


def _pairs(domain: Any) -> list[tuple[float, float]]:
    try:
        if len(domain) == 2 and all(isinstance(x, (int, float)) for x in domain):
            return [(float(domain[0]), float(domain[1]))]
        return [pair for part in domain for pair in _pairs(part)]
    except TypeError as error:
        raise TargetError(
            f"the domain {domain!r} is not made of (low, high) pairs, one a real component"
        ) from error
