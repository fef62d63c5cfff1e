"""What is asked of a Program at given samples, in balls and rounded: value, derivatives, products.

With order 2 there are also the second derivatives by the one input and two condition numbers,
relative and normwise (|∂| + |∂̄| is the norm of the real-linear derivative):

    of the value         |z|·(|∂f| + |∂̄f|)/|f|
    of the gradient G    |z|·(|∂G| + |∂̄G|)/|G|,  G = u·conj ∂f + conj u·∂̄f
                         ∂G = u·conj(∂∂̄f) + conj u·∂∂̄f,  ∂̄G = u·conj(∂∂f) + conj u·∂̄∂̄f

where u is the upstream, 1 if there is none. They are infinite at a zero, and NaN where they do
not round surely: a sample is certified without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import UNDECIDED, as_array, conj, no_number, to_balls
from argand.exact.dual import Dual
from argand.exact.edges.kinks import OneSided, Token, no_derivative
from argand.exact.edges.zeros import Signed, zero_signs
from argand.exact.evaluate import refuse_unsupported
from argand.exact.raw import ZERO, any_of_sample, raw_parts, zeros_filled
from argand.exact.rounding import round_balls
from argand.program import Program
from argand.subject import TargetError


@dataclass(frozen=True)
class Rounded:
    """Parts rounded at one precision. ``sure``, ``undefined`` and ``odd`` (the careful pass must
    look again) hold a boolean for each sample."""

    values: list[np.ndarray]
    sure: np.ndarray
    undefined: np.ndarray
    odd: np.ndarray


class Parts:
    """The parts asked of a Program: ``dtypes`` has the dtype of each, ``shapes`` the shape that
    one sample of it has. Their order is that of the fields of ``Exact``."""

    def __init__(
        self, program: Program, with_vjp: bool, dtype: str, order: int = 1, jacobian: bool = True
    ) -> None:
        refuse_unsupported(program)
        self.program, self.order, self.jacobian = program, order, jacobian
        self.in_vain: set[bytes] = set()
        self.cores, self.core = program.cores, program.core
        self.complex_inputs = [program.dtypes[i].startswith("complex") for i in program.inputs]
        if order == 2:
            _refuse_several(program)
        single = np.empty(0, dtype).real.dtype == np.float32
        real, complex_ = ("float32", "complex64") if single else ("float64", "complex128")
        whole = program.output_dtype.startswith("complex")
        by_input = [complex_ if c else real for c in self.complex_inputs]
        derivatives = [complex_ if whole else d for d in by_input] * jacobian
        jacobians = [self.core + core for core in self.cores] * jacobian
        self.dtypes = [complex_ if whole else real, *derivatives * 2, *by_input * with_vjp]
        self.shapes = [self.core, *jacobians * 2, *self.cores * with_vjp]
        if order == 2:
            self.dtypes += [derivatives[0]] * 3 + [real] * 2
            self.shapes += [()] * 5

    def rounded(
        self, inputs: list[np.ndarray], upstream: np.ndarray | None, careful: bool, any_zero: bool
    ) -> Rounded:
        """Every part at the current precision; ``any_zero`` lets a zero of unknown sign be +0."""
        balls, undefined, negative = self.balls(inputs, upstream, careful)
        pairs = [
            round_balls(part, dtype, any_zero=any_zero)
            for part, dtype in zip(balls, self.dtypes, strict=True)
        ]
        values = [value for value, _ in pairs]
        sure, odd = ~undefined, np.zeros(len(undefined), bool)
        if careful:
            _negate_zeros(values[0], negative)
        else:
            odd |= _exactly_zero(balls[0], values[0])
        warranted = len(balls) - (2 if self.order == 2 else 0)  # all but the condition numbers
        for part, (_, certain) in zip(balls[:warranted], pairs, strict=False):
            unsure = any_of_sample(~certain)
            sure &= ~unsure
            if not careful:
                for j in np.flatnonzero(unsure):
                    odd[j] |= any(no_number(b) for b in np.atleast_1d(part[j]).flat)
        return Rounded(values, sure & ~odd, undefined, odd)

    def balls(
        self, inputs: list[np.ndarray], upstream: np.ndarray | None, careful: bool = False
    ) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
        """Every part in balls; for each sample whether the function is undefined there; and
        whether zeros of the value are −0, of shape (*shape of the value, real and imaginary)."""
        raw = raw_parts(self.program, inputs, careful, self.order, self.in_vain)
        undefined = np.zeros(len(inputs[0]), bool)
        negative = np.zeros((*raw[0].shape, 2), bool)
        if careful:
            negative = zero_signs(raw[0]) < 0
            for part in raw:
                tokens = np.array([no_derivative(_first(v)) for v in part.flat], bool)
                undefined |= any_of_sample(tokens.reshape(part.shape))
        balls = [_plain(part) for part in raw]
        n = len(self.cores)
        first = [balls[0], *_merged(balls[1:], n, self.complex_inputs)]
        u = None if upstream is None else to_balls(upstream)
        if u is not None:
            first += vector_jacobian(first, u, self.complex_inputs)
        if not self.jacobian:
            del first[1 : 1 + 2 * n]
        if self.order == 2:
            first += self._second_order(raw, first, inputs[0], u)
        return first, undefined, negative

    def _second_order(
        self, raw: list[np.ndarray], first: list[np.ndarray], z: np.ndarray, u: np.ndarray | None
    ) -> list[np.ndarray]:
        """The three second derivatives and the two condition numbers (see above), in balls."""
        us = [arb(1)] * len(z) if u is None else u.tolist()
        given = zip(raw[1], raw[2], first[0], to_balls(z), us, strict=True)
        rows = [self._second_at(*sample) for sample in given]
        return [as_array([r[k] for r in rows], (len(z),)) for k in range(5)]

    def _second_at(self, d: Any, dbar: Any, f: Any, z: Any, u: Any) -> list[Any]:
        """Those of one sample, where ∂f is ``d`` and ∂̄f is ``dbar``: Duals, or None for zero."""
        if not all(isinstance(v, Dual) or v is None for v in (d, dbar)):
            return [UNDECIDED] * 5
        d, dbar = d or Dual(None), dbar or Dual(None)
        numbers = [d.ball, d.dz, d.dzbar, dbar.ball, dbar.dzbar]
        if any(isinstance(v, Token) for v in numbers):  # no first derivative, so no second
            return [UNDECIDED] * 5
        by, aa, ab, by_conj, bb = map(_number, numbers)
        if self.complex_inputs[0]:
            size = abs(by) + abs(by_conj)
            g = u * conj(by) + conj(u) * by_conj
            turn = abs(u * conj(ab) + conj(u) * ab) + abs(u * conj(aa) + conj(u) * bb)
        else:  # on the real line z and z̄ are one
            by, aa, ab, bb = by + by_conj, aa + 2 * ab + bb, arb(0), arb(0)
            size, g, turn = abs(by), (u * conj(by)).real, abs((u * conj(aa)).real)
        return [aa, ab, bb, _ratio(abs(z) * size, abs(f)), _ratio(abs(z) * turn, abs(g))]


def _refuse_several(program: Program) -> None:
    if program.cores != ((),) or program.core:
        raise TargetError(
            f"order=2 takes a function of one input, entry by entry; this one has "
            f"{len(program.cores)} input(s), with samples of shape {list(program.cores[0])}"
        )


def _ratio(a: Any, b: Any) -> Any:
    """a/b for sizes: infinite where only b is zero, 0 where both are."""
    if b.is_zero():
        return arb(0) if a.is_zero() else arb("inf")
    return a / b


def value_and_derivatives(
    program: Program, inputs: Sequence[np.ndarray], complex_inputs: Sequence[bool]
) -> list[np.ndarray]:
    """Balls of the value, of each ∂f/∂zᵢ and of each ∂f/∂z̄ᵢ, at the current precision.

    Their shapes are (samples, *core of the value, *core of the input).
    """
    value, *derivatives = raw_parts(program, list(inputs), careful=False, order=1)
    return [value, *_merged(derivatives, len(complex_inputs), complex_inputs)]


def _merged(
    derivatives: list[np.ndarray], n: int, complex_inputs: Sequence[bool]
) -> list[np.ndarray]:
    """Both derivatives by each input; by a real one ∂f/∂x, and zero."""
    dz, dzbar = derivatives[:n], derivatives[n:]
    for i, is_complex in enumerate(complex_inputs):
        if not is_complex:
            dz[i] = np.asarray(_sums(dz[i], dzbar[i]), object)
            dzbar[i] = zeros_filled(np.full(dz[i].shape, None, object))
    return [*dz, *dzbar]


def _first(v: Any) -> Any:
    return v.ball if isinstance(v, (Dual, Signed)) else v


def _number(v: Any) -> Any:
    v = _first(v)
    if isinstance(v, OneSided):
        return v.ball
    return ZERO if v is None else UNDECIDED if isinstance(v, Token) else v


def _plain(part: np.ndarray) -> np.ndarray:
    return np.asarray(_numbers(part), object)


_numbers = np.frompyfunc(_number, 1, 1)
_sums = np.frompyfunc(lambda a, b: a if b is ZERO else a + b, 2, 1)
_gradient = np.frompyfunc(lambda u, d, dbar: u * conj(d) + conj(u) * dbar, 3, 1)
_real_gradient = np.frompyfunc(lambda u, d: (u * conj(d)).real, 2, 1)


def vector_jacobian(
    balls: list[np.ndarray], upstream: np.ndarray, complex_inputs: Sequence[bool]
) -> list[np.ndarray]:
    """TensorFlow's gradient Σ u·conj(∂f/∂zᵢ) + conj(u)·∂f/∂z̄ᵢ in balls, summed over the value's
    core; real for a real input."""
    n = len(complex_inputs)
    dz, dzbar = balls[1 : 1 + n], balls[1 + n : 1 + 2 * n]
    core = upstream.ndim - 1
    products = []
    for i, is_complex in enumerate(complex_inputs):
        u = upstream.reshape(*upstream.shape, *([1] * (dz[i].ndim - upstream.ndim)))
        terms = _gradient(u, dz[i], dzbar[i]) if is_complex else _real_gradient(u, dz[i])
        terms = np.asarray(terms, object)
        for _ in range(core):
            terms = np.add.reduce(terms, axis=1)
        products.append(terms)
    return products


def _negate_zeros(value: np.ndarray, negative: np.ndarray) -> None:
    """Give exact zeros (+0 so far, or +0 by underflow of a known sign) their own sign."""
    parts = [value.real, value.imag] if value.dtype.kind == "c" else [value]
    for k, part in enumerate(parts):
        part[(part == 0) & negative[..., k]] = -0.0


def _exactly_zero(part: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Samples where a component of the value is exactly zero, whose sign is then to be found."""
    zero = (value.real == 0) | (value.imag == 0) if value.dtype.kind == "c" else value == 0
    found = np.zeros(len(value), bool)
    for place in np.argwhere(zero):
        ball = part[tuple(place)]
        exact = ball.real.is_zero() or (type(ball) is acb and ball.imag.is_zero())
        found[place[0]] |= exact
    return found
