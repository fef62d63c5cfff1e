"""The certified value and derivatives of a Program: precision rises until they round surely."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

import numpy as np
from flint import ctx

from argand.exact.fast import BITS, certified
from argand.exact.parts import Parts
from argand.exact.raw import any_of_sample
from argand.exact.rewrite import rewritten
from argand.program import Program

# Bits per try. exp of a float64 needs its whole exponent range (2 × 1024 bits) before 53 bits of
# the result are known. Of the plane one half needs few bits, one many: a factor of 4 wastes least.
LADDER = (128, 512, 2048, 8192)
_PRECISION = threading.Lock()  # flint has one for all threads
CHUNK = 4096  # samples whose balls are held at once

# What is known of a sample; ``Exact.state`` holds the index.
STATES = ("undecided", "certified", "undefined", "infinite input", "NaN input")
UNDECIDED, CERTIFIED, UNDEFINED, INFINITE, NAN = range(len(STATES))


@dataclass(frozen=True)
class Exact:
    """A certified reference, rounded once, componentwise, to the nearest float.

    ``value``: f, of shape (*samples, *core of the result).
    ``dz[i]`` and ``dzbar[i]``: ∂f/∂zᵢ and ∂f/∂z̄ᵢ, followed by the core of input i. A real input
    has ∂f/∂x and zero.
    ``vjp[i]``: TensorFlow's gradient u·conj(∂f/∂zᵢ) + conj(u)·∂f/∂z̄ᵢ; None without upstream.
    ``state``: for each sample an index of STATES. Where it is not "certified", nothing counts but
    a value at a kink or at the end of a cut.
    ``bits``: for each sample the precision that decided (106: the fast path).
    ``dzdz``, ``dzdzbar``, ``dzbardzbar``: second derivatives; ``condition`` and
    ``condition_gradient`` as in ``argand.exact.parts``. All None but for order 2.

    A zero of the value has its IEEE sign where that is determined. Other zeros are +0, but what
    underflows keeps its sign.
    """

    value: np.ndarray
    dz: tuple[np.ndarray, ...]
    dzbar: tuple[np.ndarray, ...]
    vjp: tuple[np.ndarray, ...] | None
    state: np.ndarray
    bits: np.ndarray
    dzdz: np.ndarray | None = None
    dzdzbar: np.ndarray | None = None
    dzbardzbar: np.ndarray | None = None
    condition: np.ndarray | None = None
    condition_gradient: np.ndarray | None = None

    @property
    def certified(self) -> np.ndarray:
        """Where every returned part is correctly rounded."""
        return np.asarray(self.state == CERTIFIED)

    @property
    def undefined(self) -> np.ndarray:
        """Where the function surely has no value or no derivative: a pole, the end of a branch
        cut, a kink, a jump."""
        return np.asarray(self.state == UNDEFINED)

    @property
    def undecided(self) -> np.ndarray:
        """Where nothing could be certified, nor shown to be undefined."""
        return np.asarray(~(self.certified | self.undefined))

    def quantity(self, by: int) -> np.ndarray:
        """The value for ``by`` < 0, else the gradient by that input.

        Raises ValueError for a gradient where no upstream was given.
        """
        return self.value if by < 0 else self.gradients[by]

    @property
    def gradients(self) -> tuple[np.ndarray, ...]:
        """TensorFlow's gradient by each input. Raises ValueError where no upstream was given."""
        if self.vjp is None:
            raise ValueError("there is no gradient without an upstream: certify with one")
        return self.vjp

    def at(self, places: np.ndarray) -> Exact:
        """The same of the samples ``places`` only, which index the first axis."""

        def of(part: Any) -> Any:
            if isinstance(part, tuple):
                return tuple(p[places] for p in part)
            return None if part is None else part[places]

        return Exact(*(of(getattr(self, f.name)) for f in fields(self)))


