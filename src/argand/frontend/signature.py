"""In which dtypes a bare function is studied: those it takes, found by tracing it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any, NamedTuple, get_args

import tensorflow as tf

from argand.frontend.shapes import found_rows, found_samples
from argand.frontend.trace import Traced, Untraceable
from argand.subject import DTYPES, Kind, TargetError, count_inputs

_KINDS: tuple[Kind, ...] = get_args(Kind)
_PRECISIONS = (64, 32)  # most code has double precision in mind
Kinds = tuple[Kind, ...]  # one for each input
Told = Callable[[str], None]


class Signature(NamedTuple):
    """The dtype under study, and the function traced for its inputs' own dtypes and shapes."""

    dtype: str
    traced: Traced


def signatures(
    fn: Callable[..., Any],
    dtypes: Sequence[str] | None,
    core: int | Sequence[int] | None = None,
    told: Told = lambda line: None,
) -> list[Signature]:
    """How to check a bare callable: in the dtypes asked for, else real and complex, each where
    value and gradient can be traced, else the first mixture that it takes.

    ``core``: 1 for a function along the last axis, 0 for one of each entry, or one for each input;
    None looks: a function that refuses tensors [n], or reduces them, and takes [n, k] to [n, …].
    ``told`` is given a line for a kind whose gradient cannot be traced. Raises TargetError for
    dtypes and cores that it does not take.
    """
    arity = count_inputs(fn)
    counts = _counts(core, arity)
    known = list(DTYPES.values())
    for dtype in dtypes or ():
        if dtype not in known:
            raise TargetError(f"dtype {dtype!r} is not one of {', '.join(known)}")
    if dtypes:
        return [Signature(d, _taken(fn, (d,) * arity, counts)) for d in dtypes]
    pairs = _pairs(fn, arity, counts)
    refusals = {kinds: _refusal(pair.values()) for kinds, pair in pairs.items()}
    sound = [kinds for kinds, refusal in refusals.items() if refusal is None]
    for kinds, refusal in refusals.items():
        if sound and refusal is not None:
            told(f"{_label(kinds)} tensors not checked: {refusal}")
    return [
        Signature(DTYPES[_label(kinds), precision], pairs[kinds][precision])
        for kinds in sound or list(pairs)[:1]
        for precision in (32, 64)
    ]


def _label(kinds: Kinds) -> Kind:
    return "complex" if "complex" in kinds else "real"


def _pairs(
    fn: Callable[..., Any], arity: int, counts: tuple[int, ...] | None
) -> dict[Kinds, dict[int, Traced]]:
    """The function in both precisions for each kind of all inputs that it takes, or for the first
    mixture. Raises TargetError where it takes none."""
    pairs: dict[Kinds, dict[int, Traced]] = {}
    refusals: dict[tuple[Kinds, int], TargetError] = {}
    for kinds in sorted(product(_KINDS, repeat=arity), key=lambda k: len(set(k))):
        if pairs and len(set(kinds)) > 1:
            break
        for precision in _PRECISIONS:
            try:
                first = _taken(fn, _dtypes(kinds, precision), counts)
            except TargetError as error:
                refusals[kinds, precision] = error
                continue
            other = 96 - precision
            sibling = Traced(fn, _dtypes(kinds, other), first.cores)
            pairs[kinds] = {precision: first, other: sibling}
            break
    if pairs:
        return pairs
    for refusal in refusals.values():
        if isinstance(refusal, Untraceable) and refusal.reason == "variables":
            raise refusal  # these dtypes are taken: what is refused is its use of variables
    raise next(iter(refusals.values()))  # real, in double precision


def _refusal(traced: Iterable[Traced]) -> TargetError | None:
    """Why the gradient cannot be traced in any of these dtypes, in the words of the first; None
    where it can."""
    first: TargetError | None = None
    for one in traced:
        try:
            one.backward  # noqa: B018
        except TargetError as error:
            first = first or error
        else:
            return None
    return first


def _dtypes(kinds: Kinds, precision: int) -> tuple[str, ...]:
    return tuple(DTYPES[kind, precision] for kind in kinds)


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


def _taken(
    fn: Callable[..., Any], dtypes: tuple[str, ...], counts: tuple[int, ...] | None
) -> Traced:
    """``fn`` in these dtypes, with the shapes of samples that it takes; with its defaults given,
    where its gradient wants them."""
    found = _found(fn, dtypes, counts)
    bound = _with_defaults(fn, len(dtypes))
    if bound is not None and _refusal([found]):
        again = _found(bound, dtypes, counts)
        return found if _refusal([again]) else again
    return found


def _found(
    fn: Callable[..., Any], dtypes: tuple[str, ...], counts: tuple[int, ...] | None
) -> Traced:
    return found_samples(fn, dtypes) if counts is None else found_rows(fn, dtypes, counts)


def _with_defaults(fn: Callable[..., Any], arity: int) -> Callable[..., Any] | None:
    """``fn`` called with its defaults in their places, numbers in the first input's dtype; None
    where it has none. The gradient of a tf.custom_gradient is one for each argument that is given.
    """
    try:
        parameters = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError):
        return None
    placed = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    defaults = [p.default for p in placed[arity:]]
    if not defaults or not hasattr(fn, "__wrapped__"):
        return None

    def bound(*inputs: Any) -> Any:
        numbers = (tf.constant(d, inputs[0].dtype) if isinstance(d, float) else d for d in defaults)
        return fn(*inputs, *numbers)

    return bound
