"""Is the gradient of the gradient right? Against certified second derivatives.

With a = ∂f/∂z and b = ∂f/∂z̄, the gradient is g = u·conj(a) + conj(u)·b, so that
    ∂g/∂z = u·conj(∂²f/∂z∂z̄) + conj(u)·∂²f/∂z∂z̄,  ∂g/∂z̄ = u·conj(∂²f/∂z²) + conj(u)·∂²f/∂z̄²,
and TensorFlow's gradient of g for a second upstream v is v·conj(∂g/∂z) + conj(v)·∂g/∂z̄. For a
real input it is v·Re(u·conj(∂²f/∂x²)). Several inputs, and rows, p are tried along lines
p + (t − 1)·d through them, t = 1, as a function of the real t; d is each number that goes in times
1/2 or −1, which is exact. A value that is a row is then the number Σⱼ conj(uⱼ)·fⱼ, with upstream 1:
TensorFlow's gradient of f for u is that of its real part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from argand.check.rounding import hexes, text
from argand.exact.reference import Exact, certify
from argand.floats import real_dtype
from argand.frontend.runner import RunError, Runner
from argand.program import Operation, Program
from argand.trial.finding import Finding
from argand.trial.ordinary import ordinary
from argand.trial.problem import Case, Domain

POINTS = 16
LINES = 6


def second_order(
    case: Case, mode: str, max_ulp: float, rng: np.random.Generator
) -> Iterator[Finding]:
    """A finding of kind ``second_order`` where the gradient of the gradient raises, is None, or
    has lost more than half of the digits that ``max_ulp`` leaves at a quarter of ordinary points.

    Only points count at which the gradient itself is right: other findings tell of the rest.
    Points on the axes are a batch of their own: there |x| and comparisons with 0 have their kinks.
    One that is wrong elsewhere is not judged there: without its conjugate it is right by symmetry.
    """
    single = len(case.input_dtypes) == 1 and not case.rows
    inputs, u = ordinary(case, POINTS if single else LINES, rng)
    found, right = _in_batch(case, mode, max_ulp, rng, inputs, u)
    complex_one = single and case.input_dtypes[0].startswith("complex")
    if right and not found and complex_one and _holds_zero(case.domain):
        found, _ = _in_batch(case, mode, max_ulp, rng, [_on_axes(inputs[0])], u)
    yield from found


def _holds_zero(domain: Domain | None) -> bool:
    return domain is None or all(low <= 0 <= high for low, high in domain)


def _on_axes(z: np.ndarray) -> np.ndarray:
    """``z`` with its real and its imaginary part zero by turns."""
    turn = np.arange(len(z)) % 2 == 0
    return np.where(turn, 1j * z.imag, z.real).astype(z.dtype)


def _in_batch(
    case: Case,
    mode: str,
    max_ulp: float,
    rng: np.random.Generator,
    inputs: list[np.ndarray],
    u: np.ndarray,
) -> tuple[list[Finding], bool]:
    """The finding, if there is one, and whether the gradient is right at half of the points."""
    single = len(case.input_dtypes) == 1 and not case.rows
    with np.errstate(all="ignore"):
        exact = _exact_one(case, inputs[0], u) if single else _exact_lines(case, inputs, u)
    z = inputs[0] if single else np.ones(LINES, real_dtype(case.dtype))
    fn = case.fn if single else _along(case.fn, inputs)
    v = _second_upstreams(z, rng)
    true, scale = exact_second_order(exact, np.ones_like(u, shape=len(u)) if case.core else u, v)
    assert exact.vjp is not None
    where = (case.variant, mode, case.dtype, "second_order", "second_order")
    try:
        both = Runner(_gradient_of(fn, u), mode)([z], v)
    except RunError as error:
        if _runs(fn, mode, z, u):  # else sampling reports what is raised
            return [Finding(*where, f"The gradient of the gradient raises: {error}")], True
        return [], False
    gradient, got = both.value, both.gradients[0]
    if gradient.shape != z.shape:
        return [], False  # a finding of its own
    eps = max(float(np.finfo(d).eps) for d in (z.dtype, case.output_dtype))
    digits = np.sqrt(max(max_ulp, 1.0) * eps)
    with np.errstate(all="ignore"):
        judged = exact.certified & np.isfinite(true)
        judged &= np.abs(gradient - exact.vjp[0]) <= digits * np.abs(exact.vjp[0])
    right = bool(judged.any() and 2 * judged.sum() >= exact.certified.sum())
    if not judged.any():
        return [], right
    if got is None:
        if not np.any(true[judged] != 0):
            return [], right
        k = int(np.flatnonzero(judged & (true != 0))[0])
        none = Finding(
            *where, "The gradient of the gradient is None: the backward pass does not depend "
            "on the input by operations that TensorFlow can differentiate.",
            hexes(x[k] for x in inputs), text(u[k]), "None",
            repr(true[k].item()),
        )  # fmt: skip
        return [none], right
    if got.shape != z.shape:
        of_shape = f"The gradient of the gradient has shape {list(got.shape)}."
        return [Finding(*where, of_shape)], right
    with np.errstate(all="ignore"):
        wrong = judged & ~(np.abs(got - true) <= 4 * digits * scale)
    if 4 * wrong.sum() < max(judged.sum(), 4):
        return [], right
    k = int(np.flatnonzero(wrong)[0])
    line = "" if single else ", along a line through it,"
    if single and (inputs[0].real == 0).any():
        line = " on an axis"  # where a kink such as |x|'s has another slope
    there = Finding(
        *where, f"The gradient of the gradient{line} is wrong for the second upstream "
        f"{v[k].item()!r}, though the gradient is right.",
        hexes(x[k] for x in inputs), text(u[k]), repr(got[k].item()),
        repr(true[k].item()),
    )  # fmt: skip
    return [there], right


def _gradient_of(fn: Callable[..., Any], u: np.ndarray) -> Callable[..., Any]:
    def gradient(z: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(z)
            value = fn(z)
        found = tape.gradient(value, z, output_gradients=tf.constant(u))
        # A gradient that needs no input is a constant, whose own gradient is None.
        return tf.zeros_like(z) if found is None else tf.identity(found)

    return gradient


def _runs(fn: Callable[..., Any], mode: str, z: np.ndarray, u: np.ndarray) -> bool:
    try:
        Runner(fn, mode)([z], u)
    except RunError:
        return False
    return True


def _second_upstreams(z: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    v = rng.uniform(0.5, 2, z.shape) * rng.choice([-1.0, 1.0], z.shape)
    if z.dtype.kind == "c":
        v = v * np.exp(2j * np.pi * rng.uniform(0, 1, z.shape))
    return v.astype(z.dtype)


def exact_second_order(exact: Exact, u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The exact gradient of the gradient, and the size that its digits are counted from."""
    zz, mixed, barbar = exact.dzdz, exact.dzdzbar, exact.dzbardzbar
    assert zz is not None
    assert mixed is not None
    assert barbar is not None
    size = np.abs(u) * np.abs(v)
    # A second derivative may vanish alone.
    floor = np.abs(exact.dz[0]) + np.abs(exact.dzbar[0]) + np.abs(exact.value)
    if v.dtype.kind != "c":
        true = v * np.real(u * np.conj(zz))
        return true.astype(v.dtype), size * (np.abs(zz) + floor)
    by, by_conj = u * np.conj(mixed) + np.conj(u) * mixed, u * np.conj(zz) + np.conj(u) * barbar
    true = v * np.conj(by) + np.conj(v) * by_conj
    return true.astype(v.dtype), size * (np.abs(zz) + np.abs(mixed) + np.abs(barbar) + floor)