def certify(
    program: Program,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray | None,
    dtype: str,
    order: int = 1,
    jacobian: bool = True,
    signs: bool = True,
) -> Exact:
    """Certified value, derivatives and vector-Jacobian product of ``program``.

    ``inputs``: float arrays of shape (*samples, *core of the input).
    ``upstream``: likewise, with the core of the result; None for no product.
    ``dtype``: that of the results.
    ``order``: 2 adds second derivatives.
    ``jacobian``: without it (order 1 only) ``dz`` and ``dzbar`` are empty, and no sample needs
    more precision on their account.
    ``signs``: without it no sample needs more precision for the sign of what underflows.

    Raises TargetError for an operation without a rule, naming it and its source line, and
    ValueError for a Program without output.
    """
    parts = Parts(rewritten(program), upstream is not None, dtype, order, jacobian)
    shape = inputs[0].shape[: inputs[0].ndim - len(parts.cores[0])]
    samples = int(np.prod(shape))
    flat = [x.reshape((samples, *c)) for x, c in zip(inputs, parts.cores, strict=True)]
    u = None if upstream is None else upstream.reshape((samples, *parts.core))
    known = _Progress(parts, flat, u, signs)
    if order == 1 and jacobian:
        known.take_fast()
    left = np.flatnonzero(known.state == UNDECIDED)
    for start in range(0, left.size, CHUNK):
        todo = left[start : start + CHUNK]
        for precision in LADDER:
            todo = known.try_at(precision, todo)
    return known.exact(shape, len(inputs), jacobian)


class _Progress:
    """What is known so far of each sample: a column for each part, its state and its bits."""

    def __init__(
        self, parts: Parts, inputs: list[np.ndarray], upstream: np.ndarray | None, signs: bool
    ) -> None:
        self.parts, self.inputs, self.upstream, self.signs = parts, inputs, upstream, signs
        samples = len(inputs[0])
        self.columns = [
            np.full((samples, *s), complex(np.nan, np.nan) if d.startswith("c") else np.nan, d)
            for s, d in zip(parts.shapes, parts.dtypes, strict=True)
        ]
        self.bits = np.zeros(samples, np.int32)
        self.state = _input_states(inputs if upstream is None else [*inputs, upstream])
        self.careful = np.any([_any_zero(x) for x in inputs], axis=0)  # need the careful pass

    def take_fast(self) -> None:
        """Take what the fast path certifies."""
        fast = certified(self.parts.program, self.inputs, self.upstream, self.columns)
        fast &= self.state == UNDECIDED
        self.state[fast], self.bits[fast] = CERTIFIED, BITS

    def try_at(self, precision: int, todo: np.ndarray) -> np.ndarray:
        """Evaluate the samples ``todo`` with so many bits; those that stay undecided."""
        for carefully in (False, True):  # what the plain pass cannot tell is looked at again
            now = todo[self.careful[todo] == carefully]
            if now.size:
                self._evaluate(precision, now, carefully)
        return np.asarray(todo[self.state[todo] == UNDECIDED])

    def _evaluate(self, precision: int, now: np.ndarray, carefully: bool) -> None:
        any_zero = not self.signs or precision == LADDER[-1]
        inputs = [x[now] for x in self.inputs]
        u = None if self.upstream is None else self.upstream[now]
        with _PRECISION, ctx.workprec(precision):
            found = self.parts.rounded(inputs, u, carefully, any_zero)
        for column, values in zip(self.columns, found.values, strict=True):
            column[now] = values
        self.state[now[found.sure]] = CERTIFIED
        self.state[now[found.undefined]] = UNDEFINED
        self.careful[now[found.odd]] = True
        self.bits[now[found.sure | found.undefined]] = precision

    def exact(self, shape: tuple[int, ...], n: int, jacobian: bool) -> Exact:
        """The answer for samples of this ``shape`` and ``n`` inputs."""
        columns = iter([c.reshape((*shape, *c.shape[1:])) for c in self.columns])
        d = n if jacobian else 0
        return Exact(
            next(columns),
            tuple(islice(columns, d)),
            tuple(islice(columns, d)),
            None if self.upstream is None else tuple(islice(columns, n)),
            self.state.reshape(shape),
            self.bits.reshape(shape),
            *columns,  # those of order 2
        )


def _input_states(arrays: list[np.ndarray]) -> np.ndarray:
    """UNDECIDED, or INFINITE or NAN where an input is (NaN counts before infinity)."""
    state = np.full(arrays[0].shape[0], UNDECIDED, np.uint8)
    for test, code in ((np.isinf, INFINITE), (np.isnan, NAN)):
        for x in arrays:
            state[any_of_sample(test(x))] = code
    return state


def _any_zero(x: np.ndarray) -> np.ndarray:
    """Samples with a component that is a zero, whose sign may count."""
    zero = (x.real == 0) | (x.imag == 0) if x.dtype.kind == "c" else x == 0
    return any_of_sample(zero)
