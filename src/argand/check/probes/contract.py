"""What every gradient must keep whatever its formula: dtype, shape, presence, independence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from argand import watchdog
from argand.check.rounding import by_input, hexes, text
from argand.exact.reference import certify
from argand.frontend.runner import RunError, Runner
from argand.program import Program
from argand.trial.finding import Finding
from argand.trial.ordinary import ordinary
from argand.trial.points import generic_points
from argand.trial.problem import Case

BATCH = 6


def dtypes_and_presence(
    case: Case, backward: Program, rng: np.random.Generator
) -> Iterator[Finding]:
    """Findings of kind ``dtype`` and ``missing_gradient`` in the traced backward pass."""
    for i, (output, dtype) in enumerate(zip(backward.outputs, case.input_dtypes, strict=True)):
        if output is None:
            if _depends(case, i, rng):
                yield Finding(
                    case.variant, "graph", case.dtype, "gradient", "missing_gradient",
                    f"The gradient by input {i} is None, though the function depends on it.",
                )  # fmt: skip
        elif backward.dtypes[output] != dtype:
            yield Finding(
                case.variant, "graph", case.dtype, "gradient", "dtype",
                f"The gradient by input {i} is {backward.dtypes[output]}; its input is {dtype}.",
            )  # fmt: skip


def _depends(case: Case, by: int, rng: np.random.Generator) -> bool:
    points = generic_points(case.input_dtypes, case.domain, 16, rng, case.cores)
    upstream = np.ones((16, *case.core), case.output_dtype)
    exact = certify(case.truth, points, upstream, case.output_dtype)
    return bool(np.any(exact.dz[by] != 0) or np.any(exact.dzbar[by] != 0))


def independence(
    case: Case, mode: str, max_ulp: float, rng: np.random.Generator
) -> Iterator[Finding]:
    """Findings of kind ``batch_coupling``: a sample's result changes though only its neighbours,
    or their upstreams, do.

    The sample keeps its place, so that vector and scalar code paths cannot differ.
    """
    probe = Runner(case.fn, mode)
    first = generic_points(case.input_dtypes, case.domain, BATCH, rng, case.cores)
    (apart,) = rng.spawn(1)
    upstream = np.ones((BATCH, *case.core), case.output_dtype)
    if case.rows:
        upstream = ordinary(case, BATCH, apart)[1]
    try:
        alone = probe(first, upstream)
        for kept in (0, BATCH - 1):
            other = generic_points(case.input_dtypes, case.domain, BATCH, rng, case.cores)
            _, u = ordinary(case, BATCH, apart)
            for x, y in zip([*first, upstream], [*other, u], strict=True):
                y[kept] = x[kept]
            beside = probe(other, u)
            results = [(-1, upstream, alone.value, beside.value)]
            results += [
                (i, first[i], a, b)
                for i, (a, b) in enumerate(zip(alone.gradients, beside.gradients, strict=True))
                if a is not None and b is not None
            ]
            for by, like, a, b in results:
                if np.shape(a) != like.shape or np.shape(b) != like.shape:
                    continue  # the shape is a finding of its own
                if _apart(a[kept], b[kept], max_ulp):
                    one, batch = ("A row", "rows") if case.rows else ("An entry", "entries")
                    yield Finding(
                        case.variant, mode, case.dtype, "value" if by < 0 else "gradient",
                        "batch_coupling",
                        f"{one}'s result changes though only other {batch} of the batch do: "
                        f"{text(a[kept])} becomes {text(b[kept])}{by_input(case, by)}"
                        f"{'' if case.rows else _ALONG}.",
                        hexes(x[kept] for x in first), text(upstream[kept]), text(b[kept]),
                    )  # fmt: skip
                    return
    except RunError:
        return  # sampling reports what is raised


_ALONG = "; if the entries along the last axis belong together, as in a softmax, give core=1"


def _apart(a: Any, b: Any, max_ulp: float) -> bool:
    """Whether two results of one sample differ beyond rounding, or in what is not finite."""
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return not np.array_equal(a, b, equal_nan=True)
    limit = max_ulp * float(np.finfo(a.dtype).eps) * max(np.max(np.abs(a)), np.max(np.abs(b)))
    return bool(np.max(np.abs(a - b)) > limit)


def broadcasting(case: Case, rng: np.random.Generator) -> Iterator[Finding]:
    """Findings of kind ``shape``: one sample, a matrix of them, and inputs of different shapes,
    each followed by the shape of a sample."""
    n = len(case.input_dtypes)
    shapes: list[tuple[tuple[int, ...], ...]] = [((),) * n, ((2, 3),) * n]
    if n > 1:
        shapes += [tuple((1,) if i == k else (5,) for i in range(n)) for k in range(n)]
        shapes += [tuple((2, 3) if i == k else (3,) for i in range(n)) for k in range(n)]
    for batches in shapes:
        points = generic_points(case.input_dtypes, case.domain, 6, rng, case.cores)
        shape = tuple((*b, *core) for b, core in zip(batches, case.cores, strict=True))
        inputs = [np.resize(x, s) for x, s in zip(points, shape, strict=True)]
        tensors = [tf.constant(x) for x in inputs]
        try:
            with tf.GradientTape() as tape, watchdog.call(f"the function on shapes {shape}"):
                tape.watch(tensors)
                value = case.fn(*tensors)
            gradients = tape.gradient(value, tensors)
        except Exception:
            continue  # it does not broadcast these, which is no defect of the gradient
        if tuple(value.shape) != np.broadcast_shapes(*batches) + case.core:
            continue
        for i, gradient in enumerate(gradients):
            if gradient is not None and tuple(gradient.shape) != shape[i]:
                yield Finding(
                    case.variant, "eager", case.dtype, "gradient", "shape",
                    f"With inputs of shapes {', '.join(map(str, map(list, shape)))} the gradient "
                    f"by input {i} has shape {list(gradient.shape)}, not its input's.",
                )  # fmt: skip
                return
