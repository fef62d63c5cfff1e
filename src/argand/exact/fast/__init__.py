"""Certify many samples at once: double-double lanes with error bounds, and Arb for the rest.

``certified`` evaluates a Program with the same rules as Arb's evaluator, in numbers of 106
bits that carry a bound of their error (``primitives``), and keeps a sample only where every
part that is asked for rounds to one float at both ends of its bound. Bounds: sums measure
their error with 2Sum; products, quotients and roots have bounds derived beside them; exp, sin
and cos in ``elementary``; logarithm and angle are one Newton step on those. Nothing depends
on a library's accuracy. ``ARGAND_FAST=0`` turns it off; answers are the same bits.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import numpy as np

from argand.program import Program

BITS = 106  # what ``Exact.bits`` says of samples certified here
FEWEST = 200  # samples of one call that are worth the calls of kernels
LOADING = 10_000  # samples that Arb certifies while the kernels are loaded: then they are worth it
BLOCK = 4096  # lanes at once: fewer cost calls, more cost cache misses

_left_to_arb = 0  # samples so far in this process, for want of loaded kernels


def certified(
    program: Program,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray | None,
    columns: Sequence[np.ndarray],
) -> np.ndarray:
    """Fill ``columns`` (value, ∂z…, ∂z̄…, vjp…) and return where they are certified.

    All arrays count samples along their first axis. False everywhere when the fast path is off,
    has too few samples, or lacks an operation of ``program``.
    """
    samples = len(inputs[0])
    sure = np.zeros(samples, bool)
    if os.environ.get("ARGAND_FAST") == "0" or not _plain(program) or not _worthwhile(samples):
        return sure
    from argand.exact.fast.blocks import fill  # numba takes a third of a second to import

    u = None if upstream is None else upstream.reshape(samples)
    columns = [c.reshape(samples) for c in columns]  # views: they are filled
    fill(program, [x.reshape(samples) for x in inputs], u, columns, sure, BLOCK)
    return sure


def _worthwhile(samples: int) -> bool:
    """Whether the kernels save more time than they cost, loading included."""
    global _left_to_arb
    if samples < FEWEST or "argand.exact.fast.blocks" in sys.modules:
        return samples >= FEWEST
    _left_to_arb += samples
    return _left_to_arb >= LOADING


def _plain(program: Program) -> bool:
    """Every tensor is of one element, so that operations on shapes do nothing."""
    index = {i for op in program.operations for i in (*op.inputs, *op.outputs)}
    known = program.constants
    return all(
        int(np.prod(program.shapes[i], dtype=np.int64)) == 1
        for i in {*index, *program.inputs}
        if i not in known or known[i].dtype.kind in "fcb"
    )
