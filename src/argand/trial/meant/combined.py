"""The certified value of a function, with the gradient that a surrogate means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from argand.exact.raw import any_of_sample
from argand.exact.reference import CERTIFIED, UNDECIDED, UNDEFINED, Exact, certify
from argand.program import Program
from argand.trial.meant.gradient import Meant


class _OneValue(NamedTuple):
    """The value of a Program, what is known of it at each sample, and the precision that told."""

    value: np.ndarray
    state: np.ndarray
    bits: np.ndarray


def combined(
    truth: Program,
    meant: Meant,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    dtype: str,
    jacobian: bool,
) -> Exact:
    """The value of ``truth`` and the gradient that is ``meant``, as ``certify`` gives them.

    A sample is certified where both are, whatever derivative the function itself has there: at a
    jump of a rounded number it has none, but a value, and its surrogate a gradient.
    """
    value = _value(truth, inputs, dtype, jacobian)
    if meant.slope is not None:
        own = certify(meant.slope, inputs, upstream, dtype, jacobian=jacobian, signs=False)
        gradients, states, bits, dz, dzbar = (
            own.gradients,
            [own.state],
            [own.bits],
            own.dz,
            own.dzbar,
        )
    else:
        given = [_given(meant.program, i, inputs, upstream, dtype, jacobian)
                 for i in range(len(inputs))]  # fmt: skip
        gradients = tuple(g.value for g in given)
        states, bits = [g.state for g in given], [g.bits for g in given]
        dz = dzbar = ()
    state = value.state
    for other in states:
        state = np.where(state == CERTIFIED, other, state)
    return Exact(value.value, dz, dzbar, gradients, state, np.maximum.reduce([value.bits, *bits]))


def _value(program: Program, inputs: Sequence[np.ndarray], dtype: str, jacobian: bool) -> _OneValue:
    """The value alone: it is known at jumps and kinks too, and where no derivative is."""
    found = certify(program, inputs, None, dtype, jacobian=jacobian, signs=False)
    value, state, bits = found.value, found.state, found.bits
    left = np.flatnonzero(state == UNDECIDED)
    if jacobian and left.size:
        again = certify(
            program, [x[left] for x in inputs], None, dtype, jacobian=False, signs=False
        )
        value[left], state[left], bits[left] = again.value, again.state, again.bits
    known = (state == UNDEFINED) & ~any_of_sample(np.isnan(value))
    return _OneValue(value, np.where(known, CERTIFIED, state), bits)


def _given(
    program: Program,
    by: int,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    dtype: str,
    jacobian: bool,
) -> _OneValue:
    output = program.outputs[by]
    if output is None:
        n = len(upstream)
        return _OneValue(np.zeros_like(inputs[by]), np.full(n, CERTIFIED), np.zeros(n, np.int32))
    return _value(program.to((output,)), [upstream, *inputs], dtype, jacobian)
