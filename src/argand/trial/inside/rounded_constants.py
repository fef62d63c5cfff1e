"""Constants of a Program that may be rounded: as balls that hold every number rounded to them, and
as inputs, by which one can differentiate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import as_array
from argand.program import Operation, Program


def rounded_constants(program: Program) -> list[int]:
    """The constants that may stand for a number which the dtype does not have, and are used."""
    used = {i for op in program.operations for i in op.inputs}
    return [i for i, c in program.constants.items() if i in used and rounded(c).any()]


def widened(program: Program, constants: Iterable[int]) -> Program:
    """``program`` with these of its ``constants`` ± one ulp of their dtype, as balls."""
    wide = {i: _wide(program.constants[i]) for i in constants}
    return replace(program, constants=program.constants | wide)


def as_inputs(program: Program) -> tuple[Program, list[np.ndarray]]:
    """``program`` with its rounded constants after its inputs, and their values, each one sample;
    those of the same bits are one input, for they are rounded alike."""
    first: dict[tuple[str, tuple[int, ...], bytes], int] = {}
    chosen = {
        i: first.setdefault((c.dtype.str, c.shape, c.tobytes()), i)
        for i, c in ((i, program.constants[i]) for i in rounded_constants(program))
    }
    values = [program.constants[i][None] for i in first.values()]
    new = tuple(range(len(program.dtypes), len(program.dtypes) + len(values)))
    # An input has an axis for samples, and a constant none.
    without = tuple(
        Operation("Squeeze", "", (k,), (i,), {"squeeze_dims": [0]}, "")
        for k, i in zip(new, first.values(), strict=True)
    )
    taken = tuple(
        replace(op, inputs=tuple(chosen.get(i, i) for i in op.inputs)) for op in program.operations
    )
    made = replace(
        program,
        inputs=program.inputs + new,
        operations=without + taken,
        constants={i: c for i, c in program.constants.items() if i not in chosen},
        dtypes=program.dtypes + tuple(c.dtype.name for c in values),
        shapes=program.shapes + tuple(c.shape for c in values),
    )
    return made, values


def rounded(c: np.ndarray) -> np.ndarray:
    """Where a component is neither a whole number, nor the largest float, nor short: what fits into
    half of the digits is meant as it is, for a rounded number ends so by chance only."""
    if c.dtype.kind not in "fc":
        return np.zeros(c.shape, bool)
    if c.dtype.kind == "c":
        return np.asarray(rounded(c.real) | rounded(c.imag))
    info = np.finfo(c.dtype)
    digits = np.where(np.isfinite(c), np.frexp(c)[0], 0.0) * 2.0 ** ((info.nmant + 1) // 2)
    whole = (c == np.round(c)) & (np.abs(c) < 2.0 ** (info.nmant + 1))
    meant = whole | (np.abs(c) == info.max) | (digits == np.round(digits))
    return np.asarray(np.isfinite(c) & ~meant)


def _wide(c: np.ndarray) -> np.ndarray:
    def part(x: Any) -> arb:
        return arb(float(x), float(np.spacing(np.abs(x))) if rounded(np.asarray(x)) else 0.0)

    if c.dtype.kind == "c":
        return as_array([acb(part(x.real), part(x.imag)) for x in c.ravel()], c.shape)
    return as_array([part(x) for x in c.ravel()], c.shape)
