"""What kind of wrong a formula is: the first usual mistake that reproduces its gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GENERIC = 32  # ordinary points, on which the kind of defect is told
Sides = list[tuple[np.ndarray, np.ndarray]]  # for each input, the gradient and the true one


@dataclass(frozen=True)
class Diagnosis:
    """A clause about what is wrong, and the contract that it is ``about``, if it is one."""

    words: str
    about: str = ""


_REGION = "it is wrong in a region of the domain only"
_NONE = Diagnosis("it agrees with none of the usual mistakes")


def diagnose(
    by: int,
    wrong: np.ndarray,
    open_: np.ndarray,
    sides: Sides,
    derivatives: list[np.ndarray],
    upstream: np.ndarray,
) -> Diagnosis:
    """What is wrong with the gradient by input ``by``, and whether it is so in a region only.

    ``wrong`` and ``open_`` (points,) say where it is proved wrong, and where nothing is proved;
    the first GENERIC points are ordinary ones. ``sides`` are balls (points, entries); the
    ``derivatives`` (points, entries of the value, of the input) by all inputs, ∂ then ∂̄, follow
    the value. A mistake explains the gradient where it is right too, as |u| in place of u is
    right for positive upstreams.
    """
    decided = np.flatnonzero(~open_[:GENERIC] | wrong[:GENERIC])
    there = [int(j) for j in decided if wrong[j]]
    if not there:
        return Diagnosis(_REGION)
    found = _explained(by, [int(j) for j in decided], sides, derivatives, upstream)
    if found != _NONE or len(there) == len(decided):
        return found
    found = _explained(by, there, sides, derivatives, upstream)
    if found == _NONE:
        return Diagnosis(_REGION)
    return Diagnosis(f"{_REGION}; there {found.words}", found.about)


def _explained(
    by: int,
    points: list[int],
    sides: Sides,
    derivatives: list[np.ndarray],
    upstream: np.ndarray,
) -> Diagnosis:
    """The first usual mistake that reproduces the gradient at all of ``points``."""
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
        if _alike(g, candidate) or (_alike(g, candidate.real) and not np.any(g.imag)):
            return diagnosis
    with np.errstate(all="ignore"):
        ratio = (g / true).ravel()
    if _alike(ratio, np.full_like(ratio, ratio[0])):
        factor = ratio[0].real if abs(ratio[0].imag) < 1e-9 * abs(ratio[0]) else ratio[0]
        return Diagnosis(f"it is off by the factor {factor:.6g}")
    return _NONE


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


def _alike(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(np.isfinite(b)) and np.allclose(a, b, rtol=1e-9, atol=0))
