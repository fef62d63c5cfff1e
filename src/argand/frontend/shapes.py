"""Which shape one sample of each input has: found by tracing one sample, and several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from argand.frontend.trace import SEVERAL, Traced, Untraceable, lengths_inside
from argand.subject import TargetError

Cores = tuple[tuple[int, ...], ...]
ENTRIES = (3, 2, 4, 5, 8, 6, 7, 1)  # of a row: the first number that the function takes
LONGEST = SEVERAL - 3  # a row of more entries would take hours


def found_samples(fn: Callable[..., Any], dtypes: tuple[str, ...]) -> Traced:
    """``fn`` with the shapes of samples that it takes: numbers, or rows where it refuses tensors
    [n], or reduces them, and takes [n, k] to [n, …].

    Raises TargetError with its refusal of numbers where it takes neither.
    """
    numbers = Traced(fn, dtypes, ((),) * len(dtypes))
    refusal: TargetError | None = None
    try:
        shape = numbers.forward.output_shape
        if (None in shape or shape == (1,)) and not _refused(numbers):
            return numbers
    except TargetError as error:
        if isinstance(error, Untraceable) and error.reason == "variables":
            raise  # no shape will do
        refusal = error
    try:
        return found_rows(fn, dtypes)
    except TargetError as error:
        if refusal is not None and not isinstance(error, Untraceable):
            raise  # of rows it says more
        if isinstance(refusal, Untraceable) and not refusal.reason:
            raise TargetError(
                f"{refusal}; nor does it take rows [n, k]: write it for tensors [n] or [n, k] of n "
                "samples"
            ) from error
        if refusal is not None:
            raise refusal from error
    if shape == (1,):
        raise TargetError(_refused(numbers))
    return numbers  # it reduces all that it gets, which is told where it is judged


def found_rows(
    fn: Callable[..., Any], dtypes: tuple[str, ...], counts: tuple[int, ...] | None = None
) -> Traced:
    """``fn`` with samples that have ``counts`` last axes of each input, or some without it: rows
    of the first length that the function takes to one result for each sample.

    Raises TargetError with its first refusal.
    """
    refusal: TargetError | None = None
    for tried in _cores(fn, dtypes, counts):
        traced = Traced(fn, dtypes, tried)
        try:
            shape = traced.forward.output_shape
            whole = shape[:1] == (1,)
            words = _refused(traced) if whole else ""
        except TargetError as error:
            refusal = refusal or error
            if isinstance(error, Untraceable) and error.reason == "dtype":
                break  # no shape will do
            continue
        if not words and (whole or not any(tried)):
            return traced
        given = ", ".join(str(list(c)) for c in tried)
        refusal = refusal or TargetError(
            words
            or f"the function maps samples of shape {given} to a tensor of shape {list(shape)}, "
            "without the axis of samples: reduce the last axis only"
        )
    assert refusal is not None
    raise refusal


def _cores(
    fn: Callable[..., Any], dtypes: tuple[str, ...], counts: tuple[int, ...] | None
) -> Iterator[Cores]:
    """The shapes of samples to try, the likeliest first: rows in all inputs, then in some; of
    usual lengths, then of those that constants inside have."""
    if counts is not None and not any(counts):
        yield ((),) * len(dtypes)
        return
    every = sorted(product((1, 0), repeat=len(dtypes)), reverse=True)[:-1]
    for pattern in every if counts is None else [counts]:
        for k in ENTRIES:
            yield tuple((k,) * c for c in pattern)
    first = (1,) * len(dtypes) if counts is None else counts
    for k in sorted(lengths_inside(fn, dtypes, first) - {*ENTRIES}):
        if k <= LONGEST:
            yield tuple((k,) * c for c in first)


def _refused(one: Traced) -> str:
    """Why samples of these shapes cannot be judged apart, where several have not
    the shape of one, several times; empty where they can."""
    shape = one.forward.output_shape
    given = _written(one.cores, SEVERAL)
    try:
        many = one.shape_of_several
    except TargetError as error:
        return (
            f"the function takes one sample, but not {SEVERAL}, {given} ({error}); argand tries "
            "many at once: write it for tensors [n], or for rows [n, k] and give core=1"
        )
    expected: Sequence[int | None] = (SEVERAL, *shape[1:])
    if many is None or _fits(many, expected):
        return ""
    return (
        f"the function maps {SEVERAL} samples, {given}, to a tensor of shape {list(many)}, not "
        f"{list(expected)}: its samples have no values of their own; write it for rows [n, k] each "
        "of which is one whole tensor, flat, and give core=1"
    )


def _written(cores: Cores, samples: int) -> str:
    return " and ".join(str([samples, *core]) for core in cores)


def _fits(shape: Sequence[int | None], expected: Sequence[int | None]) -> bool:
    """Whether the shapes can be the same; None is any number."""
    return len(shape) == len(expected) and all(
        a == b or a is None or b is None for a, b in zip(shape, expected, strict=True)
    )
