"""Is the gradient real-linear in its upstream? Shown in balls, or in floats where they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import ctx

from argand.check.asked import Asked
from argand.check.formula import differs
from argand.exact.balls import to_balls
from argand.exact.evaluate import evaluate
from argand.exact.rounding import round_balls
from argand.floats import real_dtype
from argand.frontend.runner import RunError
from argand.trial.finding import Finding
from argand.trial.points.ordinary import ordinary
from argand.trial.problem import Problem
from argand.trial.written import hexes, text
from argand.verdict import of_entries

KINDS = {"upstream": "Multiply by the upstream exactly once: the gradient is real-linear in it."}
POINTS = 8
PRECISION = 512


@dataclass(frozen=True)
class _Tried:
    """Upstreams (n, *core), in words; ``extreme`` ones are near the ends of the range."""

    words: str
    upstream: np.ndarray
    extreme: bool = False


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding where the gradient for some u is not Re u times that for 1 plus Im u times that
    for 1j; none where a surrogate's backward, which need not be linear, is what is meant."""
    if asked.problem.meant.given:
        return
    if asked.opaque:
        yield from _not_linear(asked.problem, next(asked.ran(), asked.modes[0]), rng)
    else:
        yield from _proved_not_linear(asked.problem, asked.max_ulp, rng)


def _proved_not_linear(
    problem: Problem, max_ulp: float, rng: np.random.Generator
) -> Iterator[Finding]:
    """In exact arithmetic, where both sides are in range."""
    inputs, u = ordinary(problem, POINTS, rng)
    balls = [to_balls(x) for x in inputs]

    def gradient(upstream: np.ndarray) -> list[Any]:
        outputs = evaluate(problem.backward, [to_balls(upstream), *balls], derivatives=False)
        return [None if o is None else o.value.reshape(len(u), -1) for o in outputs]

    with ctx.workprec(PRECISION):
        by_basis = [gradient(b) for b in _basis(u)]
        for tried in _upstreams(u):
            weights = _weights(tried.upstream)
            for by, g in enumerate(gradient(tried.upstream)):
                for k, entry in np.ndindex((0, 0) if g is None else g.shape):
                    terms = [
                        b[by][k, entry] * float(w[k])
                        for b, w in zip(by_basis, weights, strict=True)
                    ]
                    if differs(
                        g[k, entry], sum(terms[1:], terms[0]), problem.input_dtypes[by], max_ulp
                    ):
                        gave = round_balls(g[k], problem.input_dtypes[by])[0]
                        yield _finding(problem, "graph", by, inputs, tried, k, gave)
                        return


def _not_linear(problem: Problem, mode: str, rng: np.random.Generator) -> Iterator[Finding]:
    """As ``mode`` computes it, where balls cannot follow the backward pass: beyond half of the
    digits at upstreams of ordinary size, and at zero."""
    inputs, u = ordinary(problem, POINTS, rng)
    run = problem.run(mode)
    try:
        by_basis = [run(inputs, b).gradients for b in _basis(u)]
        for tried in _upstreams(u):
            if tried.extreme:
                continue  # floats may leave the range on the way, which is a verdict
            weights = _weights(tried.upstream)
            for by, g in enumerate(run(inputs, tried.upstream).gradients):
                if g is None or g.shape != inputs[by].shape:
                    continue
                terms = [b[by] * of_entries(w, g) for b, w in zip(by_basis, weights, strict=True)]
                limit = np.sqrt(np.finfo(g.dtype).eps) * sum(map(np.abs, terms))
                known = np.isfinite(limit)
                wrong = known & ~(np.abs(g - sum(terms)) <= limit)
                if wrong.any():
                    k = int(np.argwhere(wrong)[0, 0])
                    yield _finding(problem, mode, by, inputs, tried, k, g[k])
                    return
    except RunError:
        return  # the probe ``error`` tells


def _basis(u: np.ndarray) -> list[np.ndarray]:
    """Upstreams that are 1, then 1j, in one entry of every sample and 0 in the others."""
    units = [1.0, 1j] if u.dtype.kind == "c" else [1.0]
    own = np.eye(u[0].size).reshape(u[0].size, *u.shape[1:])
    return [np.broadcast_to(e * w, u.shape).astype(u.dtype) for e in own for w in units]


def _weights(u: np.ndarray) -> list[np.ndarray]:
    """The components (n,) of upstreams that belong to the basis."""
    parts = [u.real, u.imag] if u.dtype.kind == "c" else [u]
    return [p.reshape(len(u), -1)[:, j] for j in range(u[0].size) for p in parts]


def _upstreams(u: np.ndarray) -> Iterator[_Tried]:
    """Upstreams to try: u and powers of two times it, which are exact, to the ends of the range."""
    far = int(0.97 * np.log2(float(np.finfo(real_dtype(u.dtype)).max)))
    yield _Tried("of size about 1 and any phase", u)
    yield _Tried("times −1", -u)
    yield _Tried("times 256", u * u.real.dtype.type(256))
    yield _Tried("of zero", np.zeros_like(u))
    yield _Tried("as small as floats go", u * u.real.dtype.type(2.0**-far), True)
    yield _Tried("as large as floats go", u * u.real.dtype.type(2.0**far), True)


_LINEAR = (
    "Re u times that for 1 plus Im u times that for 1j",
    "the sum over its entries of Re u times that for 1 there, plus Im u times that for 1j",
)


def _finding(
    problem: Problem,
    mode: str,
    by: int,
    inputs: list[np.ndarray],
    tried: _Tried,
    k: int,
    gave: Any,
) -> Finding:
    w = tried.upstream[k : k + 1]
    exact = problem.exact([x[k : k + 1] for x in inputs], w)
    known = text(exact.quantity(by)[0]) if exact.certified[0] else ""
    return problem.finding(
        "upstream", mode, "gradient",
        f"The gradient is not real-linear in the upstream{problem.by_input(by)}: for an upstream "
        f"u {tried.words} it is not {_LINEAR[bool(problem.core)]}.",
        input=hexes(x[k] for x in inputs), upstream=text(w[0]), computed=text(gave), exact=known,
    )  # fmt: skip
