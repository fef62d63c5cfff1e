"""The fast path block by block: evaluate in lanes, round, and say what is certified."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numba import config

from argand.exact.fast import reals as r
from argand.exact.fast.block import Block, loaded
from argand.exact.fast.kernels import keeps_ieee
from argand.exact.fast.operations import RULES
from argand.exact.fast.plane import Complex, Unresolved
from argand.program import Program


def fill(
    program: Program,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray | None,
    columns: Sequence[np.ndarray],
    sure: np.ndarray,
    block: int,
) -> None:
    """Certify what can be, ``block`` samples at a time; nothing if an operation has no rule.

    A sample with an infinite or NaN input stays uncertified: so do its lanes.
    """
    program = with_lone_exponential(program)
    known = all(op.type in RULES for op in program.operations)
    if not known or config.DISABLE_JIT or not keeps_ieee():
        return
    for start in range(0, sure.size, block):
        here = slice(start, start + block)
        try:
            _one_block(
                program,
                [x[here] for x in inputs],
                None if upstream is None else upstream[here],
                [c[here] for c in columns],
                sure[here],
            )
        except Unresolved:
            return


# operations that make or read the tags of ``reals``
_TAGGED = {"Exp", "Expm1", "Log", "Log1p", "Pow", "Sigmoid", "Softplus", "Sqrt"}
_TAGGED |= {"ExpMinusOne", "LogOnePlus", "LogOnePlusExp", "OneOverOnePlusExp"}
_TAGGED |= {"AbsOfExp"}
_TAGGED |= {"Sin", "Cos", "Tan", "Sinh", "Cosh", "Tanh"}


def with_lone_exponential(program: Program) -> Program:
    """An exponential that no other function's tags can be confused with is ``LoneExp``."""
    if [op.type for op in program.operations if op.type in _TAGGED] != ["Exp"]:
        return program
    operations = (
        replace(op, type="LoneExp") if op.type == "Exp" else op for op in program.operations
    )
    return replace(program, operations=tuple(operations))


def _one_block(
    program: Program,
    inputs: list[np.ndarray],
    upstream: np.ndarray | None,
    columns: list[np.ndarray],
    sure: np.ndarray,
) -> None:
    value, dz, dzbar = Block(program, inputs).output(program)
    for i, x in enumerate(inputs):
        if x.dtype.kind != "c":  # on the real line z and z̄ are one
            dz[i], dzbar[i] = dz[i] + dzbar[i], Complex(None)
    quantities = [value, *dz, *dzbar]
    if upstream is not None:
        u = loaded(upstream)
        for i, x in enumerate(inputs):
            quantities.append(_gradient(u, dz[i], dzbar[i], x.dtype.kind == "c"))
    sure[:] = _all([*inputs, *([] if upstream is None else [upstream])], np.isfinite)
    # An exact zero of a value is left to Arb, which finds its sign; of a derivative it is +0,
    # but where an input is zero there may be a kink.
    unsigned, nonzero = np.zeros(sure.size, bool), _all(inputs, lambda x: x != 0)
    for k, (quantity, column) in enumerate(zip(quantities, columns, strict=True)):
        _store(quantity, column, nonzero if k else unsigned, sure)
    if not sure.all():
        for column in columns:
            column[~sure] = np.nan


def _gradient(u: Complex, dz: Complex, dzbar: Complex, is_complex: bool) -> Complex:
    """u·conj(dz) + conj(u)·dzbar; by a real input its real part."""
    if not is_complex:
        return Complex(r.products(u.re, dz.re, 1.0, u.im, dz.im))
    return u * dz.conj() + u.conj() * dzbar


def _store(quantity: Complex, column: np.ndarray, free: np.ndarray, sure: np.ndarray) -> None:
    """Round into ``column``; a real column takes the real part. ``free``: where 0 is +0."""
    parts = [(quantity.re, column.real)]
    if column.dtype.kind == "c":
        parts.append((quantity.im, column.imag))
    for part, out in parts:
        if part is None:
            out[:] = 0.0
            sure &= free
        else:
            with np.errstate(over="ignore", under="ignore"):
                out[:] = r.rounded(part, out.dtype, free, sure)


def _all(arrays: list[np.ndarray], test: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Where ``test`` holds for every component of every array."""
    parts = [p for x in arrays for p in ((x.real, x.imag) if x.dtype.kind == "c" else (x,))]
    out = test(parts[0])
    for part in parts[1:]:
        out &= test(part)
    return out
