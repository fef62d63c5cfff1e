"""The gradient of the gradient, exactly: of one number, and along lines through several.

With a = ∂f/∂z and b = ∂f/∂z̄, the gradient is g = u·conj(a) + conj(u)·b, so that
    ∂g/∂z = u·conj(∂²f/∂z∂z̄) + conj(u)·∂²f/∂z∂z̄,  ∂g/∂z̄ = u·conj(∂²f/∂z²) + conj(u)·∂²f/∂z̄²,
and TensorFlow's gradient of g for a second upstream v is v·conj(∂g/∂z) + conj(v)·∂g/∂z̄. For a
real input it is v·Re(u·conj(∂²f/∂x²)).

Several inputs, and rows, p are tried along lines p + (t − 1)·d through them, t = 1, as a function
of the real t; d is each number of the input times 1/2 or −1, which is exact. A value that is a
row is then the number Σⱼ conj(uⱼ)·fⱼ, with upstream 1: TensorFlow's gradient of f for u is that of
its real part.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from argand.exact.reference import Exact, certify
from argand.floats import real_dtype
from argand.frontend.derived import cast_attributes
from argand.program import Operation, Program
from argand.trial.problem import Problem


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


def directions(inputs: list[np.ndarray]) -> list[np.ndarray]:
    """The direction d in each input (n, *core) of the lines through its samples."""
    return [_direction(x, i, np.arange(len(x))) for i, x in enumerate(inputs)]


def _direction(x: np.ndarray, i: int, k: np.ndarray) -> np.ndarray:
    """The direction in input ``i`` of the lines ``k``: never all numbers by the same factor."""
    place = (k + i).reshape(-1, *[1] * (x.ndim - 1)) + np.arange(x[0].size).reshape(x.shape[1:])
    return np.asarray(x * np.where(place % 2, 0.5, -1.0).astype(x.dtype))


def exact_along_lines(problem: Problem, inputs: list[np.ndarray], u: np.ndarray) -> Exact:
    """The derivatives along each line, gathered; each line is a Program of its own."""
    t, one = np.ones(1, real_dtype(problem.dtype)), np.ones(1, problem.output_dtype)
    truth = problem.meant.program
    rows = [
        certify(
            _line(truth, [x[k : k + 1] for x in inputs], u[k : k + 1], k, t.dtype.name),
            [t], one if problem.core else u[k : k + 1], problem.output_dtype, order=2,
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
        attributes = cast_attributes(dtype, kind)
        before.append(Operation("Cast", "t", (t,), (cast,), attributes, ""))
        before.append(Operation("Mul", "moved", (cast, along), (moved,), {}, ""))
        before.append(Operation("AddV2", "point", (moved, start), (index,), {}, ""))
    output = truth.output
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
