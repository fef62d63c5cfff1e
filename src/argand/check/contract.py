"""What every gradient must keep whatever its formula: dtype, shape, presence, independence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from argand import patience
from argand.check.case import Case
from argand.check.finding import Finding
from argand.check.rounding import by_input, hexes
from argand.check.samples import generic_points
from argand.exact.reference import certify
from argand.probe import Probe, ProbeError
from argand.trace import Program

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
    points = generic_points(case.input_dtypes, case.domain, 16, rng)
    exact = certify(case.truth, points, np.ones(16, case.output_dtype), case.output_dtype)
    return bool(np.any(exact.dz[by] != 0) or np.any(exact.dzbar[by] != 0))


def independence(
    case: Case, mode: str, max_ulp: float, rng: np.random.Generator
) -> Iterator[Finding]:
    """Findings of kind ``batch_coupling``: an entry changes though only its neighbours do.

    The entry keeps its place, so that vector and scalar code paths cannot differ.
    """
    probe = Probe(case.fn, mode)
    first = generic_points(case.input_dtypes, case.domain, BATCH, rng)
    upstream = np.ones(BATCH, case.output_dtype)
    try:
        alone = probe(first, upstream)
        for kept in (0, BATCH - 1):
            other = generic_points(case.input_dtypes, case.domain, BATCH, rng)
            for x, y in zip(first, other, strict=True):
                y[kept] = x[kept]
            beside = probe(other, upstream)
            results = [(-1, alone.value, beside.value)]
            results += [
                (i, a, b)
                for i, (a, b) in enumerate(zip(alone.gradients, beside.gradients, strict=True))
                if a is not None and b is not None
            ]
            for by, a, b in results:
                if np.shape(a) != (BATCH,) or np.shape(b) != (BATCH,):
                    continue  # the shape is a finding of its own
                if _apart(a[kept], b[kept], max_ulp):
                    yield Finding(
                        case.variant, mode, case.dtype, "value" if by < 0 else "gradient",
                        "batch_coupling",
                        "An entry's result changes though only other entries of the batch do: "
                        f"{a[kept].item()!r} becomes {b[kept].item()!r}{by_input(case, by)}.",
                        hexes([x[kept].item() for x in first]), "1", repr(b[kept].item()),
                    )  # fmt: skip
                    return
    except ProbeError:
        return  # sampling reports what is raised


def _apart(a: Any, b: Any, max_ulp: float) -> bool:
    if not (np.isfinite(a) and np.isfinite(b)):
        return not (a == b or (np.isnan(a) and np.isnan(b)))
    limit = max_ulp * float(np.finfo(a.dtype).eps) * max(abs(a), abs(b))
    return bool(abs(a - b) > limit)


def broadcasting(case: Case, rng: np.random.Generator) -> Iterator[Finding]:
    """Findings of kind ``shape``: scalars, matrices, and inputs of different shapes."""
    n = len(case.input_dtypes)
    shapes: list[tuple[tuple[int, ...], ...]] = [((),) * n, ((2, 3),) * n]
    if n > 1:
        shapes += [tuple((1,) if i == k else (5,) for i in range(n)) for k in range(n)]
        shapes += [tuple((2, 3) if i == k else (3,) for i in range(n)) for k in range(n)]
    for shape in shapes:
        inputs = [
            np.resize(x, s)
            for x, s in zip(
                generic_points(case.input_dtypes, case.domain, 6, rng), shape, strict=True
            )
        ]
        tensors = [tf.constant(x) for x in inputs]
        try:
            with tf.GradientTape() as tape, patience.call(f"the function on shapes {shape}"):
                tape.watch(tensors)
                value = case.fn(*tensors)
            gradients = tape.gradient(value, tensors)
        except Exception:
            continue  # it does not broadcast these, which is no defect of the gradient
        if tuple(value.shape) != np.broadcast_shapes(*shape):
            continue
        for i, gradient in enumerate(gradients):
            if gradient is not None and tuple(gradient.shape) != shape[i]:
                yield Finding(
                    case.variant, "eager", case.dtype, "gradient", "shape",
                    f"With inputs of shapes {', '.join(map(str, map(list, shape)))} the gradient "
                    f"by input {i} has shape {list(gradient.shape)}, not its input's.",
                )  # fmt: skip
                return
