"""Is the gradient real-linear in its upstream? Shown in balls, or in floats where they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import ctx

from argand.check.formula import differs
from argand.check.rounding import by_input, hexes, text
from argand.exact.balls import to_balls
from argand.exact.evaluate import evaluate
from argand.exact.rounding import round_balls
from argand.floats import real_dtype
from argand.frontend.runner import RunError, Runner
from argand.program import Program
from argand.trial.finding import Finding
from argand.trial.ordinary import ordinary
from argand.trial.problem import Case
from argand.verdict import of_entries

POINTS = 8
PRECISION = 512


@dataclass(frozen=True)
class _Trial:
    words: str
    upstream: np.ndarray
    extreme: bool = False


def proved_not_linear(
    case: Case, backward: Program, max_ulp: float, rng: np.random.Generator
) -> Iterator[Finding]:
    """A finding of kind ``upstream`` where, in exact arithmetic, the gradient for some u is not
    Re u times that for 1 plus Im u times that for 1j, both in range."""
    inputs, u = ordinary(case, POINTS, rng)
    balls = [to_balls(x) for x in inputs]

    def gradient(upstream: np.ndarray) -> list[Any]:
        outputs = evaluate(backward, [to_balls(upstream), *balls], derivatives=False)
        return [None if o is None else o.value.reshape(len(u), -1) for o in outputs]

    with ctx.workprec(PRECISION):
        by_basis = [gradient(b) for b in _basis(u)]
        for trial in _trials(u):
            weights = _weights(trial.upstream)
            for by, g in enumerate(gradient(trial.upstream)):
                for k, entry in np.ndindex((0, 0) if g is None else g.shape):
                    terms = [
                        b[by][k, entry] * float(w[k])
                        for b, w in zip(by_basis, weights, strict=True)
                    ]
                    if differs(
                        g[k, entry], sum(terms[1:], terms[0]), case.input_dtypes[by], max_ulp
                    ):
                        gave = round_balls(g[k], case.input_dtypes[by])[0]
                        yield _finding(case, "graph", by, inputs, trial, k, gave)
                        return


def not_linear(case: Case, mode: str, rng: np.random.Generator) -> Iterator[Finding]:
    """The same as ``mode`` computes it, for a backward pass that balls cannot follow: beyond half
    of the digits at upstreams of ordinary size, and at zero."""
    inputs, u = ordinary(case, POINTS, rng)
    probe = Runner(case.fn, mode)
    try:
        by_basis = [probe(inputs, b).gradients for b in _basis(u)]
        for trial in _trials(u):
            if trial.extreme:
                continue  # floats may leave the range on the way, which is a verdict
            weights = _weights(trial.upstream)
            for by, g in enumerate(probe(inputs, trial.upstream).gradients):
                if g is None or g.shape != inputs[by].shape:
                    continue
                terms = [b[by] * of_entries(w, g) for b, w in zip(by_basis, weights, strict=True)]
                limit = np.sqrt(np.finfo(g.dtype).eps) * sum(map(np.abs, terms))
                known = np.isfinite(limit)
                wrong = known & ~(np.abs(g - sum(terms)) <= limit)
                if wrong.any():
                    k = int(np.argwhere(wrong)[0, 0])
                    yield _finding(case, mode, by, inputs, trial, k, g[k])
                    return
    except RunError:
        return  # sampling reports what is raised


def _basis(u: np.ndarray) -> list[np.ndarray]:
    """Upstreams that are 1, then 1j, in one entry of every sample and 0 in the others."""
    units = [1.0, 1j] if u.dtype.kind == "c" else [1.0]
    own = np.eye(u[0].size).reshape(u[0].size, *u.shape[1:])
    return [np.broadcast_to(e * w, u.shape).astype(u.dtype) for e in own for w in units]


def _weights(u: np.ndarray) -> list[np.ndarray]:
    """The components (n,) of upstreams that belong to the basis."""
    parts = [u.real, u.imag] if u.dtype.kind == "c" else [u]
    return [p.reshape(len(u), -1)[:, j] for j in range(u[0].size) for p in parts]


def _trials(u: np.ndarray) -> Iterator[_Trial]:
    """Upstreams to try: u and powers of two times it, which are exact, to the ends of the range."""
    far = int(0.97 * np.log2(float(np.finfo(real_dtype(u.dtype)).max)))
    yield _Trial("of size about 1 and any phase", u)
    yield _Trial("times −1", -u)
    yield _Trial("times 256", u * u.real.dtype.type(256))
    yield _Trial("of zero", np.zeros_like(u))
    yield _Trial("as small as floats go", u * u.real.dtype.type(2.0**-far), True)
    yield _Trial("as large as floats go", u * u.real.dtype.type(2.0**far), True)


_LINEAR = (
    "Re u times that for 1 plus Im u times that for 1j",
    "the sum over its entries of Re u times that for 1 there, plus Im u times that for 1j",
)


def _finding(
    case: Case, mode: str, by: int, inputs: list[np.ndarray], trial: _Trial, k: int, gave: Any
) -> Finding:
    w = trial.upstream[k : k + 1]
    exact = case.exact([x[k : k + 1] for x in inputs], w)
    assert exact.vjp is not None
    known = text(exact.vjp[by][0]) if exact.certified[0] else ""
    return Finding(
        case.variant, mode, case.dtype, "gradient", "upstream",
        f"The gradient is not real-linear in the upstream{by_input(case, by)}: for an upstream u "
        f"{trial.words} it is not {_LINEAR[bool(case.core)]}.",
        hexes(x[k] for x in inputs), text(w[0]), text(gave), known,
    )  # fmt: skip
