"""The certified value and derivatives of a Program: precision rises until they round surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import acb, ctx

from argand.exact.evaluate import Balls, evaluate, refuse_unsupported, to_balls
from argand.exact.fast import BITS, certified
from argand.exact.rewrite import rewritten
from argand.exact.rounding import round_balls
from argand.exact.rules import conj
from argand.trace import Program

# Bits per try. exp of a float64 needs its whole exponent range (2 × 1024 bits) before 53
# bits of the result are known; four times a step wastes least on the plane's two halves.
LADDER = (128, 512, 2048, 8192)
# Bits from which a ball around zero, too small for any float, is zero: before, it climbs for
# its sign. Results that are zero in exact arithmetic have none to find.
ZERO_SIGNS = 2048
CHUNK = 4096  # samples whose balls are held at once


@dataclass(frozen=True)
class Exact:
    """A certified reference, rounded once, componentwise, to the nearest float.

    ``dz[i]`` is ∂f/∂zᵢ and ``dzbar[i]`` is ∂f/∂z̄ᵢ; a real input has ∂f/∂x and zero. ``vjp[i]``
    is u·conj(∂f/∂zᵢ) + conj(u)·∂f/∂z̄ᵢ, or None without upstream. Where ``certified`` is
    False the numbers mean nothing; ``bits`` is the precision that decided.
    """

    value: np.ndarray
    dz: tuple[np.ndarray, ...]
    dzbar: tuple[np.ndarray, ...]
    vjp: tuple[np.ndarray, ...] | None
    certified: np.ndarray
    bits: np.ndarray


def certify(
    program: Program,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray | None,
    dtype: str,
) -> Exact:
    """Certified value, derivatives and vector-Jacobian product of ``program``.

    ``inputs`` and ``upstream`` are float arrays of one shape, ``dtype`` that of the results.
    Raises TargetError for an operation without a rule, naming it and its source line.
    """
    shape = inputs[0].shape
    flat = [x.ravel() for x in inputs]
    u = None if upstream is None else upstream.ravel()
    refuse_unsupported(program)
    program = rewritten(program)
    parts = _Parts(program, [x.dtype.kind == "c" for x in inputs], u is not None, dtype)
    samples = flat[0].size
    columns = [np.full(samples, np.nan, d) for d in parts.dtypes]
    bits = np.zeros(samples, np.int32)
    fast = certified(program, flat, u, columns)
    bits[fast] = BITS
    left = np.flatnonzero(np.all([~fast, *(np.isfinite(x) for x in flat)], axis=0))
    if u is not None:
        left = left[np.isfinite(u[left])]
    for start in range(0, left.size, CHUNK):
        todo = left[start : start + CHUNK]
        for precision in LADDER:
            if not todo.size:
                break
            with ctx.workprec(precision):
                rounded = parts.rounded(
                    [x[todo] for x in flat],
                    None if u is None else u[todo],
                    zero_signs=precision < ZERO_SIGNS,
                )
            for column, (values, _) in zip(columns, rounded, strict=True):
                column[todo] = values
            sure = np.all([s for _, s in rounded], axis=0)
            bits[todo[sure]] = precision
            todo = todo[~sure]
    n = len(flat)
    shaped = [c.reshape(shape) for c in columns]
    return Exact(
        shaped[0],
        tuple(shaped[1 : 1 + n]),
        tuple(shaped[1 + n : 1 + 2 * n]),
        tuple(shaped[1 + 2 * n :]) if u is not None else None,
        (bits > 0).reshape(shape),
        bits.reshape(shape),
    )


class _Parts:
    """What is asked of a Program: value, dz…, dzbar…, vjp…, each with its dtype."""

    def __init__(
        self, program: Program, complex_inputs: list[bool], with_vjp: bool, dtype: str
    ) -> None:
        self.program, self.complex_inputs, self.with_vjp = program, complex_inputs, with_vjp
        single = np.empty(0, dtype).real.dtype == np.float32
        names = ("float32", "complex64") if single else ("float64", "complex128")
        output = program.outputs[0]
        assert output is not None
        complex_output = program.dtypes[output].startswith("complex")
        derivatives = [names[c or complex_output] for c in complex_inputs]
        products = [names[c] for c in complex_inputs] if with_vjp else []
        self.dtypes = [names[complex_output], *derivatives, *derivatives, *products]

    def rounded(
        self, inputs: list[np.ndarray], upstream: np.ndarray | None, zero_signs: bool
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Each part rounded at the current precision, with where that is sure."""
        balls = value_and_derivatives(self.program, inputs, self.complex_inputs)
        if upstream is not None:
            balls += vector_jacobian(balls, to_balls(upstream), self.complex_inputs)
        return [round_balls(b, d, zero_signs) for b, d in zip(balls, self.dtypes, strict=True)]


def value_and_derivatives(
    program: Program, inputs: Sequence[np.ndarray], complex_inputs: Sequence[bool]
) -> list[np.ndarray]:
    """Balls of the value, of each ∂f/∂zᵢ and of each ∂f/∂z̄ᵢ, shape (samples,), at the
    current precision."""
    (out,) = evaluate(program, [to_balls(x) for x in inputs], derivatives=True)
    assert out is not None
    dz, dzbar = [], []
    for i, is_complex in enumerate(complex_inputs):
        by, by_conj = _filled(out, out.dz[i]), _filled(out, out.dzbar[i])
        if not is_complex:  # on the real line z and z̄ are one
            by, by_conj = by + by_conj, np.full(len(by), acb(0), object)
        dz.append(by)
        dzbar.append(by_conj)
    return [out.value.reshape(-1), *dz, *dzbar]


def _filled(out: Balls, derivative: np.ndarray | None) -> np.ndarray:
    if derivative is None:
        return np.full(out.value.size, acb(0), object)
    return np.asarray(_or_zero(derivative.reshape(-1)), object)


_zero: Any = acb(0)
_or_zero = np.frompyfunc(lambda v: _zero if v is None else v, 1, 1)
_gradient = np.frompyfunc(lambda u, d, dbar: u * conj(d) + conj(u) * dbar, 3, 1)
_real_gradient = np.frompyfunc(lambda u, d: acb((u * conj(d)).real), 2, 1)


def vector_jacobian(
    balls: list[np.ndarray], upstream: np.ndarray, complex_inputs: Sequence[bool]
) -> list[np.ndarray]:
    """TensorFlow's gradient u·conj(∂f/∂zᵢ) + conj(u)·∂f/∂z̄ᵢ in balls; real for a real input."""
    n = len(complex_inputs)
    dz, dzbar = balls[1 : 1 + n], balls[1 + n : 1 + 2 * n]
    return [
        np.asarray(
            _gradient(upstream, dz[i], dzbar[i]) if c else _real_gradient(upstream, dz[i]), object
        )
        for i, c in enumerate(complex_inputs)
    ]