def _exact_one(case: Case, z: np.ndarray, u: np.ndarray) -> Exact:
    return certify(case.truth, [z], u, case.output_dtype, order=2)


def _along(fn: Callable[..., Any], inputs: list[np.ndarray]) -> Callable[..., Any]:
    lines = [_direction(x, i, np.arange(len(x))) for i, x in enumerate(inputs)]

    def line(t: Any) -> Any:
        moved = (
            _times(tf.cast(t, d.dtype), d) + (x - d) for x, d in zip(inputs, lines, strict=True)
        )
        return fn(*moved)

    return line


def _times(t: Any, d: np.ndarray) -> Any:
    return tf.reshape(t, [-1] + [1] * (d.ndim - 1)) * d


def _direction(x: np.ndarray, i: int, k: np.ndarray) -> np.ndarray:
    """The direction in input ``i`` of the lines ``k``: never all numbers by the same factor."""
    place = (k + i).reshape(-1, *[1] * (x.ndim - 1)) + np.arange(x[0].size).reshape(x.shape[1:])
    return x * np.where(place % 2, 0.5, -1.0).astype(x.dtype)


def _exact_lines(case: Case, inputs: list[np.ndarray], u: np.ndarray) -> Exact:
    """The derivatives along each line, gathered; each line is a Program of its own."""
    t, one = np.ones(1, real_dtype(case.dtype)), np.ones(1, case.output_dtype)
    rows = [
        certify(
            _line(case.truth, [x[k : k + 1] for x in inputs], u[k : k + 1], k, t.dtype.name),
            [t], one if case.core else u[k : k + 1], case.output_dtype, order=2,
        )
        for k in range(len(u))
    ]  # fmt: skip

    def gathered(name: str) -> Any:
        parts = [getattr(r, name) for r in rows]
        if isinstance(parts[0], tuple):
            return tuple(np.concatenate(p) for p in zip(*parts, strict=True))
        return np.concatenate(parts)

    names = ("value", "dz", "dzbar", "vjp", "state", "bits", "dzdz", "dzdzbar", "dzbardzbar")
    return Exact(*map(gathered, names))


