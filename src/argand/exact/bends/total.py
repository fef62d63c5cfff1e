"""Derivatives of samples where several numbers meet at kinks: what is proved of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import UNDECIDED, Balls
from argand.exact.bends.linear import LinearPart
from argand.exact.edges.kinks import OneSided, Token
from argand.exact.evaluate import values_of
from argand.exact.partials import some
from argand.exact.series.bottleneck import shared
from argand.exact.series.mending import Mending
from argand.program import Program


def linear(program: Program, inputs: Sequence[np.ndarray], room: int) -> Balls:
    """The output with derivatives that hold for a function of several numbers, UNDECIDED where a
    kink counts or may count; not narrower than rounding and the kinks allow.

    ``inputs``: Signed balls, (n, *core). ``room``: how many kinks a sample has at most.
    """
    program, samples = shared(program), len(inputs[0])
    run = LinearPart(program, samples, room)
    real = run.real[: run.inputs]
    series = Mending(program, inputs, real)
    mend = lambda value, found: run.mended(series.mended(value, found))  # noqa: E731
    out = values_of(program, inputs, run, mend)[program.output]
    shape = out.value.shape
    columns = [
        [_full(d, shape) for d in derivatives[: run.inputs]] for derivatives in (out.dz, out.dzbar)
    ]
    for direction, d in enumerate(out.dz[run.inputs :], start=run.inputs):
        if d is None:
            continue
        by = np.broadcast_to(d, shape)
        for at in (at for at in np.ndindex(*shape) if by[at] is not None and by[at] != 0):
            symbols = run.symbols[at[0]]
            for i, is_real in enumerate(real):
                reach = symbols.reach(direction, i)
                if reach is None:
                    continue
                slack = _slack(by[at], reach, symbols.kinked[direction - run.inputs], is_real)
                for column in columns[: 1 if is_real else 2]:
                    v = column[i][at]
                    column[i][at] = slack if v is None else v + slack
    dz, dzbar = (tuple(map(some, column)) for column in columns)
    return Balls(out.value, dz, dzbar)


def _slack(b: Any, reach: arb, kinked: bool, is_real: bool) -> Any:
    """What b times the slopes of a symbol may be."""
    if isinstance(b, (Token, OneSided)) or not b.is_finite():
        return UNDECIDED
    if kinked and not b.contains(0):
        return UNDECIDED
    return b * (reach if is_real else acb(reach, reach))


def _full(d: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray:
    """The derivatives in an array of their own: what is no number proves nothing here, as the
    symbols might make up for it."""
    return np.array(np.broadcast_to(np.asarray(_numbers(d), object), shape))


_numbers = np.frompyfunc(lambda v: UNDECIDED if isinstance(v, (Token, OneSided)) else v, 1, 1)
