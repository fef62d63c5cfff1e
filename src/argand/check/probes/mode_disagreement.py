"""Do eager, graph and xla agree? Where they do not, which of them is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from argand.check.asked import Asked
from argand.trial.finding import Finding
from argand.trial.judged import fitting
from argand.trial.points.ordinary import apart, far, moderate
from argand.trial.written import text, witness
from argand.verdict import CODE, SEVERITIES, judge, of_entries, severity

KINDS = {"mode_disagreement": "Avoid the operation named in the mode that is wrong, or report it."}
CANDIDATES = 64  # of those that differ, which are looked at for the gravest
SHARE = 1 / 8  # of the ordinary points, where modes differ beyond the limit in ulp only


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each quantity and mode that is wrong where another mode is not.

    Judged where inputs, upstream and result are far from the ends of the range, beside which each
    mode overflows and vanishes in its own way: those are verdicts.
    """
    problem, exact = asked.problem, asked.samples.exact
    calm = _calm(asked)
    by_mode = {
        mode: {(q, by): c for q, by, c, _ in fitting(problem, asked.result(mode), exact)}
        for mode in asked.ran()
    }
    blamed: set[tuple[str, int, str]] = set()
    for first, second in combinations(by_mode, 2):
        for (quantity, by), a in by_mode[first].items():
            b = by_mode[second].get((quantity, by))
            told = None if b is None else _differ(asked, calm, by, (first, a), (second, b))
            if told and (quantity, by, told[0]) not in blamed:
                wrong, message, seen = told
                blamed.add((quantity, by, wrong))
                yield problem.finding("mode_disagreement", wrong, quantity, message, **seen)


def _differ(
    asked: Asked,
    calm: np.ndarray,
    by: int,
    one: tuple[str, np.ndarray],
    two: tuple[str, np.ndarray],
) -> tuple[str, str, dict[str, Any]] | None:
    """Which of two modes is wrong, in words, and the fields of a witness; None where they agree.

    ``calm`` (n,) are the samples that count; ``one`` and ``two`` are modes with their results
    (n, *core).
    """
    problem, samples = asked.problem, asked.samples
    exact, truth = samples.exact, samples.exact.quantity(by)
    (first, a), (second, b) = one, two
    certified, undefined, calm = (
        of_entries(flags, truth) for flags in (exact.certified, exact.undefined, calm)
    )
    known = certified & calm & _ordinary(truth)
    right_a, right_b = (
        judge(c, truth, exact.certified, asked.max_ulp)[0] == CODE["accurate"] for c in (a, b)
    )
    wide = apart(a, b, far(truth.dtype))
    lone = known & wide & (right_a ^ right_b)
    beyond = apart(a, b, 16 * asked.max_ulp * float(np.finfo(truth.dtype).eps))
    often = known & beyond & ~(right_a & right_b)
    unsure = calm & ~certified & ~undefined & wide
    unsure &= _ordinary(a) & _ordinary(b) & ((a != 0) | (b != 0))
    enough = ((lone, 2), (often, max(2, SHARE * known.sum())), (unsure, 2))
    where = next((w for w, least in enough if w.sum() >= least), None)
    if where is None:
        return None
    at, seen = _gravest(asked, by, where, np.where(right_b & ~right_a, a, b))
    if not known[at]:
        wrong, computed, words = second, b, "the exact result is not known"
    elif right_a[at]:
        wrong, computed, words = second, b, f"{second} is wrong"
    elif right_b[at]:
        wrong, computed, words = first, a, f"{first} is wrong"
    else:
        wrong, computed, words = second, b, "neither is right"
    k = int(at[0])
    seen |= witness(samples.inputs, samples.upstream, k, computed[k], truth[k])
    if not known[at]:
        seen["exact"] = ""
    entry = int(np.ravel_multi_index(at[1:], a.shape[1:]))
    message = (
        f"{first} and {second} differ beyond rounding, {words}: {text(a[at])} and {text(b[at])}"
        f"{problem.in_entry(by, entry)}{problem.by_input(by)}."
    )
    return wrong, message, seen


def _gravest(
    asked: Asked, by: int, where: np.ndarray, computed: np.ndarray
) -> tuple[tuple[int, ...], dict[str, Any]]:
    """The first of the results ``where`` (n, *core) of the gravest severity, and the fields of a
    finding that give it."""
    samples, exact = asked.samples, asked.samples.exact
    all_at = np.argwhere(where)[:CANDIDATES]
    k, truth = all_at[:, 0], exact.quantity(by)
    core = truth.shape[1:]
    entry = np.ravel_multi_index(tuple(all_at[:, 1:].T), core) if core else np.zeros(len(k), int)
    explained = np.zeros(len(k), bool)
    if by < 0 or not asked.has("formula"):
        explained = samples.allowance(asked.max_ulp).explains(
            by, computed[k], truth[k], [x[k] for x in samples.inputs], samples.upstream[k], entry
        )
    pairs = [(str(p), bool(e)) for p, e in zip(asked.places[k], explained, strict=True)]
    worth = [severity("mode_disagreement", *pair) for pair in pairs]
    first = int(np.argmin([SEVERITIES.index(s) for s in worth]))
    return tuple(all_at[first]), dict(zip(("place", "explained"), pairs[first], strict=True))


def _calm(asked: Asked) -> np.ndarray:
    """The samples (n,) whose inputs and upstreams are far from the ends of the range."""
    u = asked.samples.upstream
    small = _ordinary(u)
    if asked.problem.core:
        small |= u == 0  # a row may have zeros
    return small.reshape(len(u), -1).all(1) & moderate(asked.problem, asked.samples.inputs)


def _ordinary(x: np.ndarray) -> np.ndarray:
    """Where the size of ``x`` is within the square roots of the ends of the range, or NaN."""
    info = np.finfo(x.dtype)
    with np.errstate(all="ignore"):
        size = np.abs(x)
        found: np.ndarray = np.isnan(size) | (
            (size > np.sqrt(info.tiny)) & (size < np.sqrt(info.max))
        )
        return found
