"""The one point that is asked about: the function traced for its dtypes, its inputs, an upstream.

Of a bare function without ``dtype`` it is the first that takes the numbers as they are written,
real before complex: log(-1) of a real tensor is NaN, and people ask why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from argand.frontend.derived import of_one_sample
from argand.frontend.signature import signatures
from argand.frontend.trace import Traced
from argand.replay import input_of, upstream_of
from argand.subject import DTYPES, Subject, Target, TargetError, Variant, count_inputs
from argand.trial.problem import Problem


def point(
    target: Target,
    at: Sequence[str],
    upstream: str | None,
    dtype: str | None,
    core: int | Sequence[int] | None,
) -> tuple[Problem, list[np.ndarray], np.ndarray]:
    """The Problem of ``target`` for one sample of the shape that ``at`` has, its inputs (1, *core)
    and the upstream (1, *core), 1 where none is given; texts as ``argand.replay.replay`` reads
    them. Raises TargetError for what does not fit the target.
    """
    name = getattr(target, "name", None) or getattr(target, "__name__", type(target).__name__)
    refused: TargetError | None = None
    for own, plain in _taken(target, at, dtype, core):
        if len(at) != len(own.dtypes):
            raise TargetError(
                f"{len(at)} number(s) given, but the function takes {len(own.dtypes)} input(s): "
                "give --at once for each input, in order"
            )
        axes = tuple(map(len, own.cores))
        try:
            inputs = [input_of(*one) for one in zip(at, own.dtypes, axes, strict=True)]
        except TargetError as error:
            refused = refused or error
            continue
        cores = tuple(x.shape for x in inputs)
        formula = Traced(plain, own.dtypes, cores)
        variant = formula if own.fn is plain else Traced(own.fn, own.dtypes, cores)
        problem = Problem(str(name), own.dtypes[0], variant, formula, None)
        return problem, [x[None] for x in inputs], _upstream(upstream, variant)
    assert refused is not None  # there is a dtype, or it is refused where it is looked for
    raise refused


def _taken(
    target: Target, at: Sequence[str], dtype: str | None, core: int | Sequence[int] | None
) -> list[tuple[Traced, Any]]:
    """The function for each of the dtypes that are to be tried, and its plain formula."""
    subject = target if isinstance(target, Subject) else getattr(target, "subject", None)
    if isinstance(subject, Subject):
        if core is not None:
            raise TargetError("core is for bare functions: a subject's inputs say their entries")
        fn = target.fn if isinstance(target, Variant) else subject.plain
        dtypes = subject.input_dtypes(dtype or subject.dtypes[-1])
        return [(Traced(fn, dtypes, subject.cores), subject.plain)]
    fn = target.fn if isinstance(target, Variant) else target
    try:
        found = signatures(fn, [dtype] if dtype else None, core)
        widest = sorted(found, key=lambda s: s.dtype.startswith("complex"))
        wide = [s.traced for s in widest if dtype or s.dtype in _WIDE]
        _upstream(None, wide[0])
    except TargetError:
        wide = _whole(fn, at, [dtype] if dtype else _WIDE, core)
        if not wide or (dtype and dtype not in DTYPES.values()):
            raise
    return [(traced, traced.fn) for traced in wide]


_WIDE = ("float64", "complex128")


def _whole(
    fn: Callable[..., Any],
    at: Sequence[str],
    dtypes: Sequence[str],
    core: int | Sequence[int] | None,
) -> list[Traced]:
    """A function of whole tensors, such as a loss, of one at a time: in those of ``dtypes`` in
    which it can be traced, a tensor for each input a row where its text or ``core`` says so."""
    one = of_one_sample(fn)
    counts = [int("," in text) for text in at] if core is None else core
    counts = [counts] * len(at) if isinstance(counts, int) else list(counts)
    found = []
    for dtype in dtypes:
        try:
            cores = tuple((text.count(",") + 1,) * c for text, c in zip(at, counts, strict=True))
            traced = Traced(one, (dtype,) * count_inputs(one), cores)
            _upstream(None, traced)
        except (TargetError, ValueError):
            continue
        found.append(traced)
    return found


def _upstream(text: str | None, traced: Traced) -> np.ndarray:
    forward = traced.forward
    shape = forward.output_shape
    if shape[:1] != (1,) or not forward.output_dtype.startswith(("float", "complex")):
        raise TargetError(
            f"the function maps one sample to {forward.output_dtype} of shape {list(shape)}; its "
            "value must be floats, and its first axis count samples, as the inputs' do (core=1: "
            "along the last axis)"
        )
    u = np.asarray(1.0) if text is None else upstream_of(text, traced)
    if u.dtype.kind == "c" and not forward.output_dtype.startswith("complex"):
        raise TargetError(
            f"the upstream is complex, but the function returns {forward.output_dtype}"
        )
    try:
        return np.broadcast_to(u, shape[1:]).astype(forward.output_dtype)[None]
    except ValueError as error:
        raise TargetError(
            f"the upstream has {u.size} entries, but the value has the shape {list(shape[1:])}"
        ) from error
