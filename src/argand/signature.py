"""In which dtypes a bare function is studied: those it takes, found by tracing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, get_args

from argand.subject import DTYPES, Kind, TargetError, count_inputs
from argand.trace import trace_value

_KINDS: tuple[Kind, ...] = tuple(reversed(get_args(Kind)))  # complex before real


def asks_for_variables(message: str) -> bool:
    """Whether tf.custom_gradient says that the gradient function does not accept variables."""
    return "accept keyword argument 'variables'" in message


def signatures(
    fn: Callable[..., Any], dtypes: Sequence[str] | None
) -> list[tuple[str, tuple[str, ...]]]:
    """(dtype, input dtypes) under which to check a bare callable: the dtypes asked for, else
    complex where the function takes it, else real, else the first mixture that it takes."""
    arity = count_inputs(fn)
    known = list(DTYPES.values())
    for dtype in dtypes or ():
        if dtype not in known:
            raise TargetError(f"dtype {dtype!r} is not one of {', '.join(known)}")
    if dtypes:
        return [(dtype, (dtype,) * arity) for dtype in dtypes]
    refusals = []
    for kinds in sorted(product(_KINDS, repeat=arity), key=lambda k: len(set(k))):
        label: Kind = "complex" if "complex" in kinds else "real"
        found = {p: tuple(DTYPES[k, p] for k in kinds) for p in (32, 64)}
        for precision in (64, 32):  # most code has double precision in mind
            try:
                trace_value(fn, found[precision])
            except TargetError as error:
                refusals.append(error)
            else:
                return [(DTYPES[label, p], found[p]) for p in (32, 64)]
    for refusal in refusals:
        if asks_for_variables(str(refusal)):
            raise refusal  # these dtypes are taken: what is refused is its use of variables
    raise refusals[2] if len(refusals) > 2 else refusals[-1]  # double precision, real
