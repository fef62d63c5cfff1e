"""Is the backward formula right? Both sides in balls: disjoint balls are a proof that it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from flint import acb, ctx

from argand.exact.evaluate import evaluate, to_balls
from argand.exact.reference import value_and_derivatives, vector_jacobian
from argand.exact.rounding import round_balls
from argand.program import Program
from argand.trial.points import draw_inputs, draw_upstreams, generic_points
from argand.trial.problem import Case

GENERIC = 32  # ordinary points, on which the kind of defect is told
SPREAD = 224  # points over the whole domain, for formulas that are wrong in a region only
POINTS = GENERIC + SPREAD
PRECISIONS = (256, 1100)


@dataclass(frozen=True)
class Witness:
    """A point at which the formula of the gradient by input ``by`` is proved wrong: its inputs,
    upstream and gradients, arrays *core."""

    by: int
    inputs: tuple[np.ndarray, ...]
    upstream: np.ndarray
    computed: np.ndarray
    exact: np.ndarray
    relative: float
    diagnosis: str


def refute(
    case: Case, backward: Program, max_ulp: float, rng: np.random.Generator
) -> tuple[list[Witness], int]:
    """A witness for each input whose gradient's formula is wrong, and the number of points at
    which neither agreement nor disagreement could be shown.

    Wrong means: in exact arithmetic it is further than ``max_ulp`` ulp from the true gradient,
    where both are in range, so that rounded constants and saturating clips are no proof.
    """
    inputs, upstream = _points(case, rng)
    u = upstream.astype(case.output_dtype)
    complex_inputs = [d.startswith("complex") for d in case.input_dtypes]
    wrong = np.zeros((len(inputs), len(u)), bool)
    open_ = np.ones(len(u), bool)
    sides: list[tuple[np.ndarray, np.ndarray]] = []
    for precision in PRECISIONS:
        todo = np.flatnonzero(open_)
        if not todo.size:
            break
        with ctx.workprec(precision):
            computed, exact, derivatives = _sides(
                case.truth, backward, [x[todo] for x in inputs], u[todo], complex_inputs
            )
            if not sides:
                sides = list(zip(computed, exact, strict=True))
                first_derivatives = derivatives
            for i, (c, e) in enumerate(zip(computed, exact, strict=True)):
                states = [_row_differs(*rows, case.input_dtypes[i], max_ulp)
                          for rows in zip(c, e, strict=True)]  # fmt: skip
                wrong[i, todo] |= np.array([s is True for s in states])
                sides[i][0][todo], sides[i][1][todo] = c, e
                unknown = np.array([s is None for s in states])
                open_[todo] = (open_[todo] & unknown) if i == 0 else (open_[todo] | unknown)
    found = []
    for i in range(len(inputs)):
        if not wrong[i].any():
            continue
        k = int(np.flatnonzero(wrong[i])[0])
        c, e = sides[i]
        dtype = case.input_dtypes[i]
        diagnosis = _words(i, wrong[i], open_, sides, first_derivatives, u)
        with ctx.workprec(PRECISIONS[-1]):
            core = case.cores[i]
            gave, true = (round_balls(side[k], dtype)[0].reshape(core) for side in (c, e))
        point = tuple(x[k] for x in inputs)
        relative = max(map(_relative, c[k], e[k]))
        found.append(Witness(i, point, u[k], gave, true, relative, diagnosis))
    return found, int(open_.sum())


def _points(case: Case, rng: np.random.Generator) -> tuple[list[np.ndarray], np.ndarray]:
    generic = generic_points(case.input_dtypes, case.domain, GENERIC, rng, case.cores)
    spread = draw_inputs(case.input_dtypes, case.domain, SPREAD, rng, case.cores)
    shape = (GENERIC, *case.core)
    phase = 2 * np.pi * rng.uniform(0, 1, shape)
    size = rng.uniform(0.5, 2, shape)
    complex_output = case.output_dtype.startswith("complex")
    generic_u = size * np.exp(1j * phase) if complex_output else size * np.sign(np.cos(phase))
    spread_u = draw_upstreams(case.output_dtype, SPREAD, rng, case.core)
    inputs = [np.concatenate(pair) for pair in zip(generic, spread, strict=True)]
    return inputs, np.concatenate([generic_u, spread_u])


def _sides(
    truth: Program,
    backward: Program,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    complex_inputs: Sequence[bool],
) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """The variant's gradients and the true ones, as balls (samples, entries), and the
    derivatives, (samples, entries of the value, entries of the input)."""
    u = to_balls(upstream)
    derivatives = value_and_derivatives(truth, inputs, complex_inputs)
    exact = vector_jacobian(derivatives, u, complex_inputs)
    outputs = evaluate(backward, [u, *map(to_balls, inputs)], derivatives=False)
    n = len(u)
    exact = [e.reshape(n, -1) for e in exact]
    computed = [
        np.full(e.shape, acb(0), object) if o is None else o.value.reshape(n, -1).copy()
        for o, e in zip(outputs, exact, strict=True)
    ]
    size = u.size // n
    return computed, exact, [d.reshape(n, size, -1) for d in derivatives]


def _row_differs(
    computed: np.ndarray, exact: np.ndarray, dtype: str, max_ulp: float
) -> bool | None:
    """``differs`` of a sample: True if any entry does, None if none does and any is open; False
    where there are more or fewer entries, which is a finding of its own."""
    if len(computed) != len(exact):
        return False
    states = [differs(a, b, dtype, max_ulp) for a, b in zip(computed, exact, strict=True)]
    return True if True in states else None if None in states else False


def differs(computed: acb, exact: acb, dtype: str, max_ulp: float) -> bool | None:
    """True where proved apart, False where shown to agree or where neither matters, else None."""
    info = np.finfo(dtype)
    if not (computed.is_finite() and exact.is_finite()):
        return None
    size = abs(exact)
    if size.lower() > float(info.max):
        return False
    limit = size * (max_ulp * float(info.eps))
    limit = limit.max(float(info.tiny))
    distance = abs(computed - exact)
    if distance > limit:
        return True
    return False if distance <= limit else None


def _relative(computed: acb, exact: acb) -> float:
    size = abs(exact)
    return float((abs(computed - exact) / size).mid()) if size > 0 else float("inf")


_REGION = "it is wrong in a region of the domain only"
_NONE = "it agrees with none of the usual mistakes"


def _words(
    by: int,
    wrong: np.ndarray,
    open_: np.ndarray,
    sides: list[tuple[np.ndarray, np.ndarray]],
    derivatives: list[np.ndarray],
    upstream: np.ndarray,
) -> str:
    """What kind of wrong, and whether it is so in a region only: a mistake explains the gradient
    where it is right too, as |u| in place of u is right for positive upstreams."""
    decided = np.flatnonzero(~open_[:GENERIC] | wrong[:GENERIC])
    there = [int(j) for j in decided if wrong[j]]
    if not there:
        return _REGION
    words = _diagnose(by, [int(j) for j in decided], sides, derivatives, upstream)
    if words != _NONE or len(there) == len(decided):
        return words
    words = _diagnose(by, there, sides, derivatives, upstream)
    return _REGION if words == _NONE else f"{_REGION}; there {words}"


def _diagnose(
    by: int,
    points: list[int],
    sides: list[tuple[np.ndarray, np.ndarray]],
    derivatives: list[np.ndarray],
    upstream: np.ndarray,
) -> str:
    """What kind of wrong: the first usual mistake that reproduces the gradient at all points."""
    n = len(sides)
    g, true = (_numbers(side, points) for side in sides[by])
    dz, dzbar = (_numbers(derivatives[1 + k], points) for k in (by, n + by))
    u = upstream[points].astype(complex).reshape(len(points), -1)
    size, unit = np.abs(u), u / np.abs(u)

    def gradient(v: np.ndarray, a: np.ndarray = dz, b: np.ndarray = dzbar) -> np.ndarray:
        return (v[..., None] * a.conj() + v.conj()[..., None] * b).sum(axis=1)

    nothing = np.zeros_like(dz)
    mistakes = [
        (np.zeros_like(g), "it is zero"),
        (-true, "its sign is reversed"),
        (gradient(u, dz.conj(), dzbar), "the conjugate of ∂f/∂z is missing"),
        (gradient(u, dz.conj(), dzbar.conj()), "the conjugate of ∂f/∂z is missing"),
        (true.conj(), "the whole gradient is conjugated"),
        (gradient(u.conj()), "the upstream is conjugated"),
        (gradient(u, dz, nothing), "the half with ∂f/∂z̄ is missing"),
        (gradient(u, nothing, dzbar), "the half with ∂f/∂z is missing"),
        (gradient(np.ones_like(u)), "it ignores the upstream"),
        (gradient(unit), "it ignores the upstream's size"),
        (gradient(size + 0j), "it ignores the upstream's phase"),
        (gradient(u * size), "the upstream's size counts twice"),
        (gradient(u * u), "the upstream is multiplied twice"),
        *(
            (_numbers(sides[j][1], points), f"it is the gradient by input {j}, not {by}")
            for j in range(n)
            if j != by and sides[j][1].shape[1] == true.shape[1]
        ),
        *_mistakes_in_rows(u, dz, dzbar, gradient),
    ]
    for candidate, words in mistakes:
        if _alike(g, candidate) or (_alike(g, candidate.real) and not np.any(g.imag)):
            return words
    with np.errstate(all="ignore"):
        ratio = (g / true).ravel()
    if _alike(ratio, np.full_like(ratio, ratio[0])):
        factor = ratio[0].real if abs(ratio[0].imag) < 1e-9 * abs(ratio[0]) else ratio[0]
        return f"it is off by the factor {factor:.6g}"
    return _NONE


def _mistakes_in_rows(
    u: np.ndarray, dz: np.ndarray, dzbar: np.ndarray, gradient: Callable[..., np.ndarray]
) -> list[tuple[np.ndarray, str]]:
    """What is usual where a sample has several entries: (points, entries of the value, of the
    input)."""
    if dz[0].size == 1:
        return []
    total = u.sum(axis=1, keepdims=True)
    found = [(gradient(np.broadcast_to(total, u.shape)), "the upstream is summed over the row")]
    if dz.shape[1] == dz.shape[2]:
        own = np.eye(dz.shape[1])
        turned = dz.swapaxes(1, 2), dzbar.swapaxes(1, 2)
        found += [
            (gradient(u, dz * own, dzbar * own), "only the entry's own upstream counts"),
            (gradient(u, *turned), "the Jacobian is not transposed"),
        ]
    return found


def _numbers(balls: np.ndarray, points: list[int]) -> np.ndarray:
    picked = balls[points]
    return np.array([complex(b.mid()) for b in picked.flat]).reshape(picked.shape)


def _alike(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(np.isfinite(b)) and np.allclose(a, b, rtol=1e-9, atol=0))
