"""Do eager, graph and xla agree? Where they do not, which of them is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from argand.check.rounding import Samples, by_entry, by_input, text, witness
from argand.frontend.runner import Result
from argand.trial.finding import Finding
from argand.trial.judged import quantities
from argand.trial.ordinary import apart, far, moderate
from argand.trial.problem import Case
from argand.verdict import CODE, judge, of_entries

SHARE = 1 / 8  # of the ordinary points, where modes differ beyond the limit in ulp only


def between_modes(
    case: Case, results: dict[str, Result], samples: Samples, max_ulp: float
) -> Iterator[Finding]:
    """Findings of kind ``mode_disagreement``, one for each quantity and mode that is wrong.

    Judged where inputs, upstream and result are far from the ends of the range, beside which each
    mode overflows and vanishes in its own way: those are verdicts.
    """
    exact = samples.exact
    by_mode = {m: {(q, by): c for q, by, c in quantities(case, r, exact)}
               for m, r in results.items()}  # fmt: skip
    u = samples.upstream
    small = (_ordinary(u) | (u == 0)) if case.core else _ordinary(u)  # a row may have zeros
    plain = small.reshape(len(u), -1).all(1) & moderate(case, samples.inputs)
    blamed: set[tuple[str, int, str]] = set()
    for first, second in combinations(by_mode, 2):
        for (quantity, by), a in by_mode[first].items():
            b = by_mode[second].get((quantity, by))
            if b is None:
                continue
            assert exact.vjp is not None
            truth = exact.value if by < 0 else exact.vjp[by]
            certified, undefined, calm = (
                of_entries(flags, truth) for flags in (exact.certified, exact.undefined, plain)
            )
            known = certified & calm & _ordinary(truth)
            right_a, right_b = (
                judge(c, truth, exact.certified, max_ulp)[0] == CODE["accurate"] for c in (a, b)
            )
            wide = apart(a, b, far(truth.dtype))
            lone = known & wide & (right_a ^ right_b)
            beyond = apart(a, b, 16 * max_ulp * float(np.finfo(truth.dtype).eps))
            often = known & beyond & ~(right_a & right_b)
            unknown = calm & ~certified & ~undefined & wide
            unknown &= _ordinary(a) & _ordinary(b) & ((a != 0) | (b != 0))
            enough = ((lone, 2), (often, max(2, SHARE * known.sum())), (unknown, 2))
            where = next((w for w, least in enough if w.sum() >= least), None)
            if where is None:
                continue
            at = tuple(np.argwhere(where)[0])
            k = at[0]
            wrong, computed, words = (
                (second, b, f"{second} is wrong") if right_a[at] and known[at]
                else (first, a, f"{first} is wrong") if right_b[at] and known[at]
                else (second, b, "neither is right") if known[at]
                else (second, b, "the exact result is not known")
            )  # fmt: skip
            if (quantity, by, wrong) in blamed:
                continue
            blamed.add((quantity, by, wrong))
            seen = witness(samples.inputs, u, k, computed[k], truth[k])
            if not known[at]:
                seen["exact"] = ""
            yield Finding(
                case.variant, wrong, case.dtype, quantity, "mode_disagreement",
                f"{first} and {second} differ beyond rounding, {words}: {text(a[at])} and "
                f"{text(b[at])}{by_entry(case, by, int(np.ravel_multi_index(at[1:], a.shape[1:])))}"
                f"{by_input(case, by)}.",
                **seen,
            )  # fmt: skip


def _ordinary(x: np.ndarray) -> np.ndarray:
    """Where the size of ``x`` is within the square roots of the ends of the range, or NaN."""
    info = np.finfo(x.dtype)
    with np.errstate(all="ignore"):
        size = np.abs(x)
        return np.isnan(size) | ((size > np.sqrt(info.tiny)) & (size < np.sqrt(info.max)))
