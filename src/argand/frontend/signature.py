"""In which dtypes and shapes a bare function is studied: those it takes, found by tracing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple, get_args

import tensorflow as tf

from argand.frontend.trace import Traced, Untraceable
from argand.subject import DTYPES, Kind, TargetError, count_inputs

Cores = tuple[tuple[int, ...], ...]
ENTRIES = (3, 2, 4, 5, 8)  # of a row: the first number that the function takes
_KINDS: tuple[Kind, ...] = tuple(reversed(get_args(Kind)))  # complex before real


class Signature(NamedTuple):
    """The dtype under study, and the function traced for its inputs' own dtypes and shapes."""

    dtype: str
    traced: Traced


def signatures(
    fn: Callable[..., Any],
    dtypes: Sequence[str] | None,
    core: int | Sequence[int] | None = None,
) -> list[Signature]:
    """How to check a bare callable: in the dtypes asked for, else complex where the function
    takes it, else real, else the first mixture that it takes.

    ``core``: 1 for a function along the last axis, 0 for one of each entry, or one for each input;
    None looks: a function that refuses tensors [n], or reduces them, and takes [n, k] to [n, …].
    Raises TargetError for dtypes and cores that it does not take.
    """
    arity = count_inputs(fn)
    counts = _counts(core, arity)
    known = list(DTYPES.values())
    for dtype in dtypes or ():
        if dtype not in known:
            raise TargetError(f"dtype {dtype!r} is not one of {', '.join(known)}")
    if dtypes:
        return [Signature(d, _taken(fn, (d,) * arity, counts)) for d in dtypes]
    numbers: list[Cores] = [((),) * arity]
    refusals: list[TargetError] = []
    for cores in [numbers, _rows(None, arity)] if counts is None else [_rows(counts, arity)]:
        for kinds in sorted(product(_KINDS, repeat=arity), key=lambda k: len(set(k))):
            for precision in (64, 32):  # most code has double precision in mind
                try:
                    first = _first_taken(fn, _dtypes(kinds, precision), cores)
                    if counts is None and not any(first.cores) and _reduces(first):
                        first = _rows_or(first)
                except TargetError as error:
                    refusals.append(error)
                    continue
                return _both(first, kinds, precision)
    for refusal in refusals:
        if isinstance(refusal, Untraceable) and refusal.reason == "variables":
            raise refusal  # these dtypes are taken: what is refused is its use of variables
    raise refusals[2] if len(refusals) > 2 else refusals[-1]  # double precision, real


def _dtypes(kinds: Sequence[Kind], precision: int) -> tuple[str, ...]:
    return tuple(DTYPES[kind, precision] for kind in kinds)


def _both(first: Traced, kinds: Sequence[Kind], precision: int) -> list[Signature]:
    """Single precision, then double: ``first`` is traced in one of them."""
    label: Kind = "complex" if "complex" in kinds else "real"
    other = 96 - precision
    pair = {precision: first, other: Traced(first.fn, _dtypes(kinds, other), first.cores)}
    return [Signature(DTYPES[label, p], pair[p]) for p in (32, 64)]


def _counts(core: int | Sequence[int] | None, arity: int) -> tuple[int, ...] | None:
    """How many last axes of each input make up one sample; None where that is to be found."""
    if core is None:
        return None
    counts = tuple(core) if isinstance(core, Sequence) else (core,) * arity
    if len(counts) != arity or any(type(c) is not int or c not in (0, 1) for c in counts):
        raise TargetError(
            f"core={core!r} is neither 0 nor 1, nor one of them for each of the {arity} input(s)"
        )
    return counts


def _rows(counts: tuple[int, ...] | None, arity: int) -> list[Cores]:
    """The shapes of samples to try, the likeliest first: rows in all inputs, then in some."""
    patterns = [counts] if counts else sorted(product((1, 0), repeat=arity), reverse=True)[:-1]
    return [tuple((k,) * c for c in pattern) for pattern in patterns for k in ENTRIES]


def _taken(
    fn: Callable[..., Any], dtypes: tuple[str, ...], counts: tuple[int, ...] | None
) -> Traced:
    """``fn`` in these dtypes, with the shapes of samples that it takes. What cannot be traced at
    all is left to the caller, who says why; unless ``counts`` asked for it."""
    if counts is not None:
        return _first_taken(fn, dtypes, _rows(counts, len(dtypes)))
    numbers = Traced(fn, dtypes, ((),) * len(dtypes))
    try:
        if not _reduces(numbers):
            return numbers
    except TargetError:
        pass
    return _rows_or(numbers)


def _rows_or(numbers: Traced) -> Traced:
    """The function on rows, if it takes any."""
    try:
        return _first_taken(numbers.fn, numbers.dtypes, _rows(None, len(numbers.dtypes)))
    except TargetError:
        return numbers


def _first_taken(fn: Callable[..., Any], dtypes: tuple[str, ...], cores: Sequence[Cores]) -> Traced:
    """``fn`` with the first of ``cores`` that it takes to one result for each sample.

    Raises TargetError with its first refusal.
    """
    refusal: TargetError | None = None
    for tried in cores:
        traced = Traced(fn, dtypes, tried)
        try:
            shape = traced.forward.output_shape
        except TargetError as error:
            refusal = refusal or error
            if isinstance(error, Untraceable) and error.reason == "dtype":
                break  # no shape will do
            continue
        if not any(tried) or shape[:1] == (1,):
            return traced
        refusal = refusal or TargetError(
            f"the function maps samples of shape {', '.join(str(list(c)) for c in tried)} to a "
            f"tensor of shape {list(shape)}, without the axis of samples: reduce the last axis only"
        )
    assert refusal is not None
    raise refusal


def _reduces(numbers: Traced) -> bool:
    """Whether a tensor [1] becomes one of another shape, or a tensor [2] does."""
    shape = numbers.forward.output_shape
    if None not in shape and shape != (1,):
        return True
    try:
        specs = [tf.TensorSpec([2], d) for d in numbers.dtypes]
        function = tf.function(numbers.fn, autograph=False)
        two = function.get_concrete_function(*specs).output_shapes
    except Exception:
        return False  # it knows one length only, which is told later
    return bool(two.is_fully_defined() and two.as_list() != [2])
