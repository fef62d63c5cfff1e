"""What kind of wrong a formula is: the first usual mistake that reproduces its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

GENERIC = 32  # ordinary points, on which the kind of defect is told
Sides = list[tuple[np.ndarray, np.ndarray]]  # for each input, the gradient and the true one


@dataclass(frozen=True)
class Diagnosis:
    """A clause about what is wrong, the contract that it is ``about``, if it is one, the kind of
    finding that it makes, and whether it is a ``usual`` mistake."""

    words: str
    about: str = ""
    kind: str = "formula"
    usual: bool = True


_REGION = "it is wrong in a region of the domain only"
_NONE = Diagnosis("it agrees with none of the usual mistakes", usual=False)
# How far, at most and mostly, the derivative of an approximation is from that of its function.
NEAR, MOSTLY = 1e-2, 1e-3


def diagnose(
    by: int,
    wrong: np.ndarray,
    open_: np.ndarray,
    sides: Sides,
    derivatives: list[np.ndarray],
    upstream: np.ndarray,
    dtype: str,
) -> Diagnosis:
    """What is wrong with the gradient by input ``by``, and whether it is so in a region only.

    ``wrong`` and ``open_`` (points,) say where it is proved wrong, and where nothing is proved;
    the first GENERIC points are ordinary ones. ``sides`` are balls (points, entries); the
    ``derivatives`` (points, entries of the value, of the input) by all inputs, ∂ then ∂̄, follow
    the value. A mistake explains the gradient where it is right too, as |u| in place of u is
    right for positive upstreams. Numbers are alike up to what the rounding of constants in
    ``dtype`` makes of them.
    """
    decided = np.flatnonzero(~open_[:GENERIC] | wrong[:GENERIC])
    there = [int(j) for j in decided if wrong[j]]
    if not there:
        return Diagnosis(_REGION, usual=False)
    limit = max(1e-9, 64 * float(np.finfo(dtype).eps))
    found = _explained(by, [int(j) for j in decided], sides, derivatives, upstream, limit)
    if found == _NONE:
        found = _approximate(sides[by], decided) or found
    if found != _NONE or len(there) == len(decided):
        return found
    found = _explained(by, there, sides, derivatives, upstream, limit)
    if found == _NONE:
        return Diagnosis(_REGION, usual=False)
    return Diagnosis(f"{_REGION}; there {found.words}", found.about)


def _explained(
    by: int,
    points: list[int],
    sides: Sides,
    derivatives: list[np.ndarray],
    upstream: np.ndarray,
    limit: float,
) -> Diagnosis:
    """The first usual mistake that reproduces the gradient at all of ``points``, up to a relative
    ``limit``; what is no mistake there, as a conjugate of real numbers, is none."""
    g, true = (_numbers(side, points) for side in sides[by])
    n = len(sides)
    dz, dzbar = (_numbers(derivatives[1 + k], points) for k in (by, n + by))
    u = upstream[points].astype(complex).reshape(len(points), -1)
    others = {
        j: _numbers(sides[j][1], points)
        for j in range(n)
        if j != by and sides[j][1].shape[1] == true.shape[1]
    }
    mistakes = [
        (np.zeros_like(g), Diagnosis("it is zero")),
        (-true, Diagnosis("its sign is reversed")),
        *_of_conjugates(u, dz, dzbar, true),
        *_of_upstream(u, dz, dzbar),
        *((o, Diagnosis(f"it is the gradient by input {j}, not {by}")) for j, o in others.items()),
        *_in_rows(u, dz, dzbar),
    ]
    for candidate, diagnosis in mistakes:
        if _alike(candidate, true, limit):
            continue
        same = _alike(g, candidate, limit)
        if same or (_alike(g, candidate.real, limit) and not np.any(g.imag)):
            return diagnosis
    return _factor(sides[by], points, limit)


def _factor(side: tuple[np.ndarray, np.ndarray], points: list[int], limit: float) -> Diagnosis:
    """Whether the gradient is the true one times a constant."""
    excess = _excess(side, points)
    middle = complex(np.median(excess.real), np.median(excess.imag))
    spread = limit * abs(1 + middle) if abs(middle) > 4 * limit else 1e-6 * abs(middle)
    if not (middle and np.all(np.abs(excess - middle) <= spread)):
        return _NONE
    if abs(middle.imag) < 1e-9 * abs(1 + middle):
        small = abs(middle.real) < 1e-4
        sign = "-" if middle.real < 0 else "+"
        shown = f"1 {sign} {abs(middle.real):.3g}" if small else f"{1 + middle.real:.6g}"
        return Diagnosis(f"it is off by the factor {shown}")
    return Diagnosis(f"it is off by the factor {1 + middle:.6g}")


def _approximate(side: tuple[np.ndarray, np.ndarray], points: np.ndarray) -> Diagnosis | None:
    """Whether the gradient is near to the true one everywhere and nowhere it, as that of a function
    which the forward pass approximates."""
    excess = np.abs(_excess(side, [int(k) for k in points]))
    near = np.all((excess > 0) & (excess <= NEAR)) and np.median(excess) <= MOSTLY
    if not near:
        return None
    return Diagnosis(
        "it is not the derivative of what the forward pass computes, but within "
        f"{excess.max():.2g} of it everywhere, as where the forward pass approximates a function "
        "whose gradient this is",
        kind="approximate_forward",
    )


def _excess(side: tuple[np.ndarray, np.ndarray], points: list[int]) -> np.ndarray:
    """(gradient − true one)/true one: no digits are lost in balls."""
    pairs = zip(side[0][points].flat, side[1][points].flat, strict=True)
    return np.array([_relative(g, t) for g, t in pairs])


def _relative(g: Any, t: Any) -> complex:
    if t.contains(0):
        return complex(np.nan)
    gap = g - t
    return 0j if gap.contains(0) else complex((gap / t).mid())


Mistake = tuple[np.ndarray, Diagnosis]


def _gradient(u: np.ndarray, dz: np.ndarray, dzbar: np.ndarray) -> np.ndarray:
    """u·conj(∂f/∂z) + conj(u)·∂f/∂z̄, summed over the entries of the value."""
    terms = u[..., None] * dz.conj() + u.conj()[..., None] * dzbar
    return np.asarray(terms.sum(axis=1))


def _of_conjugates(
    u: np.ndarray, dz: np.ndarray, dzbar: np.ndarray, true: np.ndarray
) -> list[Mistake]:
    missing = Diagnosis("the conjugate of ∂f/∂z is missing")
    nothing = np.zeros_like(dz)
    return [
        (_gradient(u, dz.conj(), dzbar), missing),
        (_gradient(u, dz.conj(), dzbar.conj()), missing),
        (true.conj(), Diagnosis("the whole gradient is conjugated")),
        (_gradient(u.conj(), dz, dzbar), Diagnosis("the upstream is conjugated", "upstream")),
        (_gradient(u, dz, nothing), Diagnosis("the half with ∂f/∂z̄ is missing")),
        (_gradient(u, nothing, dzbar), Diagnosis("the half with ∂f/∂z is missing")),
    ]


def _of_upstream(u: np.ndarray, dz: np.ndarray, dzbar: np.ndarray) -> list[Mistake]:
    size = np.abs(u)
    tried = (
        (np.ones_like(u), "it ignores the upstream"),
        (u / size, "it ignores the upstream's size"),
        (size + 0j, "it ignores the upstream's phase"),
        (u * size, "the upstream's size counts twice"),
        (u * u, "the upstream is multiplied twice"),
    )
    return [(_gradient(v, dz, dzbar), Diagnosis(words, "upstream")) for v, words in tried]


def _in_rows(u: np.ndarray, dz: np.ndarray, dzbar: np.ndarray) -> list[Mistake]:
    """What is usual where a sample has several entries: (points, entries of the value, of the
    input)."""
    if dz[0].size == 1:
        return []
    total = np.broadcast_to(u.sum(axis=1, keepdims=True), u.shape)
    summed = Diagnosis("the upstream is summed over the row", "upstream")
    found = [(_gradient(total, dz, dzbar), summed)]
    if dz.shape[1] == dz.shape[2]:
        own = np.eye(dz.shape[1])
        turned = dz.swapaxes(1, 2), dzbar.swapaxes(1, 2)
        alone = Diagnosis("only the entry's own upstream counts", "upstream")
        found += [
            (_gradient(u, dz * own, dzbar * own), alone),
            (_gradient(u, *turned), Diagnosis("the Jacobian is not transposed")),
        ]
    return found


def _numbers(balls: np.ndarray, points: list[int]) -> np.ndarray:
    picked = balls[points]
    return np.array([complex(b.mid()) for b in picked.flat]).reshape(picked.shape)


def _alike(a: np.ndarray, b: np.ndarray, limit: float) -> bool:
    return bool(np.all(np.isfinite(b)) and np.allclose(a, b, rtol=limit, atol=0))
