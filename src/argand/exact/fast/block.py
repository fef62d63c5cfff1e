"""Evaluate a Program on one block of samples: value and both Wirtinger derivatives in lanes."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from argand.exact.fast import reals as r
from argand.exact.fast.operations import ONE, RULES, Gate
from argand.exact.fast.plane import Complex
from argand.program import Operation, Program

Derivative = Complex | object | None  # a number, ONE, or None for zero by structure


class Block:
    """The values of a Program at ``samples``, one array for each input, and their derivatives."""

    def __init__(self, program: Program, samples: list[np.ndarray]) -> None:
        self.n = samples[0].size
        self.none: tuple[Derivative, ...] = (None,) * len(samples)
        self.values: dict[int, Any] = {}
        self.dz: dict[int, tuple[Derivative, ...]] = {}
        self.dzbar: dict[int, tuple[Derivative, ...]] = {}
        for i, (index, x) in enumerate(zip(program.inputs, samples, strict=True)):
            moving = tuple(ONE if i == j else None for j in range(len(samples)))
            self._keep(index, loaded(x), moving, self.none)
        for index, constant in program.constants.items():
            self._keep(index, self._constant(constant), self.none, self.none)
        for op in program.operations:
            self._apply(op)

    def output(self, program: Program) -> tuple[Complex, list[Complex], list[Complex]]:
        """The value, and the derivatives by each input and by its conjugate."""
        index = program.output
        dz, dzbar = ([self._number(d) for d in by[index]] for by in (self.dz, self.dzbar))
        return self.values[index], dz, dzbar

    def _keep(self, index: int, value: Any, dz: Any, dzbar: Any) -> None:
        self.values[index], self.dz[index], self.dzbar[index] = value, dz, dzbar

    def _constant(self, constant: np.ndarray) -> Any:
        x = constant.ravel()[:1]
        if x.dtype.kind == "b":
            return np.full(self.n, float(x[0]))
        if x.dtype.kind not in "fc":  # a shape or an axis: not looked at
            return None
        parts = [x.real, x.imag] if x.dtype.kind == "c" else [x]
        return Complex(
            *[
                r.real(np.full(self.n, part[0], np.float64))
                if part[0] != 0 or np.signbit(part[0])
                else None
                for part in parts
            ]
        )

    def _apply(self, op: Operation) -> None:
        operands = [self.values[i] for i in op.inputs]
        value, partials = RULES[op.type](*operands)
        dz: list[Derivative] = list(self.none)
        dzbar: list[Derivative] = list(self.none)
        for index, (by, by_conj) in zip(op.inputs, partials, strict=True):
            if not any(d is not None for d in (*self.dz[index], *self.dzbar[index])):
                continue
            by, by_conj = _computed(by), _computed(by_conj)
            for i, (d, d_conj) in enumerate(zip(self.dz[index], self.dzbar[index], strict=True)):
                dz[i] = self._sum(dz[i], _times(by, d), _times(by_conj, _conj(d_conj)))
                dzbar[i] = self._sum(dzbar[i], _times(by, d_conj), _times(by_conj, _conj(d)))
        self._keep(op.outputs[0], value, tuple(dz), tuple(dzbar))

    def _sum(self, *terms: Derivative) -> Derivative:
        present = [t for t in terms if t is not None]
        if len(present) < 2:
            return present[0] if present else None
        return reduce(lambda a, b: a + b, [self._number(t) for t in present])

    def _number(self, d: Derivative) -> Complex:
        if isinstance(d, Complex):
            return d
        return Complex(None) if d is None else Complex(r.real(np.ones(self.n)))


def loaded(x: np.ndarray) -> Complex:
    """Exact lanes of a real or complex array."""
    if x.dtype.kind == "c":
        return Complex(r.real(x.real), r.real(x.imag))
    return Complex(r.real(x))


def _computed(partial: Any) -> Any:
    return partial() if callable(partial) and not isinstance(partial, Gate) else partial


def _conj(d: Derivative) -> Derivative:
    return d.conj() if isinstance(d, Complex) else d


def _times(by: Any, d: Derivative) -> Derivative:
    if by is None or d is None:
        return None
    if by is ONE:
        return d
    if isinstance(by, Gate):
        return by(d if isinstance(d, Complex) else Complex(r.real(np.ones(by.open.size))))
    product: Complex = by if d is ONE else by * d
    return product
