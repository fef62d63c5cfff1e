"""How much a result changes with its input: the condition number, which tells a point where any
algorithm loses digits from an algorithm that loses them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from flint import acb, arb, ctx

from argand.exact.balls import to_balls
from argand.exact.parts import value_and_derivatives
from argand.exact.reference import certify
from argand.program import Program
from argand.subject import TargetError

PRECISION = 1100


def condition(
    truth: Program | None,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    by: int,
    entry: int = 0,
    backward: Program | None = None,
) -> float | None:
    """The relative condition number of the value (``by`` −1), Σ |zᵢ|(|∂ᵢf| + |∂̄ᵢf|)/|f| over all
    numbers zᵢ that go in, or of the gradient at one sample (arrays (1, *core)); of rows that of
    one ``entry``. Infinite at a zero, None where not known.

    Of several inputs, or rows, or where it is that of no function (``truth`` None), the gradient is
    that of ``backward``, whose formula is right, and the upstream is one of the numbers that go in.
    """
    if truth is not None and by < 0:
        return _of_output(truth, inputs, entry)
    if truth is not None and len(inputs) == 1 and inputs[0].size == upstream.size == 1:
        return _of_gradient(truth, inputs, upstream)
    if backward is None or backward.outputs[by] is None:
        return None
    wanted = replace(backward, outputs=(backward.outputs[by],))
    try:
        return _of_output(wanted, [upstream, *inputs], entry)
    except TargetError:
        return None


def _of_output(program: Program, inputs: Sequence[np.ndarray], entry: int) -> float | None:
    complex_inputs = [x.dtype.kind == "c" for x in inputs]
    with ctx.workprec(PRECISION):
        value, *slopes = value_and_derivatives(program, inputs, complex_inputs)
        n = len(inputs)
        change: Any = arb(0)
        for i, x in enumerate(inputs):
            rows = [slopes[k].reshape(value.size, x.size)[entry] for k in (i, n + i)]
            for z, d, dbar in zip(to_balls(x).flat, *rows, strict=True):
                change += abs(z) * (abs(d) + abs(dbar))
        return _number(change, abs(acb(value.flat[entry])))


def _of_gradient(
    truth: Program, inputs: Sequence[np.ndarray], upstream: np.ndarray
) -> float | None:
    try:
        exact = certify(truth, inputs, upstream, upstream.dtype.name, order=2)
    except TargetError:
        return None
    assert exact.condition_gradient is not None
    number = float(exact.condition_gradient[0])
    return None if math.isnan(number) else number


def _number(change: arb, size: arb) -> float | None:
    if size.is_zero() or change > size * arb(2) ** (PRECISION - 100):  # zero, as far as it shows
        return math.inf
    ratio = change / size
    return float(ratio.mid()) if ratio.is_finite() else None


def words(number: float | None, explained: bool) -> str:
    """A sentence about a condition number, and whether conditioning explains an error."""
    if explained:
        known = "Conditioning" if number is None else f"Condition number {number:.3g}: it"
        return (
            f" {known} explains the error: the rounding of what goes in, or of terms that cancel "
            "exactly, could cost as much."
        )
    if number is None:
        return ""
    verdict = "that explains only a part: the algorithm loses the rest"
    if number <= 1e3:
        verdict = "well-conditioned here: the algorithm loses it"
    return f" Condition number {number:.3g}, {verdict}."
