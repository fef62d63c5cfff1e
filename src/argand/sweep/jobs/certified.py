"""Certified results at a tile's samples, kept by content: later variants, modes and commits that
ask the same question find the answer there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from argand.exact.reference import Exact
from argand.sweep.store.fingerprint import reference_code, reference_version
from argand.sweep.store.store import Store
from argand.trial.problem import Problem

_KEPT = ("value", "state", "bits")  # of an Exact, beside its gradients


def certified(
    problem: Problem, inputs: Sequence[np.ndarray], upstream: np.ndarray, store: Store
) -> Exact:
    """The exact value and gradients of ``problem`` at samples (n, *core), from the store where it
    has them; without the derivatives."""
    content = hashlib.sha256(repr((_KEPT, reference_code(), problem.output_dtype)).encode())
    content.update(problem.truth.fingerprint().encode())
    for array in (*inputs, upstream):
        content.update(array.dtype.str.encode() + array.tobytes())
    key = f"{reference_version()}/{content.hexdigest()}"
    kept = store.arrays(key)
    if kept is None:
        exact = problem.exact(inputs, upstream)
        kept = {name: getattr(exact, name) for name in _KEPT}
        kept |= {f"gradient{i}": part for i, part in enumerate(exact.gradients)}
        store.keep_arrays(key, kept)
    gradients = tuple(kept[f"gradient{i}"] for i in range(len(inputs)))
    return Exact(kept["value"], (), (), gradients, kept["state"], kept["bits"])
