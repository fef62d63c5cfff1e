"""In which dtypes and shapes a bare function is studied: those it takes, found by tracing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple, get_args

import tensorflow as tf

from argand.frontend.trace import trace_value
from argand.subject import DTYPES, Kind, TargetError, count_inputs

Cores = tuple[tuple[int, ...], ...]
ENTRIES = (3, 2, 4, 5, 8)  # of a row: the first number that the function takes
_KINDS: tuple[Kind, ...] = tuple(reversed(get_args(Kind)))  # complex before real


def asks_for_variables(message: str) -> bool:
    """Whether tf.custom_gradient says that the gradient function does not accept variables."""
    return "accept keyword argument 'variables'" in message


class Signature(NamedTuple):
    """The dtype under study, each input's own, and the shape of one sample of each input."""

    dtype: str
    input_dtypes: tuple[str, ...]
    cores: Cores


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
        given = [(dtype, (dtype,) * arity) for dtype in dtypes]
        return [Signature(*pair, _cores(fn, pair[1], counts)) for pair in given]
    refusals = []
    numbers: list[Cores] = [((),) * arity]
    for cores in [numbers, _rows(counts, arity)] if counts is None else [_rows(counts, arity)]:
        for kinds in sorted(product(_KINDS, repeat=arity), key=lambda k: len(set(k))):
            label: Kind = "complex" if "complex" in kinds else "real"
            found = {p: tuple(DTYPES[k, p] for k in kinds) for p in (32, 64)}
            for precision in (64, 32):  # most code has double precision in mind
                try:
                    taken = _first_taken(fn, found[precision], cores)
                except TargetError as error:
                    refusals.append(error)
                    continue
                if cores is numbers and _reduces(fn, found[precision]):
                    taken = _cores(fn, found[precision], counts)
                return [Signature(DTYPES[label, p], found[p], taken) for p in (32, 64)]
    for refusal in refusals:
        if asks_for_variables(str(refusal)):
            raise refusal  # these dtypes are taken: what is refused is its use of variables
    raise refusals[2] if len(refusals) > 2 else refusals[-1]  # double precision, real


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


def _cores(
    fn: Callable[..., Any], dtypes: tuple[str, ...], counts: tuple[int, ...] | None
) -> Cores:
    """The shapes of samples that ``fn`` takes in these dtypes. What cannot be traced at all is
    left to the caller, who says why; unless ``counts`` asked for it."""
    numbers: Cores = ((),) * len(dtypes)
    if counts is not None:
        return _first_taken(fn, dtypes, _rows(counts, len(dtypes)))
    try:
        trace_value(fn, dtypes)
        if not _reduces(fn, dtypes):
            return numbers
    except TargetError:
        pass
    try:
        return _first_taken(fn, dtypes, _rows(None, len(dtypes)))
    except TargetError:
        return numbers


def _first_taken(fn: Callable[..., Any], dtypes: tuple[str, ...], cores: Sequence[Cores]) -> Cores:
    """The first of ``cores`` that ``fn`` takes to one result for each sample. Raises TargetError
    with its first refusal."""
    refusal = None
    for tried in cores:
        try:
            program = trace_value(fn, dtypes, tried)
        except TargetError as error:
            refusal = refusal or error
            if re.search(r"dtype|float32|float64|complex64|complex128", _words(error)):
                break  # no shape will do
            continue
        output = program.outputs[0]
        assert output is not None
        if not any(tried) or program.shapes[output][:1] == (1,):
            return tried
        refusal = refusal or TargetError(
            f"the function maps samples of shape {', '.join(str(list(c)) for c in tried)} to a "
            f"tensor of shape {list(program.shapes[output])}, without the axis of samples: reduce "
            "the last axis only"
        )
    assert refusal is not None
    raise refusal


def _words(error: TargetError) -> str:
    """What TensorFlow says: what precedes are argand's own words, and name the dtype."""
    return str(error).partition(": ")[2]


def _reduces(fn: Callable[..., Any], dtypes: tuple[str, ...]) -> bool:
    """Whether a tensor [1] becomes one of another shape, or a tensor [2] does."""
    for n in (1, 2):
        try:
            specs = [tf.TensorSpec([n], d) for d in dtypes]
            shape = tf.function(fn, autograph=False).get_concrete_function(*specs).output_shapes
        except Exception:
            return False  # it was traced before: it knows one length only, which is told later
        if shape.is_fully_defined() and shape.as_list() != [n]:
            return True
    return False