def _line(truth: Program, point: list[np.ndarray], u: np.ndarray, k: int, dtype: str) -> Program:
    """``truth`` along line ``k`` through the point, as a function of the real t to a number."""
    dtypes, shapes = list(truth.dtypes), list(truth.shapes)
    constants, before, after = dict(truth.constants), [], []

    def new(kind: str, shape: tuple[int, ...] = (1,)) -> int:
        dtypes.append(kind)
        shapes.append(shape)
        return len(dtypes) - 1

    t = new(dtype)
    for i, (index, x) in enumerate(zip(truth.inputs, point, strict=True)):
        kind = truth.dtypes[index]
        along, start, moved = (new(kind, x.shape) for _ in range(3))
        cast = new(kind)
        constants[along] = _direction(x, i, np.array([k]))
        constants[start] = x - constants[along]
        attributes = {"SrcT": tf.as_dtype(dtype), "DstT": tf.as_dtype(kind)}
        before.append(Operation("Cast", "t", (t,), (cast,), attributes, ""))
        before.append(Operation("Mul", "moved", (cast, along), (moved,), {}, ""))
        before.append(Operation("AddV2", "point", (moved, start), (index,), {}, ""))
    (output,) = truth.outputs
    assert output is not None
    if u.ndim > 1:
        kind = truth.dtypes[output]
        weights, weighed = new(kind, u.shape), new(kind, u.shape)
        axes, total = new("int32", (u.ndim - 1,)), new(kind)
        constants[weights] = np.conj(u)
        constants[axes] = np.arange(1, u.ndim, dtype=np.int32)
        after.append(Operation("Mul", "weighed", (output, weights), (weighed,), {}, ""))
        after.append(Operation("Sum", "total", (weighed, axes), (total,), {"keep_dims": False}, ""))
        output = total
    return replace(
        truth, inputs=(t,), outputs=(output,), operations=(*before, *truth.operations, *after),
        constants=constants, dtypes=tuple(dtypes), shapes=tuple(shapes),
    )  # fmt: skip
