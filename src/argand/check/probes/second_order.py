"""Is the gradient of the gradient right? ``argand.trial.second_order`` has what is exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from argand.check.asked import Asked
from argand.check.black_box import runs_python
from argand.exact.reference import certify
from argand.floats import real_dtype
from argand.frontend.derived import along, gradient_of
from argand.frontend.runner import RunError, Runner
from argand.trial.domain import Domain
from argand.trial.finding import Finding
from argand.trial.points.ordinary import ordinary
from argand.trial.problem import Problem
from argand.trial.second_order import directions, exact_along_lines, exact_second_order
from argand.trial.written import hexes, text

KINDS = {"second_order": "Write the backward pass in differentiable operations."}
POINTS = 16
LINES = 6


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each mode in which the gradient of the gradient raises, is None, or has lost
    more than half of the digits that ``max_ulp`` leaves at a quarter of ordinary points.

    Only points count at which the gradient itself is right: other findings tell of the rest.
    Points on the axes are a batch of their own: there |x| and comparisons with 0 have their kinks.
    One that is wrong elsewhere is not judged there: without its conjugate it is right by symmetry.
    """
    problem = asked.problem
    if problem.meant.given:
        return  # what is no function's gradient has no second order to be held to
    single = len(problem.input_dtypes) == 1 and not problem.rows
    plane = single and problem.input_dtypes[0].startswith("complex")
    for mode in asked.ran():
        inputs, u = ordinary(problem, POINTS if single else LINES, rng)
        fn = problem.fn if single else along(problem.fn, inputs, directions(inputs))
        twice = Runner(gradient_of(fn, u), mode)  # of both batches: its trace is what costs
        first = _Batch(problem, mode, inputs, u, single, twice)
        found, right = _judged(first, asked.max_ulp, rng)
        if right and not found and plane and _holds_zero(problem.domain):
            on_axes = replace(first, inputs=[_on_axes(inputs[0])])
            found, _ = _judged(on_axes, asked.max_ulp, rng)
        if found:
            yield found


@dataclass(frozen=True)
class _Batch:
    """Points of a Problem in one mode: ``single`` numbers, or lines through several; ``twice`` is
    the gradient and its own."""

    problem: Problem
    mode: str
    inputs: list[np.ndarray]
    upstream: np.ndarray
    single: bool
    twice: Runner

    def finding(
        self, message: str, k: int | None = None, *seen: str, severity: str = ""
    ) -> Finding:
        """A finding, seen at point ``k``: ``seen`` are the computed and the exact result."""
        fields: dict[str, Any] = dict(zip(("computed", "exact"), seen, strict=False))
        if k is not None:
            at = hexes(x[k] for x in self.inputs)
            fields |= {"input": at, "upstream": text(self.upstream[k])}
        return self.problem.finding(
            "second_order", self.mode, "second_order", f"The gradient of the gradient{message}",
            severity=severity, **fields,
        )  # fmt: skip


def _judged(batch: _Batch, max_ulp: float, rng: np.random.Generator) -> tuple[Finding | None, bool]:
    """The finding, if there is one, and whether the gradient is right at half of the points."""
    problem, u = batch.problem, batch.upstream
    with np.errstate(all="ignore"):
        if batch.single:
            z = batch.inputs[0]
            exact = certify(problem.meant.program, [z], u, problem.output_dtype, order=2)
        else:
            z = np.ones(LINES, real_dtype(problem.dtype))
            exact = exact_along_lines(problem, batch.inputs, u)
    v = _second_upstreams(z, rng)
    ones = np.ones_like(u, shape=len(u))
    with np.errstate(all="ignore"):
        true, scale = exact_second_order(exact, ones if problem.core else u, v)
    try:
        both = batch.twice([z], v)
    except RunError as error:
        if _runs(problem, batch.mode, batch.inputs, u):  # else the probe ``error`` tells
            return batch.finding(f" raises: {error}"), True
        return None, False
    gradient, got = both.value, both.gradients[0]
    if gradient.shape != z.shape:
        return None, False  # a finding of its own
    eps = max(float(np.finfo(d).eps) for d in (z.dtype, problem.output_dtype))
    digits = np.sqrt(max(max_ulp, 1.0) * eps)
    with np.errstate(all="ignore"):
        judged = exact.certified & np.isfinite(true)
        judged &= np.abs(gradient - exact.quantity(0)) <= digits * np.abs(exact.quantity(0))
    right = bool(judged.any() and 2 * judged.sum() >= exact.certified.sum())
    return _told(batch, got, v, true, judged, 4 * digits * scale), right


def _told(
    batch: _Batch,
    got: np.ndarray | None,
    v: np.ndarray,
    true: np.ndarray,
    judged: np.ndarray,
    limit: np.ndarray,
) -> Finding | None:
    """What is wrong with ``got`` for second upstreams ``v`` where it is ``judged``, (n,) each."""
    if not judged.any():
        return None
    if got is None:
        moving = judged & (true != 0)
        if not moving.any():
            return None
        k = int(np.flatnonzero(moving)[0])
        return batch.finding(
            " is None: the backward pass does not depend on the input by operations that "
            "TensorFlow can differentiate.", k, "None", repr(true[k].item()),
            severity="advice" if runs_python(batch.problem.backward) else "",
        )  # fmt: skip
    if got.shape != true.shape:
        return batch.finding(f" has shape {list(got.shape)}.")
    with np.errstate(all="ignore"):
        wrong = judged & ~(np.abs(got - true) <= limit)
    if 4 * wrong.sum() < max(judged.sum(), 4):
        return None
    k = int(np.flatnonzero(wrong)[0])
    line = "" if batch.single else ", along a line through it,"
    if batch.single and (batch.inputs[0].real == 0).any():
        line = " on an axis"  # where a kink such as |x|'s has another slope
    return batch.finding(
        f"{line} is wrong for the second upstream {v[k].item()!r}, though the gradient is right.",
        k, repr(got[k].item()), repr(true[k].item()),
    )  # fmt: skip


def _holds_zero(domain: Domain | None) -> bool:
    return domain is None or all(low <= 0 <= high for low, high in domain)


def _on_axes(z: np.ndarray) -> np.ndarray:
    """``z`` with its real and its imaginary part zero by turns."""
    turn = np.arange(len(z)) % 2 == 0
    return np.where(turn, 1j * z.imag, z.real).astype(z.dtype)


def _runs(problem: Problem, mode: str, inputs: list[np.ndarray], u: np.ndarray) -> bool:
    try:
        problem.run(mode)(inputs, u)
    except RunError:
        return False
    return True


def _second_upstreams(z: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    v = rng.uniform(0.5, 2, z.shape) * rng.choice([-1.0, 1.0], z.shape)
    if z.dtype.kind == "c":
        v = v * np.exp(2j * np.pi * rng.uniform(0, 1, z.shape))
    return np.asarray(v).astype(z.dtype)
