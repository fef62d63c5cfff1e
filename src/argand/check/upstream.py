"""Is the gradient real-linear in its upstream? Shown in balls, or in floats where they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import ctx

from argand.check.case import Case
from argand.check.finding import Finding
from argand.check.formula import differs
from argand.check.ordinary import ordinary
from argand.check.rounding import by_input, hexes
from argand.exact.balls import to_balls
from argand.exact.evaluate import evaluate
from argand.exact.reference import certify
from argand.exact.rounding import round_balls
from argand.floats import real_dtype
from argand.probe import Probe, ProbeError
from argand.trace import Program

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
        return [None if o is None else o.value.reshape(-1) for o in outputs]

    with ctx.workprec(PRECISION):
        by_one, by_j = (gradient(b) for b in _basis(u))
        for trial in _trials(u):
            for by, g in enumerate(gradient(trial.upstream)):
                for k, w in enumerate(trial.upstream.tolist() if g is not None else ()):
                    w = complex(w)
                    linear = by_one[by][k] * w.real + by_j[by][k] * w.imag
                    if differs(g[k], linear, case.input_dtypes[by], max_ulp):
                        gave = round_balls(g[k : k + 1], case.input_dtypes[by])[0][0].item()
                        yield _finding(case, "graph", by, inputs, trial, k, gave)
                        return


def not_linear(case: Case, mode: str, rng: np.random.Generator) -> Iterator[Finding]:
    """The same as ``mode`` computes it, for a backward pass that balls cannot follow: beyond half
    of the digits at upstreams of ordinary size, and at zero."""
    inputs, u = ordinary(case, POINTS, rng)
    probe = Probe(case.fn, mode)
    try:
        by_one, by_j = (probe(inputs, b).gradients for b in _basis(u))
        for trial in _trials(u):
            if trial.extreme:
                continue  # floats may leave the range on the way, which is a verdict
            re, im = trial.upstream.real, trial.upstream.imag
            for by, g in enumerate(probe(inputs, trial.upstream).gradients):
                if g is None or g.shape != u.shape:
                    continue
                first, second = by_one[by] * re, by_j[by] * im
                limit = np.sqrt(np.finfo(g.dtype).eps) * (np.abs(first) + np.abs(second))
                known = np.isfinite(limit)
                wrong = known & ~(np.abs(g - (first + second)) <= limit)
                if wrong.any():
                    k = int(np.flatnonzero(wrong)[0])
                    yield _finding(case, mode, by, inputs, trial, k, g[k].item())
                    return
    except ProbeError:
        return  # sampling reports what is raised


def _basis(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    one = np.ones_like(u)
    return one, (one * 1j if u.dtype.kind == "c" else np.zeros_like(one)).astype(u.dtype)


def _trials(u: np.ndarray) -> Iterator[_Trial]:
    """Upstreams to try: u and powers of two times it, which are exact, to the ends of the range."""
    far = int(0.97 * np.log2(float(np.finfo(real_dtype(u.dtype)).max)))
    yield _Trial("of size about 1 and any phase", u)
    yield _Trial("times −1", -u)
    yield _Trial("times 256", u * u.real.dtype.type(256))
    yield _Trial("of zero", np.zeros_like(u))
    yield _Trial("as small as floats go", u * u.real.dtype.type(2.0**-far), True)
    yield _Trial("as large as floats go", u * u.real.dtype.type(2.0**far), True)


def _finding(
    case: Case, mode: str, by: int, inputs: list[np.ndarray], trial: _Trial, k: int, gave: Any
) -> Finding:
    w = trial.upstream[k : k + 1]
    exact = certify(case.truth, [x[k : k + 1] for x in inputs], w, case.output_dtype)
    assert exact.vjp is not None
    known = repr(exact.vjp[by][0].item()) if exact.certified[0] else ""
    return Finding(
        case.variant, mode, case.dtype, "gradient", "upstream",
        f"The gradient is not real-linear in the upstream{by_input(case, by)}: for an upstream u "
        f"{trial.words} it is not Re u times that for 1 plus Im u times that for 1j.",
        hexes([x[k].item() for x in inputs]), repr(w[0].item()), repr(gave), known,
    )  # fmt: skip
